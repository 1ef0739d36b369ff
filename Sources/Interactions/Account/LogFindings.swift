/// What stands out in a log, gathered event by event in memory that grows with ids, not with rows.
package struct LogFindings: Sendable {
  /// What the gathering came to.
  package struct Summary: Codable, Sendable, Equatable {
    /// Users, items and groups of this log.
    package internal(set) var users = 0
    package internal(set) var items = 0
    package internal(set) var usersWithOneEvent = 0
    package internal(set) var itemsWithOneEvent = 0
    /// Events that repeat an earlier one: same user and item, and same time where the log has times.
    package internal(set) var duplicates = 0
    /// Events that share their time with another event of the same user.
    package internal(set) var equalTimes: Int?
    /// Events that are earlier than the event of the same user before them in the input.
    package internal(set) var unsorted: Int?
    /// Microseconds since 1970-01-01 UTC.
    package internal(set) var firstTime: Int64?
    package internal(set) var lastTime: Int64?
    package internal(set) var similarUsers = SimilarNames()
    package internal(set) var similarItems = SimilarNames()
  }

  private let isTimed: Bool
  private var userCounts: [Int32] = []
  private var itemCounts: [Int32] = []
  /// By user, the time of the event before.
  private var latest: [Int64] = []
  private var unsorted = 0
  private var firstTime = Int64.max
  private var lastTime = Int64.min
  private var events = RepeatCounter()
  private var moments = RepeatCounter()

  init(isTimed: Bool) { self.isTimed = isTimed }

  /// - Throws: `LogError.temporaryFile`.
  mutating func note(user: UserID, item: ItemID, time: Int64) throws(LogError) {
    let isFirst = Self.count(user.index, in: &userCounts) == 1
    _ = Self.count(item.index, in: &itemCounts)
    let pair = UInt64(UInt32(bitPattern: user.rawValue)) << 32 | UInt64(UInt32(bitPattern: item.rawValue))
    guard isTimed else { return try events.add(RepeatCounter.mix(pair)) }
    if latest.count <= user.index {
      latest.append(contentsOf: repeatElement(0, count: userCounts.count - latest.count))
    }
    if !isFirst, time < latest[user.index] { unsorted += 1 }
    latest[user.index] = time
    firstTime = min(firstTime, time)
    lastTime = max(lastTime, time)
    let moment = RepeatCounter.mix(UInt64(bitPattern: time))
    try events.add(RepeatCounter.mix(pair ^ moment))
    try moments.add(RepeatCounter.mix(UInt64(user.index) &* 0x9e37_79b9_7f4a_7c15 ^ moment))
  }

  /// - Throws: `LogError.temporaryFile`.
  mutating func summary(_ identifiers: KnownIdentifiers) throws(LogError) -> Summary {
    var summary = Summary()
    summary.users = userCounts.count { $0 > 0 }
    summary.items = itemCounts.count { $0 > 0 }
    summary.usersWithOneEvent = userCounts.count { $0 == 1 }
    summary.itemsWithOneEvent = itemCounts.count { $0 == 1 }
    summary.duplicates = try events.count().repeated
    summary.similarUsers = SimilarNames(identifiers.users)
    summary.similarItems = SimilarNames(identifiers.items)
    guard isTimed, firstTime <= lastTime else { return summary }
    summary.equalTimes = try moments.count().shared
    summary.unsorted = unsorted
    summary.firstTime = firstTime
    summary.lastTime = lastTime
    return summary
  }

  /// Counts one more event at `index`, and returns how many there are.
  private static func count(_ index: Int, in counts: inout [Int32]) -> Int32 {
    if counts.count <= index { counts.append(contentsOf: repeatElement(0, count: index + 1 - counts.count)) }
    counts[index] += 1
    return counts[index]
  }
}
