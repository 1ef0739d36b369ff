import DurableFiles
import Foundation
import Interactions
import Kernels
import NeuralNetwork
import SequentialModels

/// A model directory to load or to go on from, ours or Hugging Face's: its weights, its vocabulary, its switches.
package struct PretrainedModel: Sendable {
  /// Weights by name, those of a pooling included, and the tokenizer.
  package private(set) var stored: HuggingFaceModel
  /// nil where the directory is not ours.
  package let card: ModelCard?
  /// What the rows of items are made of; nil where items have no features.
  package let parts: ModelFeatures.Parts?
  /// How many items and positions were appended since it was read; their rows are the last of their tables.
  package private(set) var newItems = 0
  package private(set) var newPositions = 0

  /// Whether every file was found to be as it was written.
  package var isVerified: Bool { card?.checksums != nil }

  /// - Parameter leavesTable: whether the item table, and what items have of their own beside their features, stay in their
  ///   files: `parameters` reads rows then.
  /// - Throws: `ModelDirectoryError`, `ChecksumError`, `HuggingFaceError`, `SafetensorsError`.
  package static func read(_ url: URL, leavesTable: Bool = false) throws -> PretrainedModel {
    while true {
      let card = try ModelDirectory.readCard(url)
      do {
        return try read(url, card, leavesTable: leavesTable)
      } catch {
        // A training that ended meanwhile has put another model there.
        if try ModelDirectory.readCard(url) == card { throw error }
      }
    }
  }

  private static func read(_ url: URL, _ card: ModelCard?, leavesTable: Bool) throws -> PretrainedModel {
    try card?.checksums?.verify(url, card: ModelDirectory.cardName)
    var stored = try HuggingFaceModel.read(url, leavesTable: leavesTable)
    try checkSizes(stored.configuration, card, at: url)
    let pooling = url.appendingPathComponent(ModelDirectory.poolingName)
    if card != nil, FileManager.default.fileExists(atPath: pooling.path) {
      let file = try Safetensors.read(pooling)
      for name in file.names where name.hasPrefix(PoolingLayer.tensorPrefix) {
        stored.tensors[name] = NamedTensor(name: name, shape: try file.shape(name), values: try file.floats(name))
      }
    }
    let encoder = stored.configuration.encoder
    let parts =
      card == nil
      ? nil
      : try ModelFeatures.read(
        in: url, vocabularySize: encoder.vocabularySize, hidden: encoder.hidden, leavesOwn: leavesTable)
    return PretrainedModel(stored: stored, card: card, parts: parts)
  }

  private init(stored: HuggingFaceModel, card: ModelCard?, parts: ModelFeatures.Parts?) {
    self.stored = stored
    self.card = card
    self.parts = parts
  }

  /// The encoder as it was trained; a Hugging Face directory is read off at the masked tail, or at the last item where
  /// it is causal.
  package var configuration: EncoderConfiguration { Self.encoder(stored.configuration, card) }

  /// What the directory at `url` holds, without its weights.
  ///
  /// - Throws: `ModelDirectoryError`, `HuggingFaceError`.
  package static func readConfiguration(
    _ url: URL
  ) throws -> (encoder: EncoderConfiguration, file: HuggingFaceConfiguration) {
    let card = try ModelDirectory.readCard(url)
    try card?.checksums?.verify(url, card: ModelDirectory.cardName, only: "config.json")
    let file = try HuggingFaceModel.readConfiguration(url)
    try checkSizes(file, card, at: url)
    return (encoder(file, card), file)
  }

  /// Refuses a card of another model than that of `file`.
  private static func checkSizes(_ file: HuggingFaceConfiguration, _ card: ModelCard?, at url: URL) throws {
    guard let own = card?.configuration else { return }
    for (key, found, expected) in [
      ("vocabularySize", own.vocabularySize, file.encoder.vocabularySize), ("hidden", own.hidden, file.encoder.hidden),
      ("layers", own.layers, file.encoder.layers), ("heads", own.heads, file.encoder.heads),
      ("inner", own.inner, file.encoder.inner), ("positions", own.positions, file.encoder.positions),
      ("segments", own.segments, file.encoder.segments),
    ] where found != expected {
      let card = url.appendingPathComponent(ModelDirectory.cardName).path
      throw ModelDirectoryError.sizes(path: card, key: "configuration.\(key)", found: found, expected: expected)
    }
  }

  private static func encoder(_ file: HuggingFaceConfiguration, _ card: ModelCard?) -> EncoderConfiguration {
    var encoder = file.encoder
    if let own = card?.configuration {
      encoder.attention = own.attention
      encoder.pooling = own.pooling
      encoder.head = own.head
      encoder.opensWithCLS = own.opensWithCLS
    }
    return encoder
  }

  /// The tokenizer.
  ///
  /// - Throws: `ModelDirectoryError.noVocabulary` where there is none.
  package func tokenizer() throws(ModelDirectoryError) -> Tokenizer {
    guard let tokenizer = stored.tokenizer else { throw .noVocabulary(path: stored.source) }
    return tokenizer
  }

  /// Appends the items of `log` that the vocabulary lacks.
  ///
  /// - Parameter words: the vectors of what items say; read where new rows start from text.
  /// - Throws: `HuggingFaceError` where there is no vocabulary.
  package mutating func take(
    itemsOf log: InteractionLog, by extending: VocabularyExtension, words: ItemVectors? = nil
  ) throws(HuggingFaceError) -> VocabularyExtension.Report {
    let report = try extending.apply(log, to: &stored, words: words)
    newItems += report.added
    return report
  }

  /// Makes sure of `count` positions; more than there are are drawn where `extends` allows it.
  ///
  /// - Throws: `HuggingFaceError` with both numbers where it does not.
  package mutating func requirePositions(_ count: Int, extends: Bool, seed: UInt64) throws(HuggingFaceError) {
    let before = stored.configuration.encoder.positions
    try stored.requirePositions(count, extends: extends, seed: seed)
    newPositions += stored.configuration.encoder.positions - before
  }

  /// Keeps the first `count` positions only.
  package mutating func dropPositions(after count: Int) { stored.dropPositions(after: count) }

  /// The parameters of `network`; tensors that the checkpoint does not have start fresh.
  ///
  /// - Parameter items: where the item table is spread over processes, of which each reads its own rows.
  /// - Throws: `SafetensorsError` naming a pooling's tensor of another shape; `HuggingFaceError` where rows cannot be read.
  package func parameters(
    of network: BERTNetwork, seed: UInt64, deviation: Double = 0.02, items: ItemShards? = nil
  ) throws -> ParameterVector {
    for tensor in network.layout.tensors where tensor.name.hasPrefix(PoolingLayer.tensorPrefix) {
      guard let found = stored.tensors[tensor.name]?.shape, found != tensor.shape else { continue }
      throw SafetensorsError(
        path: "\(stored.source)/\(ModelDirectory.poolingName)",
        fault: .shape(tensor: tensor.name, found: found, expected: tensor.shape))
    }
    precondition((stored.storedTable == nil) == (items == nil), "a table is left in its file to be read by rows")
    let parameters = network.parameters(from: stored, seed: seed, deviation: deviation, items: items)
    if let items { try stored.storedTable?.read(items.own, into: parameters[items.table]) }
    return parameters
  }

  /// The tensors of `network` that the checkpoint does not have.
  package func fresh(in network: BERTNetwork) -> [String] {
    network.layout.tensors.map(\.name).filter { !stored.has($0) }
  }
}
