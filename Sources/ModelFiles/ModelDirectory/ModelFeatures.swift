import DurableFiles
import Foundation
import Interactions
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
  /// Where the vectors of items came from; nil where they have none.
  package var vectors: VectorSource?

  package init(
    vocabulary: FeatureVocabulary, idDropout: Double, itemsFingerprint: String, vectors: VectorSource? = nil
  ) {
    self.vocabulary = vocabulary
    self.idDropout = idDropout
    self.itemsFingerprint = itemsFingerprint
    self.vectors = vectors
  }

  /// Where vectors came from and how they are read: what was wide is cut down to the axes along which items differ most.
  package struct VectorSource: Codable, Sendable, Equatable {
    package var file: String
    /// Numbers of a vector, and on how many axes it is read.
    package var width, axes: Int
    package var fingerprint: String
    /// What they were made of; nil where they come from a file.
    package var text: TextSource?

    package init(_ vectors: ItemVectors, axes: Int, text: TextSource? = nil) {
      (file, width, fingerprint) = (vectors.source, vectors.width, vectors.fingerprint)
      self.axes = axes
      self.text = text
    }
  }

  /// Columns whose words were read, and by what.
  package struct TextSource: Codable, Sendable, Equatable {
    package var columns: [String]
    package var pooling: TextEncoder.Pooling
    /// Of the encoder.
    package var fingerprint: String

    package init(columns: [String], by encoder: TextEncoder) {
      self.columns = columns
      (pooling, fingerprint) = (encoder.pooling, encoder.fingerprint)
    }

    /// The vectors of the items of `table` that are wanted, by the encoder at `path`.
    ///
    /// - Throws: `TextEncoderError.other` where it is not the one of the training.
    package func vectors(
      of table: ItemTable, path: String, model: String, workers: Workers, cache: TextCache? = nil,
      count: inout TextEncoder.Count, for isWanted: (Identifier) -> Bool
    ) throws -> ItemVectors {
      let encoder = try TextEncoder(URL(fileURLWithPath: path), pooling: pooling, workers: workers)
      if encoder.fingerprint != fingerprint { throw TextEncoderError.other(path: path, model: model) }
      return try ItemVectors(texts: columns, of: table, by: encoder, cache: cache, count: &count, for: isWanted)
    }
  }

  /// Of all that it was trained with beside the log.
  package var fingerprints: [String] {
    [itemsFingerprint].filter { !$0.isEmpty } + (vectors.map { [$0.fingerprint] } ?? [])
  }

  static let fileName = "item-features.json"
  static let tensorsName = "item-features.safetensors"

  /// What a model's table is made of, as tensors; the table itself is Hugging Face's.
  package struct Parts: Sendable {
    /// `[vocabulary, hidden]` and `[vocabulary]`: what each item has of its own; the rows are empty where they were left in
    /// their file.
    package var own, ownBias: [Float]
    /// `[values, hidden]` and `[values]`.
    package var values, valueBias: [Float]
    /// `[axes, hidden]` and `[axes]`; empty without vectors.
    package var map, mapBias: [Float]
    /// How vectors are read; nil without any.
    package var whitening: VectorWhitening?
    /// Tokens of items that had no event to learn from.
    package var untrained: [Int32]
    package var features: ModelFeatures

    package init(
      own: [Float], ownBias: [Float], values: [Float], valueBias: [Float], map: [Float] = [], mapBias: [Float] = [],
      whitening: VectorWhitening? = nil, untrained: [Int32], features: ModelFeatures
    ) {
      (self.own, self.ownBias) = (own, ownBias)
      (self.values, self.valueBias) = (values, valueBias)
      (self.map, self.mapBias) = (map, mapBias)
      self.whitening = whitening
      self.untrained = untrained
      self.features = features
    }
  }

  /// Writes the parts of `model`, whose network has features, into `folder`.
  ///
  /// - Throws: `DurableFileError`.
  func write(_ model: BERT4Rec, whitening: VectorWhitening?, in folder: URL) throws {
    guard let sum = model.network.features else { preconditionFailure("a model without features has none to write") }
    let prefix = FeatureTable.tensorPrefix
    let parts: [(name: String, tensor: ParameterTensor?)] = [
      ("own.weight", sum.own), ("own.bias", sum.ownBias), ("values.weight", sum.values),
      ("values.bias", sum.valueBias), ("vectors.weight", sum.map), ("vectors.bias", sum.mapBias),
    ]
    var tensors = parts.compactMap { name, tensor in
      tensor.map { NamedTensor(name: prefix + name, shape: $0.shape, values: model.parameters[$0].values) }
    }
    if let whitening {
      tensors.append(
        NamedTensor(name: prefix + "vectors.mean", shape: [whitening.mean.count], values: whitening.mean))
      tensors.append(
        NamedTensor(
          name: prefix + "vectors.axes", shape: [whitening.axes.rows, whitening.axes.columns],
          values: whitening.axes.values))
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
  /// - Parameter leavesOwn: whether what items have of their own stays in its file.
  /// - Throws: `HuggingFaceError` or `SafetensorsError` where a file cannot be read or does not fit.
  package static func read(
    in folder: URL, vocabularySize: Int, hidden: Int, leavesOwn: Bool = false
  ) throws -> Parts? {
    let file = folder.appendingPathComponent(fileName)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    let features = try TextFile.decodeWithText(ModelFeatures.self, from: file).0
    let url = folder.appendingPathComponent(tensorsName)
    let tensors = try Safetensors.read(url, byParts: leavesOwn)
    func floats(_ name: String, _ shape: [Int]) throws -> [Float] {
      if shape[0] == 0 { return [] }
      let name = FeatureTable.tensorPrefix + name
      let found = try tensors.shape(name)
      if found != shape {
        throw SafetensorsError(path: url.path, fault: .shape(tensor: name, found: found, expected: shape))
      }
      return try tensors.floats(name)
    }
    let (count, axes) = (features.vocabulary.valueCount, features.vectors?.axes ?? 0)
    let untrained = try floats("untrained", [vocabularySize])
    let whitening = try features.vectors.map { vectors in
      VectorWhitening(
        mean: try floats("vectors.mean", [vectors.width]),
        axes: Matrix(rows: axes, columns: vectors.width, try floats("vectors.axes", [axes, vectors.width])))
    }
    return Parts(
      own: leavesOwn ? [] : try floats("own.weight", [vocabularySize, hidden]),
      ownBias: try floats("own.bias", [vocabularySize]),
      values: try floats("values.weight", [count, hidden]), valueBias: try floats("values.bias", [count]),
      map: try floats("vectors.weight", [axes, hidden]), mapBias: try floats("vectors.bias", [axes]),
      whitening: whitening, untrained: untrained.indices.filter { untrained[$0] != 0 }.map { Int32($0) },
      features: features)
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
    for row in known..<sum.own.rows where sum.features.isDescribed(row) {
      parameters[sum.own].rows(row..<row + 1).fill(0)
    }
    for (tensor, numbers) in [
      (sum.values, values), (sum.valueBias, valueBias), (sum.map, map), (sum.mapBias, mapBias),
    ] {
      if let tensor { parameters[tensor].assign(numbers) }
    }
    network.makeTable(parameters, workers: workers)
  }

  /// Whether a network with `features` has these parts: the same values, and vectors that are read on the same axes.
  package func fits(_ features: ModelFeatures, _ whitening: VectorWhitening?) -> Bool {
    self.features.vocabulary == features.vocabulary && self.whitening == whitening
  }
}
