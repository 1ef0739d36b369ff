import Interactions
import Kernels
import NeuralNetwork
import SequentialModels

/// Which items are similar, by their rows of the model's item table.
package struct ItemSimilarity: Sendable {
  package enum Measure: String, Sendable, CaseIterable {
    /// The cosine of the angle between two rows; of a row of zeros, 0.
    case cosine
    /// The inner product of two rows.
    case product
  }

  /// `[items, D]`
  private let rows: Matrix
  private let candidates: Candidates

  /// - Parameter allowed: `[items]` whether an item may be named; nil for all.
  package init(_ model: BERT4Rec, _ measure: Measure, allowed: [Bool]? = nil) {
    rows = measure == .cosine ? Self.normalized(model.itemTable) : model.itemTable
    candidates = Candidates(table: rows, bias: Matrix(rows: 1, columns: rows.rows), allowed: allowed)
  }

  /// The `k` nearest other items of each of `items`, nearest first; of equally near ones the lower item first.
  package func nearest(_ k: Int, to items: [ItemID], workers: Workers) -> [RankedList] {
    let vectors = Matrix(rows: items.count, columns: rows.columns)
    Rows.gather(rows, items.map(\.rawValue), into: vectors)
    return candidates.rank(k, for: vectors, excluded: items.map { [$0.rawValue] }, workers: workers)
  }

  /// Items of one batch.
  private static let batch = 1_024

  /// Writes the `k` nearest other items of each of `items`, batch after batch, until `shouldStop` says so.
  ///
  /// - Returns: how many items were written, and those that have no other item to choose from.
  /// - Throws: what `sink` throws; what was written is then taken away, as where the run is stopped.
  package func write(
    _ k: Int, nearestTo items: [ItemID], catalog: Catalog, format: RecommendationText.Format,
    guardsFormulas: Bool = false, into sink: LineSink, workers: Workers, shouldStop: () -> Bool = { false }
  ) throws -> (done: Int, findings: [IDFinding]) {
    var alone: [Identifier] = []
    do {
      for start in stride(from: 0, to: items.count, by: Self.batch) {
        if shouldStop() {
          sink.discard()
          return (start, [])
        }
        let batch = items[start..<min(items.count, start + Self.batch)]
        var text = start == 0 && format == .csv ? "item,rank,similar,score\n" : ""
        for (item, list) in zip(batch, nearest(k, to: Array(batch), workers: workers)) {
          let name = catalog[item.index]
          if list.items.isEmpty { alone.append(name) }
          for (place, near) in list.items.enumerated() {
            text += Self.line(name.text, place + 1, catalog[Int(near.item)].text, near.score, format, guardsFormulas)
          }
        }
        try sink.write(text)
      }
      try sink.finish()
    } catch {
      sink.discard()
      throw error
    }
    var findings: [IDFinding] = []
    findings.add(.itemWithoutNeighbors, alone)
    return (items.count, findings)
  }

  private static func line(
    _ item: String, _ rank: Int, _ similar: String, _ score: Float, _ format: RecommendationText.Format,
    _ guardsFormulas: Bool
  ) -> String {
    func field(_ id: String) -> String { CSVField.quote(id, guarded: guardsFormulas) }
    if format == .csv { return "\(field(item)),\(rank),\(field(similar)),\(score)\n" }
    let value = score.isFinite ? "\(score)" : "null"
    let names = (JSONString.quote(item), JSONString.quote(similar))
    return "{\"item\":\(names.0),\"rank\":\(rank),\"similar\":\(names.1),\"score\":\(value)}\n"
  }

  /// A copy whose rows have length 1.
  private static func normalized(_ table: Matrix) -> Matrix {
    let copy = Matrix(rows: table.rows, columns: table.columns)
    copy.assign(table)
    copy.withMutableSpan { values in
      for row in 0..<table.rows {
        let columns = row * table.columns..<(row + 1) * table.columns
        let length = columns.reduce(into: 0.0) { $0 += Double(values[$1]) * Double(values[$1]) }.squareRoot()
        if length > 0 { for column in columns { values[column] = Float(Double(values[column]) / length) } }
      }
    }
    return copy
  }
}
