import RankingMetrics

/// A figure and, where it was estimated, the interval it lies in with 95 % confidence.
package struct MeasuredValue: Codable, Sendable, Equatable {
  package var key: MetricKey
  package var value: Double
  /// The bounds of the 95 % interval over users; nil where no interval was computed.
  package var low: Double?
  package var high: Double?

  package init(_ key: MetricKey, _ value: Double, low: Double? = nil, high: Double? = nil) {
    self.key = key
    self.value = value
    self.low = low
    self.high = high
  }

  private enum CodingKeys: String, CodingKey {
    case key = "name"
    case value, low, high
  }
}

extension Sequence<MeasuredValue> {
  /// The figure `key`, if it was measured.
  package func first(_ key: MetricKey) -> MeasuredValue? { first { $0.key == key } }
  package func first(_ metric: RankMetric, at cutoff: Int) -> MeasuredValue? { first(MetricKey(metric, cutoff)) }
}

/// The figures of one model: what a record keeps of an evaluation.
package struct EvaluationSummary: Codable, Sendable, Equatable {
  package var name: String
  /// Over all users.
  package var results: [MeasuredValue]
  package var cohorts: [Cohort]
  /// What the top lists are like; nil where it was not computed.
  package var lists: ListStatistics?
  /// Where the targets stood; nil where it was not counted.
  package var rankBands: [RankBand]?

  private enum CodingKeys: String, CodingKey { case name, results, cohorts, lists, rankBands }

  package init(
    name: String, results: [MeasuredValue], cohorts: [Cohort] = [], lists: ListStatistics? = nil,
    rankBands: [RankBand]? = nil
  ) {
    self.rankBands = rankBands
    self.name = name
    self.results = results
    self.cohorts = cohorts
    self.lists = lists
  }

  /// Records of versions before 0.2 have no cohorts and lists of baselines.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    results = try container.decode([MeasuredValue].self, forKey: .results)
    cohorts = try container.decodeIfPresent([Cohort].self, forKey: .cohorts) ?? []
    lists = try container.decodeIfPresent(ListStatistics.self, forKey: .lists)
    rankBands = try container.decodeIfPresent([RankBand].self, forKey: .rankBands)
  }
}
