import Evaluation

/// What a training's result depends on: two trainings of the same identity give the same bytes.
package struct TrainingIdentity: Codable, Sendable, Equatable {
  var program: String
  /// The fingerprints of what it learns from and is judged by.
  var data: [String]
  var split: String
  var experiment: Experiment
  var start: StartAccount?

  /// What differs to `other`, in words.
  func differences(to other: TrainingIdentity) -> [String] {
    var found: [String] = []
    if program != other.program { found.append("the program's version") }
    if data != other.data { found.append("the log") }
    if split != other.split { found.append("the split") }
    if experiment != other.experiment { found.append("the settings") }
    if start != other.start { found.append("the model it starts from") }
    return found
  }
}

extension TrainingJob {
  package var trainingIdentity: TrainingIdentity {
    TrainingIdentity(
      program: Program.version, data: [identity.fingerprint], split: split.account.method, experiment: experiment,
      start: start?.account)
  }
}

extension PretrainingJob {
  package var trainingIdentity: TrainingIdentity {
    TrainingIdentity(
      program: Program.version, data: [training.log.fingerprint, validation.log.fingerprint], split: "",
      experiment: experiment, start: start?.account)
  }
}
