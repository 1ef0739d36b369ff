import NeuralNetwork
import SequentialModels

/// The names and shapes of a BERT's tensors, as Hugging Face's classes have them.
package enum TensorNames {
  package static let itemTable = "bert.embeddings.word_embeddings.weight"
  package static let positionTable = "bert.embeddings.position_embeddings.weight"
  package static let outputBias = "cls.predictions.bias"
  static let decoderWeight = "cls.predictions.decoder.weight"
  static let decoderBias = "cls.predictions.decoder.bias"
  static let layerPrefix = BERTNetwork.layerPrefix
  /// Buffers of old files that hold no weights.
  static let buffers: Set = ["bert.embeddings.position_ids", "bert.embeddings.token_type_ids"]

  /// Tensors that are there together or not at all.
  enum Group: CaseIterable { case encoder, pooler, maskedHead, nextSegmentHead, classifier }

  /// The name used here for `name` in a file: with the prefix `bert.`, and `weight`, `bias` for `gamma`, `beta`.
  static func canonical(_ name: String, isPrefixed: Bool) -> String {
    var name = isPrefixed || name.hasPrefix("cls.") || name.hasPrefix("classifier.") ? name : "bert." + name
    for (old, new) in [("LayerNorm.gamma", "LayerNorm.weight"), ("LayerNorm.beta", "LayerNorm.bias")]
    where name.hasSuffix(old) {
      name = name.dropLast(old.count) + new
    }
    return name
  }

  /// The layer that a tensor belongs to, as its name has it; nil for tensors of none.
  static func layer(of name: String) -> Substring? {
    name.hasPrefix(layerPrefix) ? name.dropFirst(layerPrefix.count).prefix { $0 != "." } : nil
  }

  /// Every tensor of a group with its shape.
  static func shapes(of group: Group, in configuration: HuggingFaceConfiguration) -> [(name: String, shape: [Int])] {
    let c = configuration.encoder
    return switch group {
    case .encoder:
      [
        (itemTable, [c.vocabularySize, c.hidden]),
        (positionTable, [c.positions, c.hidden]),
        ("bert.embeddings.token_type_embeddings.weight", [c.segments, c.hidden]),
      ] + layerNorm("bert.embeddings.LayerNorm", c.hidden)
        + (0..<c.layers).flatMap { layer("\(layerPrefix)\($0).", c) }
    case .pooler:
      dense("bert.pooler.dense", c.hidden, c.hidden)
    case .maskedHead:
      dense("cls.predictions.transform.dense", c.hidden, c.hidden)
        + layerNorm("cls.predictions.transform.LayerNorm", c.hidden)
        + [(outputBias, [c.vocabularySize])]
    case .nextSegmentHead:
      dense("cls.seq_relationship", c.hidden, 2)
    case .classifier:
      configuration.labels.map { dense("classifier", c.hidden, $0.names.count) } ?? []
    }
  }

  /// The groups that a file of `architecture` holds.
  static func groups(of architecture: HuggingFaceConfiguration.Architecture) -> [Group] {
    switch architecture {
    case .maskedLM, .causalLM: [.encoder, .maskedHead]
    case .preTraining: [.encoder, .pooler, .maskedHead, .nextSegmentHead]
    case .model: [.encoder, .pooler]
    case .sequenceClassification: [.encoder, .pooler, .classifier]
    }
  }

  private static func layer(_ prefix: String, _ c: EncoderConfiguration) -> [(name: String, shape: [Int])] {
    ["query", "key", "value"].flatMap { dense(prefix + "attention.self.\($0)", c.hidden, c.hidden) }
      + dense(prefix + "attention.output.dense", c.hidden, c.hidden)
      + layerNorm(prefix + "attention.output.LayerNorm", c.hidden)
      + dense(prefix + "intermediate.dense", c.hidden, c.inner)
      + dense(prefix + "output.dense", c.inner, c.hidden)
      + layerNorm(prefix + "output.LayerNorm", c.hidden)
  }

  private static func dense(_ name: String, _ inputs: Int, _ outputs: Int) -> [(name: String, shape: [Int])] {
    [(name + ".weight", [outputs, inputs]), (name + ".bias", [outputs])]
  }

  private static func layerNorm(_ name: String, _ size: Int) -> [(name: String, shape: [Int])] {
    [(name + ".weight", [size]), (name + ".bias", [size])]
  }
}
