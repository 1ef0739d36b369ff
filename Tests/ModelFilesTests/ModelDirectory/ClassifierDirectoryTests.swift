import Foundation
import Kernels
import NeuralNetwork
import SequentialModels
import Testing

import ModelFiles

@Suite struct ClassifierDirectoryTests {
  private static let source = HuggingFaceFixture.preTraining.appendingPathComponent("classifier")
  private let tokenizer = Tokenizer(Vocabulary(items: HuggingFaceFixture.items), kind: .whitespace(escaped: true))

  /// The directory of Hugging Face's, written again by us, keeps every weight and every label.
  @Test func comesBackAsItWas() throws {
    let stored = try HuggingFaceModel.read(Self.source)
    let labels = try #require(stored.configuration.labels)
    #expect(labels == SequenceLabels(task: .classification, names: ["stays", "leaves", "\"odd\" é"]))
    #expect(stored.report.ignored.isEmpty)
    try HuggingFaceFixture.withFolder { folder in
      let network = ClassifierNetwork(stored.configuration.encoder, task: labels.task, outputs: labels.names.count)
      let parameters = ParameterVector(network.layout)
      for tensor in network.layout.tensors {
        parameters[tensor].assign(try #require(stored.tensors[tensor.name]).values)
      }
      let classifier = SequenceClassifier(
        network: network, parameters: parameters, specials: .first, workers: Workers(threads: 1))
      let card = ModelCard(
        program: "cloze", configuration: stored.configuration.encoder, logFingerprint: "", split: "", seed: 1)
      let url = folder.appendingPathComponent("model")
      try ClassifierDirectory.write(classifier, labels: labels, tokenizer: tokenizer, card: card, to: url)
      let again = try ClassifierDirectory.load(url, workers: Workers(threads: 1))
      #expect(again.labels == labels && again.isVerified)
      #expect(again.classifier.parameters.all.values == parameters.all.values)
      #expect(throws: ModelDirectoryError.labels(path: url.path)) {
        try ModelDirectory.load(url, workers: Workers(threads: 1))
      }
      // Another training may start from its encoder.
      let start = try PretrainedModel.read(url)
      #expect(
        BERTNetwork(start.configuration).layout.tensors.map(\.name).filter { $0.hasPrefix("bert.") }
          .allSatisfy { start.stored.tensors[$0] != nil })
    }
  }

  @Test func refusesWhatLabelsNothing() throws {
    #expect(throws: ModelDirectoryError.self) {
      try ClassifierDirectory.load(HuggingFaceFixture.maskedLM, workers: Workers(threads: 1))
    }
    let tensors = try HuggingFaceFixture.tensors().values.map { $0 }
    _ = try HuggingFaceFixture.withModel(
      tensors, settings: ["architectures": ["BertForSequenceClassification"], "id2label": ["0": "a", "1": "b"]]
    ) { folder in
      #expect {
        try HuggingFaceModel.read(folder)
      } throws: { "\($0)".contains("has no tensor classifier.weight of shape [2, 24]") }
    }
    _ = try HuggingFaceFixture.withModel(
      tensors, settings: ["architectures": ["BertForSequenceClassification"], "id2label": ["1": "a", "2": "b"]]
    ) { folder in
      #expect { try HuggingFaceModel.read(folder) } throws: { "\($0)".contains("id2label is [\"1\", \"2\"]") }
    }
    _ = try HuggingFaceFixture.withModel(
      tensors,
      settings: ["architectures": ["BertForSequenceClassification"], "problem_type": "multi_label_classification"]
    ) { folder in
      #expect { try HuggingFaceModel.read(folder) } throws: { "\($0)".contains("problem_type is multi_label") }
    }
  }
}
