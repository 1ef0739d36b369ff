/// How many targets stood in a range of ranks.
package struct RankBand: Codable, Equatable, Sendable {
  /// The first and the last rank; nil where there is no last.
  package let from: Int
  package let to: Int?
  package let targets: Int

  package init(from: Int, to: Int?, targets: Int) {
    self.from = from
    self.to = to
    self.targets = targets
  }

  private static let bounds = [1, 2, 6, 11, 21, 51, 101, 201, 501, 1_001]

  /// The bands of `ranks`, those of no target included up to the last that has one.
  static func bands(of ranks: [[Int]]) -> [RankBand] {
    var counts = [Int](repeating: 0, count: bounds.count)
    for rank in ranks.joined() { counts[(bounds.firstIndex { $0 > rank } ?? bounds.count) - 1] += 1 }
    let last = counts.lastIndex { $0 > 0 } ?? -1
    return bounds.indices.prefix(last + 1).map { index in
      RankBand(
        from: bounds[index], to: index + 1 < bounds.count ? bounds[index + 1] - 1 : nil, targets: counts[index])
    }
  }
}

extension RankBand: CustomStringConvertible {
  /// `6–10`
  package var description: String {
    guard let to else { return "\(from)+" }
    return from == to ? "\(from)" : "\(from)–\(to)"
  }
}
