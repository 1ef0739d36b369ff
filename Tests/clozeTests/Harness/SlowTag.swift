import Testing

extension Tag {
  /// Suites that train for seconds; `scripts/test` runs them after all others, so that what fails at once says so at once.
  @Tag static var slow: Self
}
