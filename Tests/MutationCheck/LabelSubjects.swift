import Foundation
import InteractionStore
import Interactions
import Kernels
import ModelFiles
import SequentialModels
import Training

/// Classifiers and regressors with all of their files: as they are, with their sums put right, and without sums.
let labelSubjects: [Subject] =
  directories.flatMap { folder, names in names.flatMap { summed("\(folder)/\($0)", folder) } }
  + ["config.json", "model.safetensors", "vocab.txt", "tokenizer_config.json"].map { name in
    Subject(name: "classes/\(name)", file: "classes/\(name)", shape: shape(of: name), weight: 8) {
      try answer($0, "classes")
    }
  }
  + [
    Subject(name: "labeled.yaml", file: "labeled.yaml", shape: .yaml, weight: 25) { folder in
      let file = try ExperimentFile(folder.appendingPathComponent("labeled.yaml"))
      let experiment = try Experiment.labels(sequences: 60, length: 12).experiment.with(file.changes)
      return try YAMLText.of(experiment)
    },
    Subject(name: "labels.csv against a classifier", file: "labels.csv", shape: .lines, weight: 8) { folder in
      let file = try LabelFile(folder.appendingPathComponent("labels.csv").path)
      let (labels, targets) = try file.targets(nil)
      return "\(labels) \(targets) \(try source(folder).matches(file))"
    },
    Subject(name: "numbers.csv", file: "numbers.csv", shape: .lines, weight: 8) { folder in
      let (labels, targets) = try LabelFile(folder.appendingPathComponent("numbers.csv").path).targets(.regression)
      return "\(labels) \(targets)"
    },
  ]

private let directories: [(folder: String, files: [String])] = [
  (
    "classifier",
    [
      "model.safetensors", "cloze.json", "config.json", "vocab.txt", "tokenizer.json", "tokenizer_config.json",
      "classifier.json",
    ]
  ), ("regressor", ["config.json", "model.safetensors"]),
]

private func summed(_ file: String, _ folder: String) -> [Subject] {
  var sealed = Subject(name: "\(file), sums put right", file: file, shape: shape(of: file), weight: 6) {
    try answer($0, folder)
  }
  sealed.isSealed = true
  return [
    Subject(name: file, file: file, shape: shape(of: file), promise: .refused, weight: 6) { try answer($0, folder) },
    sealed,
  ]
}

private func shape(of name: String) -> FileShape {
  name.hasSuffix(".safetensors") ? .safetensors : name.hasSuffix(".json") ? .json : .lines
}

private func source(_ folder: URL) throws -> LabeledSource {
  .log(try LogSource.load(folder.appendingPathComponent("log.csv").path).log, name: "log.csv")
}

/// What the classifier says of the users of the log.
private func answer(_ folder: URL, _ name: String) throws -> String {
  let loaded = try ClassifierDirectory.load(folder.appendingPathComponent(name), workers: Workers(threads: 1))
  let source = try source(folder)
  let sequences = (0..<min(10, source.count)).map {
    LabeledSequence(tokens: source.tokens($0, loaded.tokenizer, limit: loaded.classifier.tokenLimit))
  }
  return "\(loaded.labels) \(loaded.classifier.logits(of: sequences)) \(loaded.tokenizer.vocabulary.tokens)"
}
