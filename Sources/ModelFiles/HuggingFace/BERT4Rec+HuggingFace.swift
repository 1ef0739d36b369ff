import Interactions
import Kernels
import NeuralNetwork
import SequentialModels

extension BERTConfiguration {
  /// The sizes of a Hugging Face BERT, with the switches that only this program has.
  ///
  /// - Parameters:
  ///   - attention: causal where the directory says so, unless given.
  ///   - pooling: at the masked tail, or the last item of a causal encoder, unless given.
  package init(
    _ c: HuggingFaceConfiguration, attention: AttentionSpan? = nil, pooling: Pooling? = nil, head: Head = .mlm,
    nextSegmentHead: Bool
  ) {
    self.init(
      vocabularySize: c.vocabularySize, hidden: c.hiddenSize, layers: c.layerCount, heads: c.headCount,
      inner: c.innerSize, positions: c.positionCount, segments: c.segmentCount, dropout: c.hiddenDropout,
      attentionDropout: c.attentionDropout, activation: c.activation, epsilon: c.layerNormEpsilon,
      attention: attention ?? (c.isCausal ? .causal : .bidirectional), pooling: pooling ?? (c.isCausal ? .last : .tail),
      head: head, nextSegmentHead: nextSegmentHead)
  }

  /// What `config.json` says of this encoder; how its states are pooled has no place there.
  package var huggingFace: HuggingFaceConfiguration {
    HuggingFaceConfiguration(
      architecture: attention == .causal ? .causalLM : nextSegmentHead ? .preTraining : .maskedLM,
      vocabularySize: vocabularySize, hiddenSize: hidden, layerCount: layers, headCount: heads, innerSize: inner,
      positionCount: positions, segmentCount: segments, activation: activation, hiddenDropout: dropout,
      attentionDropout: attentionDropout, layerNormEpsilon: epsilon)
  }
}

extension BERT4Rec {
  /// The model as a Hugging Face directory holds it; a head that Hugging Face does not have becomes one that does nothing.
  package func huggingFace(tokenizer: Tokenizer?) -> HuggingFaceModel {
    var tensors: [String: NamedTensor] = [:]
    let identity = identityHead
    for tensor in network.layout.tensors where !tensor.name.hasPrefix(BERTNetwork.poolingPrefix) {
      tensors[tensor.name] = NamedTensor(
        name: tensor.name, shape: tensor.shape, values: identity[tensor.name] ?? parameters[tensor].values)
    }
    var configuration = network.configuration.huggingFace
    configuration.paddingID = vocabulary.specials.padding
    return HuggingFaceModel(configuration: configuration, tensors: tensors, tokenizer: tokenizer)
  }
}

extension BERTNetwork {
  /// Parameters with the tensors of `model`; those it does not have start fresh.
  package func parameters(
    from model: HuggingFaceModel, seed: UInt64, deviation: Double = 0.02
  ) -> ParameterVector {
    let parameters = initialParameters(seed: seed, deviation: deviation, except: { model.tensors[$0] != nil })
    for tensor in layout.tensors {
      guard let values = model.tensors[tensor.name] else { continue }
      precondition(values.shape == tensor.shape, "\(tensor.name) has shape \(values.shape), expected \(tensor.shape)")
      parameters[tensor].assign(values.values)
    }
    return parameters
  }
}
