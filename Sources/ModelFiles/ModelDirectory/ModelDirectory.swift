import Collectives
import DurableFiles
import Foundation
import Interactions
import Kernels
import NeuralNetwork
import SequentialModels

/// A model on disk: a directory that Hugging Face opens, with `cloze.json` beside for what it has no place for.
package enum ModelDirectory {
  static let cardName = "cloze.json"
  static let poolingName = "pooling.safetensors"

  /// Files that belong to a model, which no other output may take the place of.
  package static let ownFiles = [
    "model.safetensors", poolingName, "config.json", cardName, "vocab.txt", "tokenizer.json", "tokenizer_config.json",
    "special_tokens_map.json", "record.json", "cost.json", "results.json", ModelFeatures.fileName,
    ModelFeatures.tensorsName, ClassifierDirectory.recordName,
  ]

  /// A model, the items it knows, and its card.
  package struct Loaded: Sendable {
    package let model: BERT4Rec
    /// The model's items: `ItemID(i)` is the token at `model.vocabulary.tokens[i]`.
    package let items: Catalog
    package let tokenizer: Tokenizer
    package let card: ModelCard
    /// What the rows of items are made of; nil where items have no features.
    package let parts: ModelFeatures.Parts?
    /// Whether every file was found to be as it was written; a directory of Hugging Face's, or of version 0.1, has no sums.
    package var isVerified: Bool { card.checksums != nil }
    /// The SHA-256 of the card, which has those of all files of a model of ours.
    package var fingerprint: String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      var hash = SHA256()
      if let text = try? encoder.encode(card) { hash.update(text.bytes) }
      return hash.hexadecimal()
    }

    package init(
      model: BERT4Rec, items: Catalog, tokenizer: Tokenizer, card: ModelCard, parts: ModelFeatures.Parts? = nil
    ) {
      self.model = model
      self.items = items
      self.tokenizer = tokenizer
      self.card = card
      self.parts = parts
    }
  }

  /// Replaces the model directory at `url`, whole, or leaves it as it was; other files in it are kept.
  ///
  /// - Parameter rows: the item table, where its rows are spread over processes.
  /// - Throws: `ModelDirectoryError` where something else stands there; `DurableFileError`.
  package static func write(
    _ model: BERT4Rec, tokenizer: Tokenizer, card: ModelCard, features: ModelFeatures? = nil,
    whitening: VectorWhitening? = nil, rows: SpreadNumbers? = nil, to url: URL,
    also write: (URL) throws -> Void = { _ in }
  ) throws {
    try replace(url, card: card) { folder in
      try model.huggingFace(tokenizer: tokenizer, hasTable: false).write(to: folder, table: model.storedTable(rows))
      let pooling = model.network.layout.tensors.filter { $0.name.hasPrefix(PoolingLayer.tensorPrefix) }.map {
        NamedTensor(name: $0.name, shape: $0.shape, values: model.parameters[$0].values)
      }
      if !pooling.isEmpty { try Safetensors.write(pooling, to: folder.appendingPathComponent(poolingName)) }
      try features?.write(model, whitening: whitening, in: folder)
      try write(folder)
    }
  }

  /// Replaces the model directory at `url` by what `write` writes and `card` with its sums.
  static func replace(_ url: URL, card: ModelCard, _ write: (URL) throws -> Void) throws {
    try checkWritable(url)
    try DurableDirectory.replace(
      url,
      without: [
        "check.py", "parity.json", poolingName, "report.html", ModelFeatures.fileName, ModelFeatures.tensorsName,
        "record.json", "cost.json", "results.json", ClassifierDirectory.recordName,
      ]
    ) { folder in
      try write(folder)
      try seal(card, FileChecksums(of: folder, card: cardName, except: unsummed), in: folder)
    }
  }

  /// Replaces or adds the files that `write` writes, of the model directory at `url`, all of them or none.
  ///
  /// - Throws: what `write` throws; `ModelDirectoryError`, `ChecksumError`, `DurableFileError`.
  package static func amend(_ url: URL, _ write: (URL) throws -> Void) throws {
    try DurableDirectory.replace(url) { folder in
      try write(folder)
      guard let card = try readCard(url), var checksums = card.checksums else { return }
      try checksums.take(folder, card: cardName, except: unsummed)
      try seal(card, checksums, in: folder)
    }
  }

  /// Files that are made to be edited.
  private static let unsummed: Set = ["README.md"]

  /// Writes `card` with the sums of all that was written, and its own.
  private static func seal(_ card: ModelCard, _ checksums: FileChecksums, in folder: URL) throws {
    var card = card
    card.checksums = checksums
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try DurableFile.write(FileChecksums.seal(encoder.encode(card)), to: folder.appendingPathComponent(cardName))
  }

  /// Refuses a path where something other than a model stands, or where none can be written, before any work is done for
  /// it; whether it can be written is found out by doing it.
  ///
  /// - Parameter orExport: whether what `cloze export` wrote may be replaced as well.
  package static func checkWritable(_ url: URL, orExport: Bool = false) throws(ModelDirectoryError) {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) else {
      let parent = url.deletingLastPathComponent().path
      if !FileManager.default.isWritableFile(atPath: parent) { throw .noParent(path: url.path, parent: parent) }
      return try probe(url)
    }
    if !isDirectory.boolValue { throw .notADirectory(path: url.path) }
    // A volume may hold its own folder, or a training under way, and be meant for a model.
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).filter {
      !$0.hasPrefix(".") && $0 != "lost+found"
    }
    let isOurs = names.contains(cardName) || orExport && names.contains("parity.json")
    if !names.isEmpty && !isOurs { throw .foreign(path: url.path) }
    try probe(url)
  }

  private static func probe(_ url: URL) throws(ModelDirectoryError) {
    do {
      _ = try DurableDirectory(url)
    } catch {
      throw .notWritable(path: url.path, reason: error.reason)
    }
  }

  /// Refuses a disk that has no room for a model of so many parameters, before any work is done for it.
  package static func checkRoom(_ url: URL, parameters: Int) throws(ModelDirectoryError) {
    let needed = parameters * MemoryLayout<Float>.size
    guard let free = DurableDirectory.freeBytes(for: url), free < needed else { return }
    throw .noRoom(path: url.path, needed: needed, free: free)
  }

  /// The model at `url`: one of ours, or any Hugging Face BERT directory with a vocabulary.
  ///
  /// - Parameter processes: over which the rows of the item table are spread, each reading its own; nil for all rows here.
  /// - Throws: `ModelDirectoryError`, `HuggingFaceError`, `SafetensorsError`.
  package static func load(
    _ url: URL, workers: Workers, spreadOver processes: (any Processes)? = nil
  ) throws -> Loaded {
    let checkpoint = try PretrainedModel.read(url, leavesTable: processes != nil)
    if checkpoint.stored.configuration.labels != nil { throw ModelDirectoryError.labels(path: url.path) }
    let tokenizer = try checkpoint.tokenizer()
    let card = checkpoint.card
    let configuration = checkpoint.configuration
    let network = BERTNetwork(configuration)
    if let lost = checkpoint.fresh(in: network).first(where: { $0.hasPrefix(PoolingLayer.tensorPrefix) }) {
      let file = url.appendingPathComponent(poolingName)
      throw SafetensorsError(path: file.path, fault: .missing(tensor: lost))
    }
    let shards = processes.map { ItemShards($0, network.layout, table: network.encoder.embeddings.token) }
    let parameters = try checkpoint.parameters(of: network, seed: card?.seed ?? 0, items: shards)
    let vocabulary = tokenizer.vocabulary
    let items = vocabulary.itemIDs
    let model = BERT4Rec(
      network: network, parameters: parameters,
      vocabulary: ItemVocabulary(
        tokens: items.map { Int32($0) }, specials: vocabulary.specials, size: vocabulary.count),
      workers: workers, itemShards: shards, name: url.lastPathComponent)
    return Loaded(
      model: model, items: Catalog(items.map { vocabulary.tokens[$0] }), tokenizer: tokenizer,
      card: card
        ?? ModelCard(program: "Hugging Face", configuration: configuration, logFingerprint: "", split: "", seed: 0),
      parts: checkpoint.parts)
  }

  /// What `read` makes of the files called `names` in `folder`, which are as they were written where it is a model of ours.
  ///
  /// - Throws: `ChecksumError` where one is not, and as `read` and `readCard` do.
  package static func verifying<Value>(
    _ names: [String], in folder: URL, _ read: () throws -> Value
  ) throws -> Value {
    while true {
      let card = try readCard(folder)
      let result = Result {
        for name in names { try card?.checksums?.verify(folder, card: cardName, only: name) }
        return try read()
      }
      // A training that ended meanwhile has put another model there.
      if try readCard(folder) == card { return try result.get() }
    }
  }

  /// The card of the directory at `url`; nil where it is not one of ours.
  ///
  /// - Throws: `ModelDirectoryError` where there is no directory, or the card is not one that is read; `ChecksumError` where
  ///   it is not as it was written.
  static func readCard(_ url: URL) throws -> ModelCard? {
    var isDirectory: ObjCBool = false
    try DurableDirectory.settle(url)
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) else {
      throw ModelDirectoryError.missing(path: url.path)
    }
    if !isDirectory.boolValue { throw ModelDirectoryError.notADirectory(path: url.path) }
    let file = url.appendingPathComponent(cardName)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    let (card, text) = try TextFile.decodeWithText(ModelCard.self, from: file)
    if card.format > ModelCard.currentFormat { throw ModelDirectoryError.newer(path: file.path, format: card.format) }
    if card.format == 1 && card.checksums == nil { return card }
    guard card.format > 1, let checksums = card.checksums else {
      throw ChecksumError(path: file.path, fault: .changed)
    }
    try checksums.verify(card: text, at: file)
    return card
  }
}

/// A model directory that cannot be read or written.
package enum ModelDirectoryError: Error, CustomStringConvertible, Equatable {
  case missing(path: String)
  case notADirectory(path: String)
  case noParent(path: String, parent: String)
  case noRoom(path: String, needed: Int, free: Int)
  case foreign(path: String)
  case notWritable(path: String, reason: String)
  case noVocabulary(path: String)
  case labels(path: String)
  case noLabels(path: String)
  case newer(path: String, format: Int)
  case sizes(path: String, key: String, found: Int, expected: Int)

  package var description: String {
    switch self {
    case .missing(let path): "there is no model at \(path); `cloze train LOG --model \(path)` makes one"
    case .notADirectory(let path): "\(path) is a file, but a model is a directory; name another path"
    case .noParent(let path, let parent):
      "cannot write the model \(path): \(parent) is not a folder that can be written"
    case .noRoom(let path, let needed, let free):
      "the model \(path) takes \(ByteSize(needed).needed), but its disk has \(ByteSize(free).available) left; "
        + "free some, or name a folder on another disk"
    case .notWritable(let path, let reason):
      "cannot write the model \(path): \(reason); make it writable, or name another folder"
    case .foreign(let path): "\(path) holds files but no model of ours, so it is left alone; name another directory"
    case .noVocabulary(let path):
      "\(path) has neither vocab.txt nor tokenizer.json, so its rows have no names; add the vocabulary it was trained with, "
        + "or `cloze vocabulary --ids-of \(path) --specials PAD,UNK,CLS,SEP,MASK` lets each token's name be its id"
    case .labels(let path):
      "\(path) labels whole sequences and scores no items; `cloze classify \(path)` uses it, and `cloze train LOG --from "
        + "\(path)` fine-tunes from it"
    case .noLabels(let path):
      "\(path) has no head that labels sequences; `cloze train LOG --labels FILE --from \(path)` trains one"
    case .newer(let path, let format):
      "\(path) has format \(format), newer than this program's \(ModelCard.currentFormat); update the program"
    case .sizes(let path, let key, let found, let expected):
      "\(path) says that \(key) is \(found), but config.json says \(expected); take both from one directory"
    }
  }
}
