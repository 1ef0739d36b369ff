import Foundation
import Kernels

extension HuggingFaceConfiguration {
  /// The keys of `config.json` that matter here; every one may be missing.
  private struct File: Decodable {
    let model_type: String?
    let architectures: [String]?
    let vocab_size: Int?
    let hidden_size: Int?
    let num_hidden_layers: Int?
    let num_attention_heads: Int?
    let intermediate_size: Int?
    let max_position_embeddings: Int?
    let type_vocab_size: Int?
    let hidden_act: String?
    let hidden_dropout_prob: Float?
    let attention_probs_dropout_prob: Float?
    let layer_norm_eps: Float?
    let initializer_range: Float?
    let pad_token_id: Int?
    let position_embedding_type: String?
    let is_decoder: Bool?
    let add_cross_attention: Bool?
  }

  /// The configuration in the `config.json` at `url`; keys that are missing have BERT-base's values.
  ///
  /// - Throws: `HuggingFaceError` naming the architecture or the setting that is not read.
  package static func read(_ url: URL) throws(HuggingFaceError) -> HuggingFaceConfiguration {
    let file = try TextFile.decode(File.self, from: url)
    do {
      return try HuggingFaceConfiguration(file)
    } catch {
      throw HuggingFaceError(path: url.path, fault: error)
    }
  }

  private init(_ file: File) throws(HuggingFaceError.Fault) {
    let type = file.model_type ?? (file.architectures == nil ? "unsaid" : "bert")
    guard type == "bert" else { throw .architecture(found: "a model of type \(type)") }
    let name = file.architectures?.first ?? "BertModel"
    guard let architecture = Architecture(rawValue: name) else { throw .architecture(found: name) }
    let decodes = file.is_decoder ?? false
    guard decodes == (architecture == .causalLM) else {
      throw .setting(key: "is_decoder", found: "\(decodes)", expected: "\(!decodes) for \(name)")
    }
    guard file.add_cross_attention != true else {
      throw .setting(key: "add_cross_attention", found: "true", expected: "false")
    }
    let positions = file.position_embedding_type ?? "absolute"
    guard positions == "absolute" else {
      throw .setting(key: "position_embedding_type", found: positions, expected: "absolute")
    }
    let activationName = file.hidden_act ?? "gelu"
    let activations: [Activation] = [.gelu, .geluTanh, .relu]
    guard let activation = activations.first(where: { $0.rawValue == activationName }) else {
      let known = activations.map(\.rawValue).joined(separator: ", ")
      throw .setting(key: "hidden_act", found: activationName, expected: "one of \(known)")
    }
    self.init(
      architecture: architecture, vocabularySize: file.vocab_size ?? 30522, hiddenSize: file.hidden_size ?? 768,
      layerCount: file.num_hidden_layers ?? 12, headCount: file.num_attention_heads ?? 12,
      innerSize: file.intermediate_size ?? 3072, positionCount: file.max_position_embeddings ?? 512,
      segmentCount: file.type_vocab_size ?? 2, activation: activation,
      hiddenDropout: file.hidden_dropout_prob ?? 0.1, attentionDropout: file.attention_probs_dropout_prob ?? 0.1,
      layerNormEpsilon: file.layer_norm_eps ?? 1e-12, initializerRange: file.initializer_range ?? 0.02,
      paddingID: file.pad_token_id ?? 0)
    try check()
  }

  /// Sizes are positive, heads divide the hidden size, probabilities are below 1.
  private func check() throws(HuggingFaceError.Fault) {
    let sizes = [
      ("vocab_size", vocabularySize), ("hidden_size", hiddenSize), ("num_hidden_layers", layerCount),
      ("num_attention_heads", headCount), ("intermediate_size", innerSize),
      ("max_position_embeddings", positionCount), ("type_vocab_size", segmentCount),
    ]
    for (key, size) in sizes where !(1...Int(Int32.max)).contains(size) {
      throw .setting(key: key, found: "\(size)", expected: "a number from 1 to \(Int32.max)")
    }
    guard hiddenSize % headCount == 0 else {
      throw .setting(
        key: "num_attention_heads", found: "\(headCount)", expected: "a divisor of hidden_size \(hiddenSize)")
    }
    for (key, value) in [
      ("hidden_dropout_prob", hiddenDropout), ("attention_probs_dropout_prob", attentionDropout),
    ] where !(value >= 0 && value < 1) {
      throw .setting(key: key, found: "\(value)", expected: "a probability from 0 to below 1")
    }
    guard layerNormEpsilon > 0, layerNormEpsilon.isFinite else {
      throw .setting(key: "layer_norm_eps", found: "\(layerNormEpsilon)", expected: "a positive number")
    }
  }
}
