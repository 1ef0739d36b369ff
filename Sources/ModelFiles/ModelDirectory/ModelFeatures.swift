import DurableFiles
import Foundation
import Items
import Kernels
import NeuralNetwork
import SequentialModels

/// The features that a model's item rows are made of: enough to make rows of items that it has never seen.
package struct ModelFeatures: Codable, Sendable, Equatable {
  package var vocabulary: FeatureVocabulary
  package var idDropout: Double
  /// SHA-256 of the item file that it was trained with.
  package var itemsFingerprint: String

  package init(vocabulary: FeatureVocabulary, idDropout: Double, itemsFingerprint: String) {
    self.vocabulary = vocabulary
    self.idDropout = idDropout
    self.itemsFingerprint = itemsFingerprint
  }

  static let fileName = "item-features.json"
  static let tensorsName = "item-features.safetensors"

  /// What a model's table is made of, as tensors; the table itself is Hugging Face's.
  package struct Parts: Sendable {
    /// `[vocabulary, hidden]` and `[vocabulary]`: what each item has of its own.
    package let own, ownBias: [Float]
    /// `[values, hidden]` and `[values]`.
    package let values, valueBias: [Float]
    /// Tokens of items that had no event to learn from.
    package let untrained: [Int32]
    package let features: ModelFeatures

    package init(
      own: [Float], ownBias: [Float], values: [Float], valueBias: [Float], untrained: [Int32], features: ModelFeatures
    ) {
      self.own = own
      self.ownBias = ownBias
      self.values = values
      self.valueBias = valueBias
      self.untrained = untrained
      self.features = features
    }
  }

  /// Writes the parts of `model`, whose network has features, into `folder`.
  ///
  /// - Throws: `DurableFileError`.
  func write(_ model: BERT4Rec, in folder: URL) throws {
    guard let sum = model.network.features else { preconditionFailure("a model without features has none to write") }
    let prefix = FeatureTable.tensorPrefix
    var tensors = [
      ("own.weight", sum.own), ("own.bias", sum.ownBias), ("values.weight", sum.values),
      ("values.bias", sum.valueBias),
    ].map { name, tensor in
      NamedTensor(name: prefix + name, shape: tensor.shape, values: model.parameters[tensor].values)
    }
    var untrained = [Float](repeating: 0, count: sum.own.rows)
    for token in sum.features.untrained { untrained[Int(token)] = 1 }
    tensors.append(NamedTensor(name: prefix + "untrained", shape: [sum.own.rows], values: untrained))
    try Safetensors.write(tensors, to: folder.appendingPathComponent(Self.tensorsName))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try DurableFile.write(encoder.encode(self), to: folder.appendingPathComponent(Self.fileName))
  }

  /// The parts that the model directory at `folder` has; nil where its items have no features.
  ///
  /// - Throws: `HuggingFaceError` or `SafetensorsError` where a file cannot be read or does not fit.
  package static func read(in folder: URL, vocabularySize: Int, hidden: Int) throws -> Parts? {
    let file = folder.appendingPathComponent(fileName)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    let features = try TextFile.decodeWithText(ModelFeatures.self, from: file).0
    let url = folder.appendingPathComponent(tensorsName)
    let tensors = try Safetensors.read(url)
    let count = features.vocabulary.valueCount
    func floats(_ name: String, _ shape: [Int]) throws -> [Float] {
      let name = FeatureTable.tensorPrefix + name
      let found = try tensors.shape(name)
      if found != shape {
        throw SafetensorsError(path: url.path, fault: .shape(tensor: name, found: found, expected: shape))
      }
      return try tensors.floats(name)
    }
    let untrained = try floats("untrained", [vocabularySize])
    return Parts(
      own: try floats("own.weight", [vocabularySize, hidden]), ownBias: try floats("own.bias", [vocabularySize]),
      values: try floats("values.weight", [count, hidden]), valueBias: try floats("values.bias", [count]),
      untrained: untrained.indices.filter { untrained[$0] != 0 }.map { Int32($0) }, features: features)
  }
}

extension ModelFeatures.Parts {
  /// Gives `parameters` of a network with the same features these parts, and makes its table.
  ///
  /// Rows behind the last one here, those of items that were appended, begin with their features alone.
  package func assign(to parameters: ParameterVector, of network: BERTNetwork, workers: Workers) {
    guard let sum = network.features else { return }
    let known = ownBias.count
    parameters[sum.own].rows(0..<known).assign(own)
    parameters.flat(sum.ownBias.offset..<sum.ownBias.offset + known).assign(ownBias)
    for row in known..<sum.own.rows where sum.features.rows.isDescribed(row) {
      parameters[sum.own].rows(row..<row + 1).fill(0)
    }
    parameters[sum.values].assign(values)
    parameters[sum.valueBias].assign(valueBias)
    network.makeTable(parameters, workers: workers)
  }
}
