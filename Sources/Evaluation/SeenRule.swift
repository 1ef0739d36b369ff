/// Whether items of a person's history stand among the candidates.
package enum SeenRule: String, Codable, CaseIterable, Sendable {
  /// Items of the history are no candidates; a target that stands in the history all the same stays one.
  case remove
  /// Every item is a candidate.
  case keep
}
