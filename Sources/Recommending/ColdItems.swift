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
  /// SHA-256 of the item file that they came from.
  package let tableFingerprint: String?

  /// Gives the items of `table` that `loaded` lacks a row: the weighted mean of what the model has learned of their values.
  ///
  /// An item's own part is nothing, which training has prepared the model for by leaving it out of some items in every step.
  /// - Throws: `ColdItemError` where the model's items have no features; `ItemError` where the table lacks one.
  package init(_ loaded: ModelDirectory.Loaded, _ table: ItemTable?) throws {
    tableFingerprint = table?.summary.fingerprint
    let cold = Set(loaded.parts?.untrained ?? [])
    let tokens = loaded.model.vocabulary.tokens
    var isCold = tokens.map { cold.contains($0) }
    guard let table else {
      (self.loaded, self.isCold, added, undescribed) = (loaded, isCold, 0, 0)
      return
    }
    guard let parts = loaded.parts else { throw ColdItemError.noFeatures(model: loaded.model.name) }
    let encode = try parts.features.vocabulary.encoder(of: table)
    var (names, entries, undescribed) = ([Identifier](), [[FeatureVocabulary.Entry]](), 0)
    for name in table.ids.names where loaded.items.index(of: name) == nil {
      let own = encode(name)
      if own.isEmpty {
        undescribed += 1
      } else {
        names.append(name)
        entries.append(own)
      }
    }
    isCold += repeatElement(true, count: names.count)
    self.loaded = names.isEmpty ? loaded : loaded.appending(names, rows: entries, parts)
    (self.isCold, added, self.undescribed) = (isCold, names.count, undescribed)
  }
}

extension ModelDirectory.Loaded {
  /// The model with further items, whose rows are the sums of what `parts` says of their values.
  fileprivate func appending(
    _ names: [Identifier], rows: [[FeatureVocabulary.Entry]], _ parts: ModelFeatures.Parts
  ) -> ModelDirectory.Loaded {
    let old = model.network
    var configuration = old.configuration
    let first = configuration.vocabularySize
    configuration.vocabularySize += names.count
    let network = BERTNetwork(configuration)
    let parameters = ParameterVector(network.layout)
    for tensor in network.layout.tensors {
      guard let own = old.layout[tensor.name] else { preconditionFailure("the model has no \(tensor.name)") }
      parameters.flat(tensor.offset..<tensor.offset + own.count).assign(model.parameters.flat(own.range))
    }
    let (table, bias) = (network.itemTable(in: parameters), network.itemBias(in: parameters))
    for (number, entries) in rows.enumerated() {
      for (value, weight) in entries {
        for column in 0..<configuration.hidden {
          table[first + number, column] += weight * parts.values[Int(value) * configuration.hidden + column]
        }
        bias[0, first + number] += weight * parts.valueBias[Int(value)]
      }
    }
    let tokens = model.vocabulary.tokens + (first..<first + names.count).map { Int32($0) }
    return ModelDirectory.Loaded(
      model: BERT4Rec(
        network: network, parameters: parameters,
        vocabulary: ItemVocabulary(
          tokens: tokens, specials: model.vocabulary.specials, size: configuration.vocabularySize),
        workers: model.workers, name: model.name),
      items: Catalog(items.names + names), tokenizer: tokenizer, card: card, parts: parts)
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
