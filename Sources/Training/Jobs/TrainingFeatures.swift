import Interactions
import Items
import Kernels
import ModelFiles
import NeuralNetwork
import SequentialModels

/// The features of a run's items: what they are called, and what the network reads of them.
package struct TrainingFeatures: Sendable {
  package let model: ModelFeatures
  /// By token.
  package let items: ItemFeatures
  /// Items of the log that have a feature, and those of them that have no event to learn from.
  package let described, untrained: Int

  /// Why id dropout is what it is; empty where the configuration says so.
  private let reason: String
  /// How vectors are read; nil without any.
  package let whitening: VectorWhitening?

  /// The features that `configuration` names of the items of `log`; values, buckets and axes are those of the items in
  /// `training`.
  ///
  /// - Throws: `ItemError` or `ItemVectorError` where `known` does not have them; `ConfigurationError` where table or vectors
  ///   are missing.
  package init(
    _ configuration: FeatureConfiguration, of known: ItemKnowledge, log: InteractionLog, training: InteractionLog,
    vocabulary: ItemVocabulary
  ) throws {
    let (table, vectors) = (known.table, known.vectors(configuration))
    var isTrained = [Bool](repeating: false, count: log.itemCount)
    for item in training.events { isTrained[item.index] = true }
    var (features, encode) = (FeatureVocabulary.none, { (_: Identifier) -> [FeatureVocabulary.Entry] in [] })
    if !configuration.columns.isEmpty {
      guard let table else { throw Self.noTable }
      features = try FeatureVocabulary(configuration.columns, of: table, for: log.items) { isTrained[$0] }
      if features.valueCount == 0 {
        throw ItemError.noSharedValues(file: table.source, features: features.features.map(\.name))
      }
      encode = try features.encoder(of: table)
    }
    var rows = [[FeatureVocabulary.Entry]](repeating: [], count: vocabulary.size)
    for (index, name) in log.items.names.enumerated() where vocabulary.isMaskable(ItemID(index)) {
      rows[Int(vocabulary.tokens[index])] = encode(name)
    }
    var read: VocabularyVectors?
    if let axes = configuration.vectorAxes {
      guard let vectors else { throw Self.noVectors }
      read = try VocabularyVectors(vectors, axes: axes, log: log, vocabulary: vocabulary) { isTrained[$0] }
    }
    whitening = read?.whitening
    let isDescribed = rows.indices.map { !rows[$0].isEmpty || read?.tokens.contains(Int32($0)) ?? false }
    let untrained = log.items.names.indices.filter {
      vocabulary.isMaskable(ItemID($0)) && !isTrained[$0] && isDescribed[Int(vocabulary.tokens[$0])]
    }
    let described = isDescribed.count { $0 }
    // Items of the table that the log does not have are still to come.
    let coming = table.map { $0.ids.names.count { log.items.index(of: $0) == nil } } ?? 0
    let (cold, all) = (untrained.count + coming, described + coming)
    let idDropout = configuration.idDropout ?? FeatureConfiguration.usualIDDropout(cold: cold, of: all)
    reason =
      configuration.idDropout != nil
      ? ""
      : "; id dropout \(idDropout == 0 ? "0" : "\(idDropout)"), as \(cold) of \(all) items have no event"
        + (idDropout > 0
          ? "" : ": set model.features.idDropout to 0.25 for a model that is to recommend items still to come")
    model = ModelFeatures(
      vocabulary: features, idDropout: idDropout,
      itemsFingerprint: configuration.columns.isEmpty ? "" : table?.summary.fingerprint ?? "",
      vectors: vectors.flatMap { vectors in
        read.map { ModelFeatures.VectorSource(vectors, axes: $0.whitening.axes.rows, text: vectors.text) }
      })
    items = ItemFeatures(
      rows: FeatureRows(rows, valueCount: features.valueCount), vectors: read?.table,
      idDropout: idDropout, untrained: untrained.map { vocabulary.tokens[$0] }.sorted(),
      rate: configuration.rate, vectorRate: configuration.vectorRate)
    self.described = described
    self.untrained = untrained.count
  }

  private static let noTable = ConfigurationError.wrongValue(
    "model.features",
    fault: "it names columns of an item table, and there is none; give --items-from FILE, or import one into the store")
  private static let noVectors = ConfigurationError.wrongValue(
    "model.features.vectorAxes",
    fault: "it reads vectors of items, and there are none; give --item-vectors FILE, or --text COLUMNS")
}

/// The vectors of a log's items as a network reads them.
private struct VocabularyVectors {
  let whitening: VectorWhitening
  /// `[tokens, axes]`, zeros where an item has none.
  let table: Matrix
  /// Those that have one.
  let tokens: Set<Int32>

  /// On the axes along which the items differ most that have events to learn from.
  init(
    _ vectors: ItemVectors, axes: Int, log: InteractionLog, vocabulary: ItemVocabulary, isTrained: (Int) -> Bool
  ) throws(ItemVectorError) {
    var (tokens, rows, trained) = ([Int32](), [Int](), [Int]())
    for (index, name) in log.items.names.enumerated() where vocabulary.isMaskable(ItemID(index)) {
      guard let row = vectors.ids.index(of: name) else { continue }
      tokens.append(vocabulary.tokens[index])
      rows.append(row)
      if isTrained(index) { trained.append(row) }
    }
    if trained.isEmpty {
      let first = log.items.names.first?.text ?? ""
      throw ItemVectorError(path: vectors.source, fault: .noCommonItems(example: first))
    }
    whitening = VectorWhitening(of: vectors.vectors(in: trained), count: axes)
    if !whitening.tellsApart { throw ItemVectorError(path: vectors.source, fault: .same(count: trained.count)) }
    table = Matrix(rows: vocabulary.size, columns: whitening.axes.rows)
    Rows.scatterAdd(whitening.read(vectors.vectors(in: rows)), tokens, into: table)
    let read = table
    // A vector that is the mean says nothing.
    self.tokens = Set(tokens.filter { token in read.rows(Int(token)..<Int(token) + 1).values.contains { $0 != 0 } })
  }
}

extension TrainingFeatures: CustomStringConvertible {
  /// What the rows of items are made of, in a line.
  package var description: String {
    var parts = model.vocabulary.features.map { "\($0.name) (\($0.count) values)" }
    if let vectors = model.vectors {
      let origin = vectors.text.map { "of the words of \($0.columns.joined(separator: ", ")), read by \(vectors.file)" }
      parts.append(
        "vectors of \(vectors.width) numbers, read on \(vectors.axes) axes, \(origin ?? "from \(vectors.file)")")
    }
    let cold = untrained == 0 ? "" : "; \(untrained) have no event to learn from and live on their features"
    return "features of \(described) items: \(parts.joined(separator: ", "))\(cold)\(reason)"
  }
}
