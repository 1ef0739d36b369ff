import Interactions
import Items
import Kernels
import ModelFiles
import NeuralNetwork
import SequentialModels

/// Items that a model has had no event of, and what lists may hold of them.
package struct ColdItems: Sendable {
  /// Which lists hold cold items.
  package enum Rule: Equatable, Sendable {
    /// By their scores, as all others.
    case keep
    case remove
    /// Nothing else.
    case only
    /// At least this share of each list, as far as there are such candidates.
    case share(Double)
  }

  /// The model with a row for each new item that its features describe.
  package let loaded: ModelDirectory.Loaded
  /// By item of `loaded`.
  package let isCold: [Bool]
  /// How many items were appended, and how many of the table's could not be, since no value of theirs is known.
  package let added, undescribed: Int
  /// Of the files that they came from.
  package let fingerprint: String?
  /// Of new items, those whose texts were encoded or known; nil where none were read.
  package let texts: TextEncoder.Count?

  /// Gives the items of `table` and `vectors` that `loaded` lacks a row: the weighted mean of what the model has learned of
  /// their values, and what their vectors say.
  ///
  /// An item's own part is nothing, which training has prepared the model for by leaving it out of some items in every step.
  /// - Throws: `ColdItemError` where the model's items have no features; `ItemError` where the table lacks one;
  ///   `ItemVectorError` for vectors of another width.
  package init(
    _ loaded: ModelDirectory.Loaded, _ table: ItemTable?, vectors: ItemVectors? = nil, textEncoder: String? = nil,
    cache: TextCache? = nil
  ) throws {
    var count = TextEncoder.Count()
    let vectors =
      try vectors ?? loaded.wordVectors(of: table, encoder: textEncoder, cache: cache, count: &count)
    texts = count == TextEncoder.Count() ? nil : count
    let sources = [table?.summary.fingerprint, vectors?.fingerprint].compactMap(\.self)
    fingerprint = sources.isEmpty ? nil : sources.joined(separator: " ")
    let cold = Set(loaded.parts?.untrained ?? [])
    let tokens = loaded.model.vocabulary.tokens
    var isCold = tokens.map { cold.contains($0) }
    if sources.isEmpty {
      (self.loaded, self.isCold, added, undescribed) = (loaded, isCold, 0, 0)
      return
    }
    guard let parts = loaded.parts else { throw ColdItemError.noFeatures(model: loaded.model.name) }
    let encode = try NewRows(parts, hidden: loaded.model.hidden, table, vectors)
    var all = table?.ids ?? Catalog()
    for name in vectors?.ids.names ?? [] { _ = all.insert(name) }
    var (names, rows, undescribed) = ([Identifier](), [NewRows.Row](), 0)
    for name in all.names where loaded.items.index(of: name) == nil {
      if let row = encode(name) {
        names.append(name)
        rows.append(row)
      } else {
        undescribed += 1
      }
    }
    isCold += repeatElement(true, count: names.count)
    self.loaded = names.isEmpty ? loaded : loaded.appending(names, rows: rows)
    (self.isCold, added, self.undescribed) = (isCold, names.count, undescribed)
  }
}

extension ModelDirectory.Loaded {
  /// What the words of new items of `table` say, where the model was trained on words.
  fileprivate func wordVectors(
    of table: ItemTable?, encoder: String?, cache: TextCache?, count: inout TextEncoder.Count
  ) throws -> ItemVectors? {
    guard let table, let vectors = parts?.features.vectors, let text = vectors.text else { return nil }
    return try text.vectors(
      of: table, path: encoder ?? vectors.file, model: model.name, workers: model.workers, cache: cache,
      count: &count
    ) { items.index(of: $0) == nil }
  }

  /// The model with further items.
  fileprivate func appending(_ names: [Identifier], rows: [NewRows.Row]) -> ModelDirectory.Loaded {
    let old = model.network
    var configuration = old.configuration
    let first = configuration.vocabularySize
    configuration.vocabularySize += names.count
    let network = BERTNetwork(configuration)
    // Rows stay where they are; the new ones stand behind those of the last process.
    let shards = model.itemShards.map {
      ItemShards($0.processes, network.layout, table: network.encoder.embeddings.token, among: first)
    }
    let parameters =
      shards.map { ParameterVector(sparse: network.layout, held: $0.held) } ?? ParameterVector(network.layout)
    for tensor in network.layout.tensors {
      guard let own = old.layout[tensor.name] else { preconditionFailure("the model has no \(tensor.name)") }
      for range in model.parameters.held.map({ $0.clamped(to: own.range) }) where !range.isEmpty {
        let start = tensor.offset + range.lowerBound - own.offset
        parameters.flat(start..<start + range.count).assign(model.parameters.flat(range))
      }
    }
    let (table, bias) = (network.itemTable(in: parameters), network.itemBias(in: parameters))
    for (number, row) in rows.enumerated() {
      let place = first + number
      if shards?.own.contains(place) ?? true { table.rows(place..<place + 1).assign(row.vector) }
      bias[0, place] = row.bias
    }
    let tokens = model.vocabulary.tokens + (first..<first + names.count).map { Int32($0) }
    return ModelDirectory.Loaded(
      model: BERT4Rec(
        network: network, parameters: parameters,
        vocabulary: ItemVocabulary(
          tokens: tokens, specials: model.vocabulary.specials, size: configuration.vocabularySize),
        workers: model.workers, itemShards: shards, name: model.name),
      items: Catalog(items.names + names), tokenizer: tokenizer, card: card, parts: parts)
  }
}

/// Makes rows of items from what a model has learned of others.
private struct NewRows {
  typealias Row = (vector: [Float], bias: Float)

  private let parts: ModelFeatures.Parts
  private let hidden: Int
  private let encode: (Identifier) -> [FeatureVocabulary.Entry]
  private let vectors: ItemVectors?

  init(_ parts: ModelFeatures.Parts, hidden: Int, _ table: ItemTable?, _ vectors: ItemVectors?) throws {
    self.parts = parts
    self.hidden = hidden
    if let table, !parts.features.vocabulary.features.isEmpty {
      encode = try parts.features.vocabulary.encoder(of: table)
    } else {
      encode = { _ in [] }
    }
    self.vectors = parts.whitening == nil ? nil : vectors
    if let expected = parts.whitening?.mean.count, let vectors, vectors.width != expected {
      throw ItemVectorError(path: vectors.source, fault: .width(found: vectors.width, expected: expected))
    }
  }

  /// nil for an item of which the model knows nothing.
  func callAsFunction(_ name: Identifier) -> Row? {
    let entries = encode(name)
    let place = vectors?.ids.index(of: name)
    if entries.isEmpty && place == nil { return nil }
    var row = Row(vector: [Float](repeating: 0, count: hidden), bias: 0)
    func add(_ weight: Float, _ number: Int, _ table: [Float], _ biases: [Float]) {
      for column in 0..<hidden { row.vector[column] += weight * table[number * hidden + column] }
      row.bias += weight * biases[number]
    }
    for (value, weight) in entries { add(weight, Int(value), parts.values, parts.valueBias) }
    if let place, let vectors, let read = parts.whitening?.read(vectors.vectors.rows(place..<place + 1)) {
      for axis in 0..<read.columns { add(read[0, axis], axis, parts.map, parts.mapBias) }
    }
    return row
  }
}

/// New items that a model cannot take in.
package enum ColdItemError: Error, CustomStringConvertible, Equatable {
  case noFeatures(model: String)

  package var description: String {
    switch self {
    case .noFeatures(let model):
      "\(model) was trained on ids alone, so it knows nothing of items it has not seen; train it with --items-from FILE "
        + "--features COLUMNS"
    }
  }
}

extension ColdItems.Rule {
  /// `keep`, `remove`, `only` or `share=0.1`; nil for anything else.
  package init?(_ text: String) {
    switch text {
    case "keep": self = .keep
    case "remove": self = .remove
    case "only": self = .only
    default:
      guard text.hasPrefix("share="), let share = Double(text.dropFirst(6)), share > 0, share <= 1 else { return nil }
      self = .share(share)
    }
  }
}
