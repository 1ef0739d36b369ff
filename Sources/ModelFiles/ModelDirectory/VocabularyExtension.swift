import Interactions
import Kernels
import NeuralNetwork

/// Gives the items of a log that a checkpoint has never seen a token, a row of the item table and an output bias of 0.
package struct VocabularyExtension: Codable, Sendable, Equatable {
  /// What a new row starts from.
  package enum NewRows: String, Codable, Sendable, CaseIterable {
    /// Normal, with each column's mean and spread over the known items' rows.
    case random
    /// The mean of the rows of the known items that stand near it in the log; `random` where there are none.
    case neighbors
    /// What a linear map makes of the item's words, fitted on the rows of the known items; `random` where it has none.
    case text
  }

  /// What an extension did.
  package struct Report: Codable, Sendable, Equatable {
    /// Items of the log that the vocabulary had.
    package var known: Int
    /// Items that were appended.
    package var added: Int
    /// Of `added`, those whose row was drawn.
    package var drawn: Int
  }

  package var newRows: NewRows
  package var seed: UInt64
  /// How many places to either side count as near.
  package static let reach = 5

  package init(newRows: NewRows = .random, seed: UInt64 = 1) {
    self.newRows = newRows
    self.seed = seed
  }

  /// Appends the items of `log` that `model` lacks, in the order of its catalog; all other rows keep their bytes.
  ///
  /// The tokenizer reads item ids between blanks afterwards, whatever it read before.
  /// - Parameter words: the vectors of what items say; read where new rows start from text.
  /// - Throws: `HuggingFaceError` where the model has no vocabulary.
  package func apply(
    _ log: InteractionLog, to model: inout HuggingFaceModel, words: ItemVectors? = nil
  ) throws(HuggingFaceError) -> Report {
    guard var vocabulary = model.tokenizer?.vocabulary else {
      throw HuggingFaceError(path: model.source, fault: .noVocabulary)
    }
    let known = log.items.names.map { vocabulary.id(of: $0.text) }
    let new = known.indices.filter { known[$0] == nil }
    var report = Report(known: known.count - new.count, added: new.count, drawn: 0)
    if model.hasTable, !new.isEmpty {
      let width = model.configuration.encoder.hidden
      var isItem = [Bool](repeating: vocabulary.itemIDs.isEmpty, count: vocabulary.count)
      for id in vocabulary.itemIDs { isItem[id] = true }
      let statistics = try TableStatistics(width: width) { body throws(HuggingFaceError) in
        try model.forEachTableRow { row, values in if isItem[row] { body(values) } }
      }
      let random = CounterRandom(seed: seed, .newItems)
      var rows: [Int: [Float]] =
        switch newRows {
        case .random: [:]
        case .neighbors: try neighborMeans(log, known: known, of: model)
        case .text:
          if let words { try wordRows(words, of: new, log, vocabulary: vocabulary, in: model) } else { [:] }
        }
      var added: [Float] = []
      for (number, item) in new.enumerated() {
        let row = rows.removeValue(forKey: item)
        if row == nil { report.drawn += 1 }
        added += row ?? statistics.draw(number, random)
      }
      model.appendTableRows(added)
    }
    if var bias = model.tensors[TensorNames.outputBias] {
      bias.values += repeatElement(0, count: new.count)
      bias.shape[0] += new.count
      model.tensors[TensorNames.outputBias] = bias
    }
    for item in new { vocabulary.append(log.items[item].text) }
    model.configuration.encoder.vocabularySize += new.count
    model.tokenizer = Tokenizer(vocabulary, kind: .whitespace(escaped: true))
    return report
  }

  /// What the words of the `new` items say, as the rows of the known items let one expect, by catalog index; nothing for
  /// those without words, and where fewer than two known items have any.
  private func wordRows(
    _ words: ItemVectors, of new: [Int], _ log: InteractionLog, vocabulary: Vocabulary, in model: HuggingFaceModel
  ) throws(HuggingFaceError) -> [Int: [Float]] {
    let known = words.ids.names.indices.compactMap { place in
      vocabulary.id(of: words.ids[place].text).map { (place: place, token: $0) }
    }
    let described = new.compactMap { item in words.ids.index(of: log.items[item]).map { (item: item, place: $0) } }
    if known.count < 2 || described.isEmpty { return [:] }
    let rows = Matrix(rows: known.count, columns: model.configuration.encoder.hidden)
    for (place, item) in known.enumerated() { rows.rows(place..<place + 1).assign(try model.tableRow(item.token)) }
    let make = WordRows(of: rows, vectors: words.vectors(in: known.map(\.place)))
    let made = make(words.vectors(in: described.map(\.place)))
    return Dictionary(
      uniqueKeysWithValues: described.enumerated().map { number, entry in
        (entry.item, Array(made.rows(number..<number + 1).values))
      })
  }

  /// The mean row of the known items near each unknown one, by catalog index; nothing for those that have none near.
  private func neighborMeans(
    _ log: InteractionLog, known: [Int?], of model: HuggingFaceModel
  ) throws(HuggingFaceError) -> [Int: [Float]] {
    let width = model.configuration.encoder.hidden
    var sums: [Int: (row: [Double], count: Int)] = [:]
    for user in 0..<log.userCount {
      let range = log.range(of: UserID(user))
      for place in range where known[log.events[place].index] == nil {
        let item = log.events[place].index
        var (row, count) = sums.removeValue(forKey: item) ?? (Array(repeating: 0, count: width), 0)
        for near in max(range.lowerBound, place - Self.reach)...min(range.upperBound - 1, place + Self.reach) {
          guard let id = known[log.events[near].index] else { continue }
          let near = try model.tableRow(id)
          for (column, number) in zip(0..<width, near) { row[column] += Double(number) }
          count += 1
        }
        sums[item] = (row, count)
      }
    }
    return sums.compactMapValues { sum in sum.count == 0 ? nil : sum.row.map { Float($0 / Double(sum.count)) } }
  }
}
