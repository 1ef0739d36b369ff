/// Which questions training must not learn the answers of.
package enum HeldOut: String, Codable, CaseIterable, Sendable {
  /// Validation decides which weights are kept, the test is read at the end.
  case validationAndTest
  /// Validation's answers train, too: a last run once all is decided, judged by the same test. Nothing is validated.
  case test
  /// Everything trains: the model to ship, of which no figure can be had.
  case nothing
}
