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
    labels: ItemLabels = .none, guardsFormulas: Bool = false, into sink: LineSink, workers: Workers,
    shouldStop: () -> Bool = { false }
  ) throws -> (done: Int, findings: [IDFinding]) {
    var alone: [Identifier] = []
    do {
      for start in stride(from: 0, to: items.count, by: Self.batch) {
        if shouldStop() {
          sink.discard()
          return (start, [])
        }
        let batch = items[start..<min(items.count, start + Self.batch)]
        let titled = labels.titles != nil
        var text =
          start == 0 && format == .csv
          ? "item,\(titled ? "title," : "")rank,similar,\(titled ? "similarTitle," : "")score\n" : ""
        for (item, list) in zip(batch, nearest(k, to: Array(batch), workers: workers)) {
          let name = catalog[item.index]
          if list.items.isEmpty { alone.append(name) }
          for (place, near) in list.items.enumerated() {
            let titles = (labels.title(of: item.index), labels.title(of: Int(near.item)))
            text += Self.line(
              name.text, place + 1, catalog[Int(near.item)].text, near.score, titled ? titles : nil, format,
              guardsFormulas)
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
    _ item: String, _ rank: Int, _ similar: String, _ score: Float, _ titles: (String?, String?)?,
    _ format: RecommendationText.Format, _ guardsFormulas: Bool
  ) -> String {
    func field(_ text: String) -> String { CSVField.quote(text, guarded: guardsFormulas) }
    if format == .csv {
      func cell(_ title: String??) -> String { title.map { field($0 ?? "") + "," } ?? "" }
      return "\(field(item)),\(cell(titles?.0))\(rank),\(field(similar)),\(cell(titles?.1))\(score)\n"
    }
    func member(_ name: String, _ title: String??) -> String {
      (title ?? nil).map { ",\"\(name)\":\(JSONString.quote($0))" } ?? ""
    }
    let value = score.isFinite ? "\(score)" : "null"
    let names = (JSONString.quote(item), JSONString.quote(similar))
    return
      "{\"item\":\(names.0)\(member("title", titles?.0)),\"rank\":\(rank),\"similar\":\(names.1)"
      + "\(member("similarTitle", titles?.1)),\"score\":\(value)}\n"
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
