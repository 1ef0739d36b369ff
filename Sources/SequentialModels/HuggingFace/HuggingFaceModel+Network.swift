import Kernels
import NeuralNetwork

extension BERTConfiguration {
  /// The encoder of a Hugging Face directory, scored at its masked tail (or its last item, where it is causal).
  package init(_ c: HuggingFaceConfiguration, nextSegmentHead: Bool = false) {
    self.init(
      vocabularySize: c.vocabularySize, hidden: c.hiddenSize, layers: c.layerCount, heads: c.headCount,
      inner: c.innerSize, positions: c.positionCount, segments: c.segmentCount, dropout: c.hiddenDropout,
      attentionDropout: c.attentionDropout, activation: c.activation, epsilon: c.layerNormEpsilon,
      attention: c.isCausal ? .causal : .bidirectional, pooling: c.isCausal ? .last : .tail,
      nextSegmentHead: nextSegmentHead)
  }
}

extension HuggingFaceConfiguration {
  /// What Hugging Face needs to know of an encoder; how its states are pooled has no place there.
  package init(_ c: BERTConfiguration, paddingID: Int = SpecialTokens.first.padding) {
    self.init(
      architecture: c.attention == .causal ? .causalLM : c.nextSegmentHead ? .preTraining : .maskedLM,
      vocabularySize: c.vocabularySize, hiddenSize: c.hidden, layerCount: c.layers, headCount: c.heads,
      innerSize: c.inner, positionCount: c.positions, segmentCount: c.segments, activation: c.activation,
      hiddenDropout: c.dropout, attentionDropout: c.attentionDropout, layerNormEpsilon: c.epsilon,
      paddingID: paddingID)
  }
}

extension HuggingFaceModel {
  /// The numbers of `network`'s tensors that Hugging Face knows, copied.
  package init(_ network: BERTNetwork, _ parameters: ParameterVector, tokenizer: Tokenizer?) {
    let padding = tokenizer?.vocabulary.specials.padding ?? SpecialTokens.first.padding
    self.init(
      configuration: HuggingFaceConfiguration(network.configuration, paddingID: padding), tensors: [:],
      tokenizer: tokenizer)
    for group in TensorNames.groups(of: configuration.architecture) {
      for (name, shape) in TensorNames.shapes(of: group, in: configuration) {
        guard let tensor = network.layout[name] else { preconditionFailure("the network has no tensor \(name)") }
        tensors[name] = NamedTensor(name: name, shape: shape, values: parameters[tensor].values)
      }
    }
  }

  /// Overwrites the tensors of `network` that this model has; their shapes must agree.
  ///
  /// - Returns: the names of the network's tensors that were left as they were.
  package func assign(to parameters: ParameterVector, of network: BERTNetwork) -> [String] {
    var missing: [String] = []
    for tensor in network.layout.tensors {
      guard let source = tensors[tensor.name] else {
        missing.append(tensor.name)
        continue
      }
      precondition(source.shape == tensor.shape, "\(tensor.name): \(source.shape) into \(tensor.shape)")
      parameters[tensor].assign(source.values)
    }
    return missing
  }
}
