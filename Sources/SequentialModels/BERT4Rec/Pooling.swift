/// How the last hidden states of a sequence become the one vector that is scored against the item table.
package enum Pooling: String, Codable, Sendable, CaseIterable {
  /// The hidden state of the `[MASK]` that stands behind the history.
  case tail
  /// The hidden state of the last item; no `[MASK]` is appended. What causal encoders (SASRec) use.
  case last

  /// Whether a `[MASK]` is appended to the history.
  package var appendsMask: Bool { self != .last }
}
