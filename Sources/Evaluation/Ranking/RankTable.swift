import DurableFiles
import Interactions
import RankingMetrics

/// Where every user's targets stood, one row per case: what a comparison of two models reads.
package struct RankTable: Codable, Equatable, Sendable {
  package let name: String
  package let `protocol`: EvaluationProtocol
  package let users: [Identifier]
  /// The ranks of each case's targets, ascending.
  package let ranks: [[Int]]
  package let historyLengths: [Int]
  /// The popularity of each case's first target in training.
  package let bands: [PopularityBand]
  /// Microseconds from the history's last event to the first target; null where the log has no times.
  package let gaps: [Int64?]
  /// The training events of each case's first target; nil in files of earlier versions.
  package let targetEvents: [Int]?

  package init(
    name: String, protocol: EvaluationProtocol, users: [Identifier], ranks: [[Int]], historyLengths: [Int],
    bands: [PopularityBand], gaps: [Int64?], targetEvents: [Int]? = nil
  ) {
    self.name = name
    self.protocol = `protocol`
    self.users = users
    self.ranks = ranks
    self.historyLengths = historyLengths
    self.bands = bands
    self.gaps = gaps
    self.targetEvents = targetEvents
    if let fault { preconditionFailure(fault) }
  }

  /// Why the columns do not belong together, if they do not.
  private var fault: String? {
    for (what, count) in [
      ("ranks", ranks.count), ("historyLengths", historyLengths.count), ("bands", bands.count), ("gaps", gaps.count),
      ("targetEvents", targetEvents?.count ?? users.count),
    ] where count != users.count {
      return "\(what) has \(Counted(count, "row")) for \(Counted(users.count, "user"))"
    }
    let rules = `protocol`.rules
    if !(1...1_000_000).contains(rules.bootstrap.resamples) || !(0...1).contains(rules.bootstrap.confidence)
      || rules.mainCutoff < 1 || rules.cutoffs.contains(where: { $0 < 1 })
    {
      return "protocol.rules has cutoffs or resamples that no evaluation has"
    }
    for (row, ranks) in ranks.enumerated() {
      if ranks.isEmpty { return "ranks.\(row) is empty; every case has a target" }
      if ranks[0] < 1 || zip(ranks, ranks.dropFirst()).contains(where: { $0 > $1 }) {
        return "ranks.\(row) is not an ascending list of ranks from 1 on"
      }
    }
    return nil
  }

  /// The metric of each user, in row order.
  package func values(of metric: RankMetric, at k: Int) -> [Double] {
    ranks.map { metric.value(ofRanks: $0, at: k) }
  }
}

extension RankTable {
  private enum CodingKeys: String, CodingKey {
    case name, `protocol`, users, ranks, historyLengths, bands, gaps, targetEvents
  }

  /// What versions before 0.2 called `protocol`.
  private enum OldKeys: String, CodingKey { case passport }

  /// - Throws: `DecodingError` where columns are missing or of different lengths.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let old = try decoder.container(keyedBy: OldKeys.self)
    name = try container.decode(String.self, forKey: .name)
    `protocol` =
      try container.decodeIfPresent(EvaluationProtocol.self, forKey: .protocol)
      ?? old.decode(EvaluationProtocol.self, forKey: .passport)
    users = try container.decode([Identifier].self, forKey: .users)
    ranks = try container.decode([[Int]].self, forKey: .ranks)
    historyLengths = try container.decode([Int].self, forKey: .historyLengths)
    bands = try container.decode([PopularityBand].self, forKey: .bands)
    gaps = try container.decode([Int64?].self, forKey: .gaps)
    targetEvents = try container.decodeIfPresent([Int].self, forKey: .targetEvents)
    if let fault { throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: fault)) }
  }
}
