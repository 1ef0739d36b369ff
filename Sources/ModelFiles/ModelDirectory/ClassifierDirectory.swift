import DurableFiles
import Foundation
import Interactions
import Kernels
import NeuralNetwork
import SequentialModels

/// What sequences are labeled with.
package struct SequenceLabels: Codable, Sendable, Equatable {
  package var task: ClassificationHead.Task
  /// By number; one name, of what the number is, for a regression.
  package var names: [String]

  package init(task: ClassificationHead.Task, names: [String]) {
    self.task = task
    self.names = names
  }

  /// The most probable label, the first of several, and the probability of each, by the logits of a sequence.
  package func mostProbable(_ logits: [Float]) -> (label: String, probabilities: [Double]) {
    let probabilities = ClassificationHead.probabilities(logits)
    let best = probabilities.indices.max { (probabilities[$0], $1) < (probabilities[$1], $0) }!
    return (names[best], probabilities)
  }
}

/// A classifier on disk: a model directory that Hugging Face opens as `BertForSequenceClassification`.
package enum ClassifierDirectory {
  package static let recordName = "classifier.json"

  package struct Loaded: Sendable {
    package let classifier: SequenceClassifier
    package let labels: SequenceLabels
    package let tokenizer: Tokenizer
    /// nil where the directory is not ours.
    package let card: ModelCard?
    package var isVerified: Bool { card?.checksums != nil }
  }

  /// Replaces the model directory at `url`, whole, or leaves it as it was.
  ///
  /// - Throws: `ModelDirectoryError` where something else stands there; `DurableFileError`.
  package static func write(
    _ classifier: SequenceClassifier, labels: SequenceLabels, tokenizer: Tokenizer, card: ModelCard, to url: URL,
    also write: (URL) throws -> Void = { _ in }
  ) throws {
    try ModelDirectory.replace(url, card: card) { folder in
      let tensors = classifier.network.layout.tensors.map {
        ($0.name, NamedTensor(name: $0.name, shape: $0.shape, values: classifier.parameters[$0].values))
      }
      try HuggingFaceModel(
        configuration: HuggingFaceConfiguration(
          architecture: .sequenceClassification, encoder: classifier.network.configuration,
          paddingID: classifier.specials.padding, labels: labels),
        tensors: Dictionary(uniqueKeysWithValues: tensors), tokenizer: tokenizer
      ).write(to: folder)
      try write(folder)
    }
  }

  /// The classifier at `url`, ours or Hugging Face's.
  ///
  /// - Throws: `ModelDirectoryError.noLabels` for a model of another kind; `HuggingFaceError`, `SafetensorsError`.
  package static func load(_ url: URL, workers: Workers) throws -> Loaded {
    let stored = try PretrainedModel.read(url)
    guard let labels = stored.stored.configuration.labels else { throw ModelDirectoryError.noLabels(path: url.path) }
    let tokenizer = try stored.tokenizer()
    let network = ClassifierNetwork(
      stored.stored.configuration.encoder, task: labels.task, outputs: labels.names.count)
    let classifier = SequenceClassifier(
      network: network, parameters: network.parameters(from: stored, seed: 0),
      specials: tokenizer.vocabulary.specials, workers: workers)
    return Loaded(classifier: classifier, labels: labels, tokenizer: tokenizer, card: stored.card)
  }
}

extension ClassifierNetwork {
  /// Parameters with the tensors of `model` that have this network's shapes; all others start fresh.
  package func parameters(
    from model: PretrainedModel, seed: UInt64, deviation: Double = 0.02
  ) -> ParameterVector {
    let tensors = model.stored.tensors
    func fits(_ tensor: ParameterTensor) -> Bool { tensors[tensor.name]?.shape == tensor.shape }
    let fitting = Set(layout.tensors.filter(fits).map(\.name))
    let parameters = initialParameters(seed: seed, deviation: deviation, except: fitting.contains)
    for tensor in layout.tensors {
      if fitting.contains(tensor.name), let values = tensors[tensor.name] {
        parameters[tensor].assign(values.values)
      }
    }
    return parameters
  }

  /// The tensors that `model` does not have in this network's shape.
  package func fresh(beside model: PretrainedModel) -> [String] {
    layout.tensors.filter { model.stored.tensors[$0.name]?.shape != $0.shape }.map(\.name)
  }
}
