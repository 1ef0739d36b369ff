/// A log cut into what a model may learn from and the questions it is judged by; validation is never test.
package struct Split: Sendable {
  /// What training reads. Same catalogs as the log that was cut.
  package let training: InteractionLog
  package let validation: [EvaluationCase]
  package let test: [EvaluationCase]
  /// How it was cut, and who is not judged.
  package let account: SplitAccount

  package init(
    training: InteractionLog, validation: [EvaluationCase], test: [EvaluationCase],
    account: SplitAccount = SplitAccount(method: "given by the caller")
  ) {
    self.training = training
    self.validation = validation
    self.test = test
    self.account = account
  }
}
