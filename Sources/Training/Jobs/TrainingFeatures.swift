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

  /// The features that `configuration` names of the items of `log`; values and buckets are those of the items in `training`.
  ///
  /// - Throws: `ItemError` where `table` does not have them.
  package init(
    _ configuration: FeatureConfiguration, of table: ItemTable, log: InteractionLog, training: InteractionLog,
    vocabulary: ItemVocabulary
  ) throws(ItemError) {
    var isTrained = [Bool](repeating: false, count: log.itemCount)
    for item in training.events { isTrained[item.index] = true }
    let features = try FeatureVocabulary(configuration.columns, of: table, for: log.items) { isTrained[$0] }
    if features.valueCount == 0 {
      throw .noSharedValues(file: table.source, features: features.features.map(\.name))
    }
    let encode = try features.encoder(of: table)
    var rows = [[FeatureVocabulary.Entry]](repeating: [], count: vocabulary.size)
    var untrained: [Int32] = []
    for (index, name) in log.items.names.enumerated() where vocabulary.isMaskable(ItemID(index)) {
      let token = vocabulary.tokens[index]
      rows[Int(token)] = encode(name)
      if !isTrained[index], !rows[Int(token)].isEmpty { untrained.append(token) }
    }
    model = ModelFeatures(
      vocabulary: features, idDropout: configuration.idDropout, itemsFingerprint: table.summary.fingerprint)
    items = ItemFeatures(
      rows: FeatureRows(rows, valueCount: features.valueCount), idDropout: configuration.idDropout,
      untrained: untrained.sorted())
    described = rows.count { !$0.isEmpty }
    self.untrained = untrained.count
  }
}

extension TrainingFeatures: CustomStringConvertible {
  /// What the rows of items are made of, in a line.
  package var description: String {
    let parts = model.vocabulary.features.map { "\($0.name) (\($0.count) values)" }
    let cold = untrained == 0 ? "" : "; \(untrained) have no event to learn from and live on their features"
    return "features of \(described) items: \(parts.joined(separator: ", "))\(cold)"
  }
}
