import Foundation
import NeuralNetwork
import ModelFiles
import SequentialModels
import Testing

@Suite struct HuggingFaceErrorTests {
  private func message(_ tensors: [NamedTensor]? = nil, _ settings: [String: any Sendable] = [:]) throws -> String {
    let tensors = try tensors ?? Array(HuggingFaceFixture.tensors().values)
    return try HuggingFaceFixture.withModel(tensors, settings: settings) { folder in
      let error = #expect(throws: HuggingFaceError.self) { _ = try HuggingFaceModel.read(folder) }
      let text = error?.description ?? "no error"
      #expect(text.hasPrefix(folder.path), "\(text)")
      return text.replacingOccurrences(of: folder.path + "/", with: "").replacingOccurrences(
        of: folder.path, with: "DIR")
    }
  }

  @Test(arguments: [
    (
      "vocab_size", "38",
      "model.safetensors: tensor bert.embeddings.word_embeddings.weight has shape [37, 24], but config.json implies [38, 24]"
    ),
    (
      "intermediate_size", "41",
      "model.safetensors: tensor bert.encoder.layer.0.intermediate.dense.weight has shape [40, 24], "
        + "but config.json implies [41, 24]"
    ),
    (
      "num_hidden_layers", "3",
      "model.safetensors: num_hidden_layers is 3, expected 2, the layers that model.safetensors has tensors of"
    ),
    (
      "num_hidden_layers", "1000000",
      "model.safetensors: num_hidden_layers is 1000000, expected 2, the layers that model.safetensors has tensors of"
    ),
    (
      "num_hidden_layers", "1",
      "model.safetensors: num_hidden_layers is 1, expected a layer for the tensor "
        + "bert.encoder.layer.1.attention.output.LayerNorm.bias"
    ),
    ("num_attention_heads", "5", "config.json: num_attention_heads is 5, expected a divisor of hidden_size 24"),
    ("hidden_size", "0", "config.json: hidden_size is 0, expected a number from 1 to 2147483647"),
    ("hidden_act", "\"silu\"", "config.json: hidden_act is silu, expected one of gelu, gelu_new, relu"),
    (
      "position_embedding_type", "\"relative_key\"",
      "config.json: position_embedding_type is relative_key, expected absolute"
    ),
    ("is_decoder", "true", "config.json: is_decoder is true, expected false for BertForPreTraining"),
    ("hidden_dropout_prob", "1.5", "config.json: hidden_dropout_prob is 1.5, expected a probability from 0 to below 1"),
    ("layer_norm_eps", "0", "config.json: layer_norm_eps is 0.0, expected a positive number"),
    (
      "architectures", "[\"BertGenerationEncoder\"]",
      "config.json: holds BertGenerationEncoder; BertForMaskedLM, BertForPreTraining, BertLMHeadModel, BertModel and BertForSequenceClassification are read, and the encoders of BERTs with other heads"
    ),
    (
      "model_type", "\"roberta\"",
      "config.json: holds a model of type roberta; BertForMaskedLM, BertForPreTraining, BertLMHeadModel, BertModel and BertForSequenceClassification are read, and the encoders of BERTs with other heads"
    ),
    (
      "hidden_size", "\"big\"",
      "config.json: is not the JSON that Hugging Face writes: hidden_size is not what it should be: "
        + "Expected to decode Int but found a string instead."
    ),
  ]) func namesTheSettingThatDoesNotFit(key: String, json: String, sentence: String) throws {
    let value = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
    let text: String
    switch value {
    case let value as String: text = try message(nil, [key: value])
    case let value as [String]: text = try message(nil, [key: value])
    case let value as Bool where json == "true": text = try message(nil, [key: value])
    default: text = try message(nil, [key: try #require(Double(json))])
    }
    #expect(text == sentence)
  }

  @Test func namesTheTensorThatIsMissingNotFiniteOrUntied() throws {
    var tensors = try HuggingFaceFixture.tensors()
    let table = "bert.embeddings.word_embeddings.weight"
    tensors["cls.predictions.bias"] = nil
    #expect(
      try message(Array(tensors.values)) == "model.safetensors: has no tensor cls.predictions.bias of shape [37], "
        + "which its config.json implies")
    tensors = try HuggingFaceFixture.tensors()
    tensors[table]?.values[30] = .nan
    #expect(
      try message(Array(tensors.values)) == "model.safetensors: tensor \(table) holds nan at index 30; "
        + "weights must be finite: take an earlier checkpoint")
    tensors = try HuggingFaceFixture.tensors()
    let decoder = "cls.predictions.decoder.weight"
    tensors[decoder] = NamedTensor(name: decoder, shape: [37, 24], values: Array(repeating: 0, count: 37 * 24))
    #expect(
      try message(Array(tensors.values)) == "model.safetensors: \(decoder) differs from \(table); only models whose "
        + "output is tied to their embeddings are read")
  }

  @Test(arguments: [
    (
      "pytorch_model.bin",
      "DIR/pytorch_model.bin: it holds an operation that no file of tensors needs (32); where it is a model, convert it once "
        + "in Python: AutoModelForMaskedLM.from_pretrained(DIR).save_pretrained(OTHER_DIR)"
    ),
    (
      "model.safetensors.index.json",
      "DIR/model.safetensors.index.json: is not the JSON that Hugging Face writes: it does not parse"
    ),
    (
      "other",
      "DIR: has no model.safetensors; a model is a directory with config.json and model.safetensors"
    ),
  ]) func saysWhereTheWeightsAre(file: String, sentence: String) throws {
    try HuggingFaceFixture.withModel([]) { folder in
      let weights = folder.appendingPathComponent("model.safetensors")
      try FileManager.default.moveItem(at: weights, to: folder.appendingPathComponent(file))
      let error = #expect(throws: HuggingFaceError.self) { _ = try HuggingFaceModel.read(folder) }
      #expect(error?.description.replacingOccurrences(of: folder.path, with: "DIR") == sentence)
    }
  }

  @Test func saysThatADirectoryIsNoModel() {
    let error = #expect(throws: HuggingFaceError.self) {
      _ = try HuggingFaceModel.read(URL(fileURLWithPath: "/nowhere"))
    }
    #expect(
      error?.description
        == "/nowhere: has no config.json; a model is a directory with config.json and model.safetensors")
  }

  @Test func refusesAVocabularyShorterThanTheTable() throws {
    let tensors = Array(try HuggingFaceFixture.tensors().values)
    try HuggingFaceFixture.withModel(tensors) { folder in
      let text = VocabularyFile.text(of: Vocabulary(items: (0..<31).map(String.init)), escaped: false)
      try Data(text.utf8).write(to: folder.appendingPathComponent("vocab.txt"))
      let error = #expect(throws: HuggingFaceError.self) { _ = try HuggingFaceModel.read(folder) }
      #expect(
        error?.description
          == "\(folder.path): tensor bert.embeddings.word_embeddings.weight has shape [37, 24], but the "
          + "vocabulary has 36 tokens, expected 37; take the vocabulary that the model was trained with")
    }
  }
}
