/// A log cut into what a model may learn from and the questions it is judged by; validation is never test.
package struct Split: Sendable {
  /// What training reads. Same catalogs as the log that was cut.
  package let training: InteractionLog
  package let validation: [EvaluationCase]
  package let test: [EvaluationCase]

  package init(training: InteractionLog, validation: [EvaluationCase], test: [EvaluationCase]) {
    self.training = training
    self.validation = validation
    self.test = test
  }
}
