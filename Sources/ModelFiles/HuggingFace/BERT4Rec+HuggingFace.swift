import Interactions
import Kernels
import NeuralNetwork
import SequentialModels

extension BERT4Rec {
  /// The model as a Hugging Face directory holds it; a head that Hugging Face does not have becomes one that does nothing,
  /// and an item table that is a sum is written as it is read.
  ///
  /// - Parameter hasTable: whether the item table is among the tensors, or written from where it stands (`storedTable`).
  package func huggingFace(tokenizer: Tokenizer?, hasTable: Bool = true) -> HuggingFaceModel {
    var tensors: [String: NamedTensor] = [:]
    let identity = identityHead
    let token = network.encoder.embeddings.token
    let ours = [PoolingLayer.tensorPrefix, FeatureTable.tensorPrefix]
    for tensor in network.layout.tensors where !ours.contains(where: tensor.name.hasPrefix) && tensor != token {
      tensors[tensor.name] = NamedTensor(
        name: tensor.name, shape: tensor.shape, values: identity[tensor.name] ?? parameters[tensor].values)
    }
    if hasTable {
      tensors[token.name] = NamedTensor(
        name: token.name, shape: token.shape, values: network.itemTable(in: parameters).values)
    }
    if let sum = network.features { tensors[sum.ownBias.name]?.values = parameters[sum.bias].values }
    return HuggingFaceModel(
      configuration: HuggingFaceConfiguration(of: network.configuration, paddingID: vocabulary.specials.padding),
      tensors: tensors, tokenizer: tokenizer)
  }
}

extension BERT4Rec {
  /// The item table as Hugging Face's file has it, written from where it stands.
  ///
  /// - Parameter spread: its rows, where they are spread over processes.
  func storedTable(_ spread: SpreadNumbers?) -> StreamedTensor {
    let token = network.encoder.embeddings.token
    guard let spread else { return StreamedTensor(token.name, token.shape, network.itemTable(in: parameters)) }
    return StreamedTensor(token.name, token.shape, spread)
  }
}

extension HuggingFaceModel {
  /// The model with the heads that name tokens; those that it lacks start fresh.
  package func withHeads() -> HuggingFaceModel {
    let network = BERTNetwork(configuration.encoder)
    let parameters = network.parameters(from: self, seed: 0)
    let tensors = network.layout.tensors.map {
      ($0.name, NamedTensor(name: $0.name, shape: $0.shape, values: parameters[$0].values))
    }
    return HuggingFaceModel(
      source: source,
      configuration: HuggingFaceConfiguration(of: configuration.encoder, paddingID: configuration.paddingID),
      tensors: Dictionary(uniqueKeysWithValues: tensors), tokenizer: tokenizer)
  }
}

extension BERTNetwork {
  /// Parameters with the tensors of `model`; those it does not have start fresh.
  ///
  /// - Parameter items: where the item table is spread over processes and was left in its file: this process's rows are zero
  ///   until they are read.
  package func parameters(
    from model: HuggingFaceModel, seed: UInt64, deviation: Double = 0.02, items: ItemShards? = nil
  ) -> ParameterVector {
    let parameters = initialParameters(seed: seed, deviation: deviation, items: items, except: model.has)
    for tensor in layout.tensors {
      guard let values = model.tensors[tensor.name] else { continue }
      precondition(values.shape == tensor.shape, "\(tensor.name) has shape \(values.shape), expected \(tensor.shape)")
      parameters[tensor].assign(values.values)
    }
    makeTable(parameters, workers: Workers(threads: 1))
    return parameters
  }
}
