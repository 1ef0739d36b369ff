import Foundation
import NeuralNetwork
import ModelFiles
import SequentialModels
import Testing

@Suite struct HuggingFaceModelTests {
  @Test func readsAPreTrainingDirectory() throws {
    let model = try HuggingFaceModel.read(HuggingFaceFixture.preTraining)
    #expect(
      model.configuration
        == HuggingFaceConfiguration(
          architecture: .preTraining,
          encoder: EncoderConfiguration(
            vocabularySize: 37, hidden: 24, layers: 2, heads: 3, inner: 40, positions: 16, dropout: 0,
            attentionDropout: 0, nextSegmentHead: true),
          initializerRange: 0.2))
    let tensors = try HuggingFaceFixture.tensors()
    #expect(model.tensors == tensors)
    #expect(model.report == HuggingFaceModel.Report(tensorCount: 46, rowCount: 37))
    #expect(model.tokenizer == nil)
  }

  @Test func readsAMaskedLMDirectoryAndSaysWhichHeadsItLacks() throws {
    let model = try HuggingFaceModel.read(HuggingFaceFixture.maskedLM)
    #expect(model.configuration.architecture == .maskedLM)
    #expect(model.report.tensorCount == 42)
    #expect(
      model.report.missing == [
        "bert.pooler.dense.weight", "bert.pooler.dense.bias", "cls.seq_relationship.weight",
        "cls.seq_relationship.bias",
      ])
    let all = try HuggingFaceFixture.tensors()
    for (name, tensor) in model.tensors { #expect(tensor == all[name]) }
  }

  @Test(arguments: [HuggingFaceFixture.preTraining, HuggingFaceFixture.maskedLM])
  func writesTheBytesThatHuggingFaceWrote(source: URL) throws {
    let model = try HuggingFaceModel.read(source)
    try HuggingFaceFixture.withFolder { folder in
      try model.write(to: folder)
      func data(_ name: String, in url: URL) throws -> Data { try Data(contentsOf: url.appendingPathComponent(name)) }
      #expect(try data("model.safetensors", in: folder) == data("model.safetensors", in: source))
      var theirs = try JSONSerialization.jsonObject(with: data("config.json", in: source)) as? [String: NSObject]
      theirs?["transformers_version"] = nil
      let ours = try JSONSerialization.jsonObject(with: data("config.json", in: folder)) as? [String: NSObject]
      #expect(ours == theirs)
    }
  }

  @Test func readsABareEncoderWithOldNames() throws {
    let all = try HuggingFaceFixture.tensors()
    var bare: [NamedTensor] = []
    for (name, tensor) in all where name.hasPrefix("bert.") && !name.contains("pooler") {
      let name = name.dropFirst(5).replacingOccurrences(of: "LayerNorm.weight", with: "LayerNorm.gamma")
        .replacingOccurrences(of: "LayerNorm.bias", with: "LayerNorm.beta")
      bare.append(NamedTensor(name: name, shape: tensor.shape, values: tensor.values))
    }
    bare.append(NamedTensor(name: "embeddings.position_ids", shape: [1, 16], values: (0..<16).map(Float.init)))
    bare.append(NamedTensor(name: "classifier.weight", shape: [1], values: [0]))
    let model = try HuggingFaceFixture.withModel(bare, settings: ["architectures": ["BertModel"]]) {
      try HuggingFaceModel.read($0)
    }
    #expect(model.report.tensorCount == bare.count - 2)
    #expect(model.report.ignored == ["classifier.weight"])
    #expect(model.report.missing.count == 9)
    for (name, tensor) in model.tensors { #expect(tensor == all[name]) }
  }

  @Test func takesTheDecoderForTheTableItIsTiedTo() throws {
    var tensors = try HuggingFaceFixture.tensors()
    let all = tensors
    let bias = try #require(tensors["cls.predictions.bias"])
    tensors["cls.predictions.bias"] = nil
    tensors["d"] = NamedTensor(name: "cls.predictions.decoder.bias", shape: bias.shape, values: bias.values)
    let table = try #require(tensors["bert.embeddings.word_embeddings.weight"])
    tensors["w"] = NamedTensor(name: "cls.predictions.decoder.weight", shape: table.shape, values: table.values)
    let model = try HuggingFaceFixture.withModel(Array(tensors.values)) { try HuggingFaceModel.read($0) }
    #expect(model.tensors == all)
    #expect(model.report.ignored == [])
  }
}
