import RankingMetrics

/// The figures of a part of the users, e.g. of those with five to nine items of history.
package struct Cohort: Codable, Sendable, Equatable {
  /// How users are divided: `history length`, `item popularity`.
  package var dimension: String
  /// Which part this is: `5–9`. Parts of a dimension are listed in their natural order.
  package var part: String
  package var users: Int
  package var values: [MeasuredValue]

  package init(dimension: String, part: String, users: Int, values: [MeasuredValue]) {
    self.dimension = dimension
    self.part = part
    self.users = users
    self.values = values
  }

  private enum CodingKeys: String, CodingKey {
    case part = "cohort"
    case dimension, users, values
  }
}

/// How users are divided.
package enum CohortDimension: String, Codable, CaseIterable, Sendable {
  /// The number of events before the target.
  case historyLength = "history length"
  /// The band of the first target.
  case itemPopularity = "item popularity"
  /// The time from the last event of the history to the first target.
  case recency = "time since last event"
  /// How many events of the first target there were to learn from: five or more, a few, none; only where some had none.
  case training = "item in training"

  /// The parts in their natural order.
  package var parts: [String] {
    switch self {
    case .historyLength: Self.lengths.map(\.label)
    case .itemPopularity: PopularityBand.allCases.map(\.rawValue)
    case .recency: Self.gaps.map(\.label)
    case .training: ["warm", "new", "cold"]
    }
  }

  /// The part that row `index` of `table` belongs to, as an index of `parts`; nil where it is not known.
  func part(of index: Int, in table: RankTable) -> Int? {
    switch self {
    case .historyLength: Self.lengths.firstIndex { table.historyLengths[index] < $0.below }
    case .itemPopularity: PopularityBand.allCases.firstIndex(of: table.bands[index])
    case .recency: table.gaps[index].flatMap { gap in Self.gaps.firstIndex { gap < $0.below } }
    case .training:
      table.bands[index] == .new ? 2 : table.targetEvents.map { $0[index] < Self.warmEvents } ?? false ? 1 : 0
    }
  }

  /// The rows of each part that has any.
  package func rows(of table: RankTable) -> [(part: String, rows: [Int])] {
    if self == .training, !table.bands.contains(.new) { return [] }
    var rows = [[Int]](repeating: [], count: parts.count)
    for index in table.users.indices {
      if let part = part(of: index, in: table) { rows[part].append(index) }
    }
    return zip(parts, rows).filter { !$0.1.isEmpty }.map { (part: $0.0, rows: $0.1) }
  }

  /// HR and NDCG at the main cut-off for each part that has users, with intervals.
  func cohorts(of table: RankTable) -> [Cohort] {
    let rules = table.protocol.rules
    return rows(of: table).map { part, rows in
      let ranks = rows.map { table.ranks[$0] }
      return Cohort(
        dimension: rawValue, part: part, users: rows.count,
        values: [RankMetric.hitRate, .ndcg].map { rules.measured($0, at: rules.mainCutoff, ranks: ranks) })
    }
  }

  /// Training events from which on an item is no longer new.
  private static let warmEvents = 5
  private static let lengths: [(label: String, below: Int)] = [
    ("0–4", 5), ("5–9", 10), ("10–19", 20), ("20–49", 50), ("50–99", 100), ("100–199", 200), ("200 and more", .max),
  ]
  private static let day: Int64 = 86_400_000_000
  private static let gaps: [(label: String, below: Int64)] = [
    ("within an hour", day / 24), ("within a day", day), ("within a week", 7 * day), ("within 30 days", 30 * day),
    ("later", .max),
  ]
}
