import DurableFiles
import Interactions
import Kernels
import ModelFiles
import NeuralNetwork
import SequentialModels

/// What the rows of items begin with in fresh weights, where their words say it; afterwards they are rows as any others.
package struct FirstRows: Sendable {
  private let tokens: [Int32]
  /// `[items, columns]`; rows may have more, which stay random.
  private let rows: Matrix
  /// Items of the log without words, whose rows stay random.
  private let wordless: Int
  private let columns: String
  private let encoder: String

  /// - Parameter training: whose items say along which axes they differ.
  /// - Throws: `ItemVectorError` where none of them has words.
  init(
    _ words: ItemVectors, log: InteractionLog, training: InteractionLog, vocabulary: ItemVocabulary,
    model: ModelConfiguration
  ) throws(ItemVectorError) {
    var isTrained = [Bool](repeating: false, count: log.itemCount)
    for item in training.events { isTrained[item.index] = true }
    var (tokens, places, fitted) = ([Int32](), [Int](), [Int]())
    for (index, name) in log.items.names.enumerated() where vocabulary.isMaskable(ItemID(index)) {
      guard let place = words.ids.index(of: name) else { continue }
      tokens.append(vocabulary.tokens[index])
      places.append(place)
      if isTrained[index] { fitted.append(place) }
    }
    if fitted.isEmpty {
      throw ItemVectorError(path: words.source, fault: .noCommonItems(example: log.items.names.first?.text ?? ""))
    }
    let make = WordRows(
      fresh: words.vectors(in: fitted), width: model.hidden, deviation: model.initialDeviation)
    if !make.tellsApart { throw ItemVectorError(path: words.source, fault: .same(count: fitted.count)) }
    self.tokens = tokens
    rows = make(words.vectors(in: places))
    wordless = log.itemCount - tokens.count
    columns = words.text?.columns.joined(separator: ", ") ?? "vectors"
    encoder = words.source
  }

  /// Lays them over the random rows of `parameters`.
  func assign(to parameters: ParameterVector, of network: BERTNetwork) {
    let table = parameters[network.encoder.embeddings.token]
    for (number, token) in tokens.enumerated() {
      let row = Int(token)
      table.rows(row..<row + 1).columns(0..<rows.columns).assign(rows.rows(number..<number + 1))
    }
  }
}

extension FirstRows: CustomStringConvertible {
  package var description: String {
    let others = wordless == 0 ? "" : "; those of \(Counted(wordless, "item")) without words are drawn"
    return
      "rows of \(Counted(tokens.count, "item")) begin with the words of \(columns), read by \(encoder) on \(rows.columns) axes"
      + others
  }
}
