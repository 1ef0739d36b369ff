import Foundation
import Kernels
import NeuralNetwork

/// What `config.json` says of a BERT: which heads it has, the sizes of its encoder, and what only Hugging Face keeps.
package struct HuggingFaceConfiguration: Sendable, Equatable {
  /// Which heads stand on the encoder, by the name of the class that opens it.
  package enum Architecture: String, Sendable, CaseIterable {
    /// The masked-item head.
    case maskedLM = "BertForMaskedLM"
    /// The masked-item head, and the next-segment head on the pooler.
    case preTraining = "BertForPreTraining"
    /// The masked-item head on an encoder in which every position sees only what came before it, and itself.
    case causalLM = "BertLMHeadModel"
    /// No head; the pooler.
    case model = "BertModel"
    /// One label or number for a whole sequence, on the pooler.
    case sequenceClassification = "BertForSequenceClassification"
  }

  package var architecture: Architecture
  /// The encoder; how its states are pooled has no place in `config.json`, and is the masked tail or, where it is causal,
  /// the last item.
  package var encoder: EncoderConfiguration
  /// The standard deviation new weights are drawn with.
  package var initializerRange: Float
  package var paddingID: Int
  /// What sequences are labeled with; nil for all architectures but `sequenceClassification`.
  package var labels: SequenceLabels?

  package init(
    architecture: Architecture, encoder: EncoderConfiguration, initializerRange: Float = 0.02, paddingID: Int = 0,
    labels: SequenceLabels? = nil
  ) {
    self.labels = labels
    self.architecture = architecture
    self.encoder = encoder
    self.initializerRange = initializerRange
    self.paddingID = paddingID
  }

  /// What `config.json` says of `encoder`, whose heads decide the class that opens it.
  package init(of encoder: EncoderConfiguration, paddingID: Int = 0) {
    self.init(
      architecture: encoder.attention == .causal ? .causalLM : encoder.nextSegmentHead ? .preTraining : .maskedLM,
      encoder: encoder, paddingID: paddingID)
  }
}

extension HuggingFaceConfiguration {
  /// Hugging Face's spelling of what is read; every key may be missing, and has BERT-base's value then.
  enum Key: String, CodingKey {
    case vocabularySize = "vocab_size"
    case hidden = "hidden_size"
    case layers = "num_hidden_layers"
    case heads = "num_attention_heads"
    case inner = "intermediate_size"
    case positions = "max_position_embeddings"
    case segments = "type_vocab_size"
    case activation = "hidden_act"
    case dropout = "hidden_dropout_prob"
    case attentionDropout = "attention_probs_dropout_prob"
    case epsilon = "layer_norm_eps"
    case initializerRange = "initializer_range"
    case paddingID = "pad_token_id"
    case modelType = "model_type"
    case architectures
    case positionType = "position_embedding_type"
    case isDecoder = "is_decoder"
    case crossAttention = "add_cross_attention"
    case labelNames = "id2label"
    case labelCount = "num_labels"
    case problem = "problem_type"
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

  /// The keys as they stand in a file, not yet believed.
  private struct File: Decodable {
    typealias CodingKeys = Key

    let vocabularySize, hidden, layers, heads, inner, positions, segments: Int?
    let activation: String?
    let dropout, attentionDropout, epsilon, initializerRange: Float?
    let paddingID: Int?
    let modelType: String?
    let architectures: [String]?
    let positionType: String?
    let isDecoder, crossAttention: Bool?
    let labelNames: [String: String]?
    let labelCount: Int?
    let problem: String?

    /// The labels by their numbers, as `id2label` names them.
    func labels() throws(HuggingFaceError.Fault) -> SequenceLabels {
      let names =
        labelNames ?? Dictionary(uniqueKeysWithValues: (0..<(labelCount ?? 2)).map { ("\($0)", "LABEL_\($0)") })
      let ordered = names.indices.isEmpty ? [] : (0..<names.count).map { names["\($0)"] }
      guard !ordered.isEmpty, !ordered.contains(nil) else {
        throw .setting(
          key: Key.labelNames.rawValue, found: "\(names.keys.sorted())", expected: "the numbers of all labels from 0 on"
        )
      }
      let task: ClassificationHead.Task = ordered.count == 1 ? .regression : .classification
      let expected = task == .regression ? "regression" : "single_label_classification"
      guard problem == nil || problem == expected else {
        throw .setting(
          key: Key.problem.rawValue, found: problem ?? "", expected: "\(expected) for \(ordered.count) labels")
      }
      return SequenceLabels(task: task, names: ordered.compactMap(\.self))
    }
  }

  /// Classes whose encoder is read, and whose own head has no place here.
  private static let otherHeads: Set = [
    "BertForNextSentencePrediction", "BertForTokenClassification", "BertForQuestionAnswering", "BertForMultipleChoice",
  ]

  private init(_ file: File) throws(HuggingFaceError.Fault) {
    // Old files do not say it; whether the tensors are a BERT's is found out by reading them.
    let type = file.modelType ?? "bert"
    guard type == "bert" else { throw .architecture(found: "a model of type \(type)") }
    let name = file.architectures?.first ?? "BertModel"
    guard let architecture = Architecture(rawValue: name) ?? (Self.otherHeads.contains(name) ? .model : nil) else {
      throw .architecture(found: name)
    }
    let decodes = file.isDecoder ?? false
    let isCausal = architecture == .causalLM
    guard decodes == isCausal else {
      throw .setting(key: Key.isDecoder.rawValue, found: "\(decodes)", expected: "\(!decodes) for \(name)")
    }
    guard file.crossAttention != true else {
      throw .setting(key: Key.crossAttention.rawValue, found: "true", expected: "false")
    }
    let positions = file.positionType ?? "absolute"
    guard positions == "absolute" else {
      throw .setting(key: Key.positionType.rawValue, found: positions, expected: "absolute")
    }
    let activationName = file.activation ?? "gelu"
    let activations: [Activation] = [.gelu, .geluTanh, .relu]
    guard let activation = activations.first(where: { $0.rawValue == activationName }) else {
      let known = activations.map(\.rawValue).joined(separator: ", ")
      throw .setting(key: Key.activation.rawValue, found: activationName, expected: "one of \(known)")
    }
    self.init(
      architecture: architecture,
      encoder: EncoderConfiguration(
        vocabularySize: file.vocabularySize ?? 30522, hidden: file.hidden ?? 768, layers: file.layers ?? 12,
        heads: file.heads ?? 12, inner: file.inner ?? 3072, positions: file.positions ?? 512,
        segments: file.segments ?? 2, dropout: file.dropout ?? 0.1, attentionDropout: file.attentionDropout ?? 0.1,
        activation: activation, epsilon: file.epsilon ?? 1e-12, attention: isCausal ? .causal : .bidirectional,
        pooling: isCausal ? .last : .tail, nextSegmentHead: architecture == .preTraining),
      initializerRange: file.initializerRange ?? 0.02, paddingID: file.paddingID ?? 0,
      labels: architecture == .sequenceClassification ? try file.labels() : nil)
    try check()
  }

  /// Sizes are positive, heads divide the hidden size, probabilities are below 1.
  private func check() throws(HuggingFaceError.Fault) {
    let sizes: [(Key, Int)] = [
      (.vocabularySize, encoder.vocabularySize), (.hidden, encoder.hidden), (.layers, encoder.layers),
      (.heads, encoder.heads), (.inner, encoder.inner), (.positions, encoder.positions),
      (.segments, encoder.segments),
    ]
    for (key, size) in sizes where !(1...Int(Int32.max)).contains(size) {
      throw .setting(key: key.rawValue, found: "\(size)", expected: "a number from 1 to \(Int32.max)")
    }
    guard encoder.hidden % encoder.heads == 0 else {
      throw .setting(
        key: Key.heads.rawValue, found: "\(encoder.heads)",
        expected: "a divisor of \(Key.hidden.rawValue) \(encoder.hidden)")
    }
    let probabilities: [(Key, Float)] = [
      (.dropout, encoder.dropout), (.attentionDropout, encoder.attentionDropout),
    ]
    for (key, value) in probabilities where !(value >= 0 && value < 1) {
      throw .setting(key: key.rawValue, found: "\(value)", expected: "a probability from 0 to below 1")
    }
    guard encoder.epsilon > 0, encoder.epsilon.isFinite else {
      throw .setting(key: Key.epsilon.rawValue, found: "\(encoder.epsilon)", expected: "a positive number")
    }
  }
}

extension HuggingFaceConfiguration {
  private var labelNames: String {
    guard let labels else { return "" }
    let names = labels.names.enumerated().map { "\n    \"\($0)\": \(JSONString.quote($1))" }
    let numbers = labels.names.enumerated().map { "\n    \(JSONString.quote($1)): \($0)" }
    return "\n  \"id2label\": {\(names.joined(separator: ","))\n  },\n  \"label2id\": {"
      + "\(numbers.joined(separator: ","))\n  },"
  }

  private var problem: String {
    guard let labels else { return "" }
    return "\n  \"problem_type\": \"\(labels.task == .regression ? "regression" : "single_label_classification")\","
  }

  /// The text of `config.json`, with every key that `save_pretrained` writes but the version of its own program.
  package var json: String {
    """
    {
      "add_cross_attention": false,
      "architectures": [
        "\(architecture.rawValue)"
      ],
      "attention_probs_dropout_prob": \(encoder.attentionDropout),
      "bos_token_id": null,
      "classifier_dropout": null,
      "dtype": "float32",
      "eos_token_id": null,
      "hidden_act": "\(encoder.activation.rawValue)",
      "hidden_dropout_prob": \(encoder.dropout),
      "hidden_size": \(encoder.hidden),\(labelNames)
      "initializer_range": \(initializerRange),
      "intermediate_size": \(encoder.inner),
      "is_decoder": \(architecture == .causalLM),
      "layer_norm_eps": \(encoder.epsilon),
      "max_position_embeddings": \(encoder.positions),
      "model_type": "bert",
      "num_attention_heads": \(encoder.heads),
      "num_hidden_layers": \(encoder.layers),
      "pad_token_id": \(paddingID),\(problem)
      "tie_word_embeddings": true,
      "type_vocab_size": \(encoder.segments),
      "use_cache": true,
      "vocab_size": \(encoder.vocabularySize)
    }

    """
  }
}
