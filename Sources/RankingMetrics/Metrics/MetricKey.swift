/// Which figure a value is: a ranking metric within the first places, `NDCG@10`, a figure of masked tokens, `loss`, or of
/// labels, `accuracy`.
package enum MetricKey: Hashable, Sendable {
  case ranking(RankMetric, cutoff: Int)
  case masked(MaskedMetric)
  case label(LabelMetric)

  /// What is read off held-out masked tokens.
  package enum MaskedMetric: String, CaseIterable, Sendable {
    /// Mean cross-entropy per masked token or labeled sequence, in nats; of numbers the mean squared deviation.
    case loss
    /// exp(loss).
    case perplexity
    /// The share of masked tokens that score highest.
    case accuracy = "masked accuracy"
    /// The share of pairs of segments that are rightly told to follow each other or not.
    case nextSegment = "next-segment accuracy"
  }

  /// What is read off held-out labels or numbers.
  package enum LabelMetric: String, CaseIterable, Sendable {
    case accuracy
    case auc = "AUC"
    case macroF1
    case meanAbsoluteError = "MAE"
    case rootMeanSquaredError = "RMSE"
  }

  /// `metric` within the first `cutoff` places.
  package init(_ metric: RankMetric, _ cutoff: Int) { self = .ranking(metric, cutoff: cutoff) }
  package init(_ metric: MaskedMetric) { self = .masked(metric) }

  package var cutoff: Int? { if case .ranking(_, let cutoff) = self { cutoff } else { nil } }
}

/// As the field writes it, in tables, records and options.
extension MetricKey: LosslessStringConvertible {
  package var description: String {
    switch self {
    case .ranking(let metric, let cutoff): "\(metric.rawValue)@\(cutoff)"
    case .masked(let metric): metric.rawValue
    case .label(let metric): metric.rawValue
    }
  }

  package init?(_ text: String) {
    if let metric = MaskedMetric(rawValue: text) {
      self = .masked(metric)
      return
    }
    if let metric = LabelMetric(rawValue: text) {
      self = .label(metric)
      return
    }
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, let metric = RankMetric(rawValue: String(parts[0])), let cutoff = Int(parts[1]), cutoff >= 1
    else { return nil }
    self = .ranking(metric, cutoff: cutoff)
  }
}

/// As its description, also where it is a dictionary's key.
extension MetricKey: Codable, CodingKeyRepresentable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  package var codingKey: any CodingKey { Key(stringValue: description) }

  package init?<T: CodingKey>(codingKey: T) { self.init(codingKey.stringValue) }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let key = MetricKey(text) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "“\(text)” is no figure; expected "
            + RankMetric.allCases.map { "\($0.rawValue)@k" }.joined(separator: ", ") + ", "
            + (MaskedMetric.allCases.map(\.rawValue) + LabelMetric.allCases.map(\.rawValue)).joined(separator: ", ")))
    }
    self = key
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
