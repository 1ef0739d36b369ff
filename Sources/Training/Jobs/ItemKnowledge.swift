import Foundation
import Interactions
import Items
import Kernels
import ModelFiles

/// Columns of the item table whose words are read, and by what.
package struct WordSource: Hashable, Sendable {
  package let columns: [String]
  /// The directory of a BERT.
  package let encoder: String
  package let pooling: TextEncoder.Pooling

  init?(_ columns: [String]?, _ encoder: String?, _ pooling: TextEncoder.Pooling?) {
    guard let columns, let encoder else { return nil }
    self.columns = columns
    self.encoder = encoder
    self.pooling = pooling ?? .mean
  }
}

extension FeatureConfiguration {
  /// The words that rows are made of; nil without any.
  package var wordSource: WordSource? { WordSource(text, textEncoder, textPooling) }
}

extension StartingPoint {
  /// The words that rows begin with; nil without any.
  package var wordSource: WordSource? { newItems == .text ? WordSource(text, textEncoder, textPooling) : nil }
}

/// What is known of items beside their ids, for trainings that read it.
package struct ItemKnowledge: Sendable {
  package var table: ItemTable?
  /// Of a file.
  package var vectors: ItemVectors?
  private var words: [WordSource: ItemVectors] = [:]

  package init(table: ItemTable? = nil, vectors: ItemVectors? = nil) {
    self.table = table
    self.vectors = vectors
  }

  /// Reads the words that `experiments` learn from or begin with, those of each source once.
  ///
  /// - Parameter cache: where vectors of texts are kept; nil where they are not.
  /// - Returns: how many texts were encoded and how many were known.
  /// - Throws: `ConfigurationError` without an item table; `ItemError` where it lacks a column; what `TextEncoder` throws.
  package mutating func readWords(
    for experiments: [Experiment], log: InteractionLog, cache: TextCache?, workers: Workers
  ) throws -> TextEncoder.Count {
    var count = TextEncoder.Count()
    for experiment in experiments {
      let sources = [experiment.model.features?.wordSource, experiment.start?.wordSource].compactMap(\.self)
      for source in sources where words[source] == nil {
        guard let table else {
          throw ConfigurationError.wrongValue(
            experiment.start?.wordSource == source ? "start.text" : "model.features.text",
            fault:
              "it names columns of an item table, and there is none; give --items-from FILE, or import one into the "
              + "store: cloze import-items FILE --store STORE")
        }
        let encoder = try TextEncoder(
          URL(fileURLWithPath: source.encoder), pooling: source.pooling, workers: workers)
        // Rows of a model's items say how words become rows, those that the log lacks included.
        let readsAll = experiment.checkpoint?.newItems == .text
        words[source] = try ItemVectors(
          texts: source.columns, of: table, by: encoder, cache: cache, count: &count
        ) { readsAll || log.items.index(of: $0) != nil }
      }
    }
    return count
  }

  /// The vectors that rows are made of.
  func vectors(_ features: FeatureConfiguration) -> ItemVectors? {
    features.wordSource.map { words[$0] } ?? vectors
  }

  /// The vectors of the words that rows begin with.
  func firstWords(_ experiment: Experiment) -> ItemVectors? { experiment.start?.wordSource.flatMap { words[$0] } }

  /// Of all that `experiments` read, in a text; nil where they read nothing.
  package func fingerprint(for experiments: [Experiment]) -> String? {
    let features = experiments.compactMap(\.model.features)
    var parts: [String] = []
    if let table, features.contains(where: { !$0.columns.isEmpty || $0.text != nil }) {
      parts.append(table.summary.fingerprint)
    }
    for read in features.filter({ $0.vectorAxes != nil }).map(vectors) + experiments.map(firstWords) {
      if let read, !parts.contains(read.fingerprint) { parts.append(read.fingerprint) }
    }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }
}
