/// A figure with its name and, where it was estimated, the interval it lies in with 95 % confidence.
package struct MeasuredValue: Codable, Sendable, Equatable {
  /// The field's name for it, with its cut-off: `NDCG@10`, `HR@10`, `MRR`.
  package var name: String
  package var value: Double
  /// The bounds of the 95 % interval over users; nil where no interval was computed.
  package var low: Double?
  package var high: Double?

  package init(_ name: String, _ value: Double, low: Double? = nil, high: Double? = nil) {
    self.name = name
    self.value = value
    self.low = low
    self.high = high
  }
}

extension Sequence<MeasuredValue> {
  /// The figure called `name`, if it was measured.
  package func named(_ name: String) -> MeasuredValue? { first { $0.name == name } }
}
