import Interactions
import Kernels
import SequentialModels

/// Which items the model holds for alike, by their rows of the item table.
package struct ItemSimilarity: Sendable {
  package enum Measure: String, Sendable, CaseIterable {
    /// The cosine of the angle between two rows; of a row of zeros, 0.
    case cosine
    /// The inner product of two rows.
    case product
  }

  private let candidates: Candidates

  /// - Parameter allowed: `[items]` whether an item may be named; nil for all.
  package init(_ model: BERT4Rec, _ measure: Measure, allowed: [Bool]? = nil) {
    let table = measure == .cosine ? Self.normalized(model.itemTable) : model.itemTable
    rows = table
    candidates = Candidates(table: table, bias: Matrix(rows: 1, columns: table.rows), allowed: allowed)
  }

  private let rows: Matrix

  /// The `k` nearest other items of each of `items`, nearest first; of equally near ones the lower item first.
  package func nearest(_ k: Int, to items: [ItemID], workers: Workers) -> [RankedList] {
    let vectors = Matrix(rows: items.count, columns: rows.columns)
    Rows.gather(rows, items.map(\.rawValue), into: vectors)
    return candidates.rank(k, for: vectors, excluded: items.map { [$0.rawValue] }, workers: workers)
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
