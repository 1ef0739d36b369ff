import Interactions
import Kernels
import NeuralNetwork
import SequentialModels

extension BERT4Rec {
  /// The model as a Hugging Face directory holds it; a head that Hugging Face does not have becomes one that does nothing.
  package func huggingFace(tokenizer: Tokenizer?) -> HuggingFaceModel {
    var tensors: [String: NamedTensor] = [:]
    let identity = identityHead
    for tensor in network.layout.tensors where !tensor.name.hasPrefix(PoolingLayer.tensorPrefix) {
      tensors[tensor.name] = NamedTensor(
        name: tensor.name, shape: tensor.shape, values: identity[tensor.name] ?? parameters[tensor].values)
    }
    return HuggingFaceModel(
      configuration: HuggingFaceConfiguration(of: network.configuration, paddingID: vocabulary.specials.padding),
      tensors: tensors, tokenizer: tokenizer)
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
