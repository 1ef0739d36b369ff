import Foundation
import Kernels
import NeuralNetwork
import ModelFiles
import SequentialModels
import TestSupport

/// The small BERT that Hugging Face wrote, and directories made of it.
enum HuggingFaceFixture {
  static let preTraining = URL(fileURLWithPath: #filePath)
    .appendingPathComponent("../../../SequentialModelsTests/Fixtures/bert-tiny").standardizedFileURL
  static let maskedLM = preTraining.appendingPathComponent("masked-lm")

  /// A Python that has torch and transformers, where the machine has one.
  static let python = ProcessInfo.processInfo.environment["CLOZE_PYTHON"]

  /// The tensors of the BertForPreTraining directory, by name.
  static func tensors() throws -> [String: NamedTensor] {
    let file = try Safetensors.read(preTraining.appendingPathComponent("model.safetensors"))
    return try Dictionary(
      uniqueKeysWithValues: file.names.map {
        ($0, NamedTensor(name: $0, shape: try file.shape($0), values: try file.floats($0)))
      })
  }

  /// A new directory that `body` may fill and use; it is removed afterwards.
  static func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = TestFolder.url.appendingPathComponent("hf-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  /// A directory of `tensors` under the fixture's configuration, with some of its settings replaced.
  static func withModel<Result>(
    _ tensors: [NamedTensor], settings: [String: any Sendable] = [:], _ body: (URL) throws -> Result
  ) throws -> Result {
    try withFolder { folder in
      try Safetensors.write(tensors, to: folder.appendingPathComponent("model.safetensors"))
      let text = try Data(contentsOf: preTraining.appendingPathComponent("config.json"))
      var configuration = try JSONSerialization.jsonObject(with: text) as? [String: Any] ?? [:]
      configuration.merge(settings) { $1 }
      let data = try JSONSerialization.data(withJSONObject: configuration)
      try data.write(to: folder.appendingPathComponent("config.json"))
      return try body(folder)
    }
  }

  /// Our own network with the weights of `model`, whose items stand at 5…36.
  static func recommender(of model: HuggingFaceModel) -> BERT4Rec {
    var encoder = model.configuration.encoder
    encoder.nextSegmentHead = false
    let network = BERTNetwork(encoder)
    return BERT4Rec(
      network: network, parameters: network.parameters(from: model, seed: 1), vocabulary: ItemVocabulary(items: 32),
      workers: Workers(threads: 1))
  }

  /// 32 items for the fixture's 37 rows, some of them with odd ids.
  static let items = ["blue shoe", "100%", "[MASK]", "é", "東京", "a\tb", "##ing"] + (0..<25).map { "item\($0)" }
}
