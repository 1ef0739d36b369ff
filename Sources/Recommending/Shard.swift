import Interactions

/// One of a number of equal parts of a run's users, which may run anywhere and at any time.
///
/// Parts are consecutive and differ by one user at most; the rows of all parts, one after another, are those of the whole run.
package struct Shard: Sendable, Hashable, Codable, CustomStringConvertible {
  /// From 1 to `count`.
  package let number: Int
  package let count: Int

  package init(_ number: Int, of count: Int) {
    precondition(count >= 1 && (1...count).contains(number), "shard \(number) of \(count)")
    (self.number, self.count) = (number, count)
  }

  /// `3/16`; nil for another text, or a number outside of 1…16.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int(parts[0]), let count = Int(parts[1]), number >= 1, number <= count else {
      return nil
    }
    self.init(number, of: count)
  }

  package var description: String { "\(number)/\(count)" }

  /// The places of this part among `total` users.
  package func range(of total: Int) -> Range<Int> {
    // Without the product of two numbers that may both be large.
    let (share, rest) = total.quotientAndRemainder(dividingBy: count)
    let start = share * (number - 1) + min(number - 1, rest)
    return start..<start + share + (number <= rest ? 1 : 0)
  }
}

/// The users of one shard of a source whose number of users is known.
package struct ShardedUsers: UserSource {
  private var base: any UserSource
  private let range: Range<Int>
  private var position = 0

  /// - Throws: `ShardError.uncounted` where the source says how many users there are only at the end.
  package init(_ base: any UserSource, shard: Shard) throws(ShardError) {
    guard let total = base.count else { throw .uncounted }
    self.base = base
    range = shard.range(of: total)
  }

  package var count: Int? { range.count }
  package var unknownItems: [Identifier] { base.unknownItems }
  package var known: Catalog { base.known }
  package var repeated: Int { base.repeated }
  package var identity: [(name: String, value: String)] { base.identity }

  package mutating func next(_ most: Int) throws -> [RecommendationRequest] {
    while position < range.lowerBound {
      position += try base.next(min(1_024, range.lowerBound - position)).count
    }
    let requests = try base.next(min(most, range.upperBound - position))
    position += requests.count
    return requests
  }
}
