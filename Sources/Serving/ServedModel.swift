import DurableFiles
import Foundation
import Interactions
import Kernels
import ModelFiles
import Recommending
import SequentialModels
import Synchronization

/// A model that answers, and what tells it from the one before.
package final class ServedModel: Sendable {
  package let directory: URL
  package let loaded: ModelDirectory.Loaded
  /// SHA-256 of its weights, in hexadecimal digits.
  package let hash: String
  package let loadedAt: Date
  /// What its file of weights looked like on disk.
  package let stamp: FileStamp
  /// What it has encoded before; nil where nothing is kept. It ends with the model.
  let cache: HistoryCache?
  /// Lists of this model, without popular items.
  let recommender: TopKRecommender
  /// What items are called, those that the model does not know included; nil where that is unknown.
  package let titles: ItemTitles?
  /// The titles of the model's items.
  package let labels: ItemLabels
  private let similarities = Mutex<[ItemSimilarity.Measure: ItemSimilarity]>([:])
  private let search = Mutex<ItemSearch?>(nil)

  package var items: Catalog { loaded.items }
  package var model: BERT4Rec { loaded.model }

  /// Loads the model in `directory` and checks that it can answer.
  ///
  /// - Parameter cacheBytes: what it may take for histories that were encoded before.
  /// - Throws: what `ModelDirectory.load` throws; `ServingError.badModel`.
  package init(_ directory: URL, titles: ItemTitles? = nil, cacheBytes: Int = 0, workers: Workers) throws {
    (self.directory, self.titles) = (directory, titles)
    loadedAt = Date()
    // Looked at first, so that weights which change meanwhile are noticed afterwards.
    stamp = FileStamp(of: directory)
    loaded = try ModelDirectory.load(directory, workers: workers)
    cache = HistoryCache(loaded.model.configuration, bytes: cacheBytes)
    var recommender = TopKRecommender(loaded.model, items: loaded.items)
    recommender.cache = cache
    self.recommender = recommender
    labels = titles?.labels(for: loaded.items) ?? .none
    hash = try Self.hash(Self.weights(directory))
    try Self.check(loaded, directory)
  }

  /// What its cache has saved since it was loaded; nil where nothing is kept.
  package var cacheStatistics: CacheStatistics? { cache?.statistics }
  package typealias CacheStatistics = HistoryCache.Statistics

  /// How the log that it was trained on was read and prepared.
  package var settings: LogSettings { loaded.card.provenance?.settings ?? LogSettings() }

  /// Whether the weights on disk are no longer those that were loaded.
  package var isReplaced: Bool {
    let now = FileStamp(of: directory)
    return now != stamp && now.exists
  }

  /// The similarity of its items, prepared when it is first requested.
  func similarity(_ measure: ItemSimilarity.Measure) -> ItemSimilarity {
    similarities.withLock { known in
      if let similarity = known[measure] { return similarity }
      let similarity = ItemSimilarity(model, measure)
      known[measure] = similarity
      return similarity
    }
  }

  /// The first `count` items whose title or id holds `text`, those that begin with it before the others.
  package func items(like text: String, _ count: Int) -> [Int] {
    let search = search.withLock { search in
      let known = search ?? ItemSearch(items, labels)
      search = known
      return known
    }
    return search.matches(text, count)
  }

  private static func weights(_ directory: URL) -> URL { directory.appendingPathComponent("model.safetensors") }

  private static func hash(_ file: URL) throws -> String {
    let handle = try FileHandle(forReadingFrom: file)
    defer { try? handle.close() }
    var hash = SHA256()
    while let data = try handle.read(upToCount: 1 << 20), !data.isEmpty { hash.update([UInt8](data)) }
    return hash.hexadecimal()
  }

  /// Refuses a model that gives other logits than its parity file says, or scores that are no numbers.
  private static func check(_ loaded: ModelDirectory.Loaded, _ directory: URL) throws {
    let model = loaded.model
    if model.itemCount == 0 { throw ServingError.badModel("\(directory.path) knows no item; train it on a log") }
    let vectors = ParityFile.drawnHistories(for: model)
    let scores = Matrix(rows: vectors.count, columns: model.itemCount)
    model.score(vectors, into: scores)
    if scores.values.contains(where: { !$0.isFinite }) {
      throw ServingError.badModel("\(directory.path) gives scores that are no numbers; train it again")
    }
    let file = directory.appendingPathComponent("parity.json")
    guard let text = try? Data(contentsOf: file) else { return }
    guard let stored = try? JSONDecoder().decode(ParityFile.self, from: text) else {
      throw ServingError.badModel("\(file.path) cannot be read; export the model again, or remove the file")
    }
    let items = Dictionary(uniqueKeysWithValues: model.vocabulary.tokens.enumerated().map { (Int($1), ItemID($0)) })
    let histories = stored.cases.map { $0.token_ids.compactMap { items[$0] }[...] }
    let computed = ParityFile(model, tokenizer: loaded.tokenizer, histories: histories)
    for (number, (known, found)) in zip(stored.cases, computed.cases).enumerated() {
      let logits = Dictionary(uniqueKeysWithValues: zip(found.logit_ids, found.logits))
      let isSame =
        known.token_ids == found.token_ids
        && zip(known.logit_ids, known.logits).allSatisfy { id, logit in
          logits[id].map { abs($0 - logit) <= stored.tolerance } ?? true
        }
      if !isSame {
        throw ServingError.badModel(
          "\(directory.path) gives other logits than case \(number + 1) of its parity.json; export it again")
      }
    }
  }
}

/// What a file looks like from outside; a replaced file has another.
package struct FileStamp: Sendable, Equatable {
  private var inode = 0
  private var size = 0
  private var modified = 0.0

  /// Of the weights of the model in a directory.
  init(of directory: URL) { self.init(directory.appendingPathComponent("model.safetensors")) }

  private init(_ url: URL) {
    guard let values = try? FileManager.default.attributesOfItem(atPath: url.path) else { return }
    inode = values[.systemFileNumber] as? Int ?? 0
    size = (values[.size] as? NSNumber)?.intValue ?? 0
    modified = (values[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
  }

  /// Whether there is such a file.
  var exists: Bool { self != FileStamp() }

  private init() {}
}
