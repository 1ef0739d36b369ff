import Interactions
import Kernels
import SequentialModels

/// The items that may be recommended: their rows of a table, their biases, and which items they are.
package struct Candidates: Sendable {
  /// `[rows, D]`
  package let table: Matrix
  /// `[1, rows]`; NaN where the row's item may not be recommended.
  package let bias: Matrix
  /// How many items may be recommended.
  package let count: Int
  /// The item of each row, ascending; nil where row `i` is item `i`.
  private let items: [Int32]?

  /// Candidates among the rows of `table`: all of them, or those that `allowed` names.
  ///
  /// A minority is copied together, so that ranking costs what it is; of a majority the others only get a bias of NaN.
  /// - Shapes: `table` `[items, D]`; `bias` `[1, items]`; `allowed` `[items]`.
  package init(table: Matrix, bias: Matrix, allowed: [Bool]? = nil) {
    guard let allowed else {
      (self.table, self.bias, count, items) = (table, bias, table.rows, nil)
      return
    }
    precondition(allowed.count == table.rows, "\(allowed.count) permissions for \(table.rows) items")
    let chosen = allowed.indices.filter { allowed[$0] }.map { Int32($0) }
    count = chosen.count
    if chosen.count * 2 <= table.rows {
      self.table = Matrix(rows: chosen.count, columns: table.columns)
      Rows.gather(table, chosen, into: self.table)
      self.bias = Matrix(rows: 1, columns: chosen.count, chosen.map { bias[0, Int($0)] })
      items = chosen
    } else {
      self.table = table
      self.bias = Matrix(rows: 1, columns: table.rows, allowed.indices.map { allowed[$0] ? bias[0, $0] : .nan })
      items = nil
    }
  }

  /// The items that a model may recommend.
  package init(_ model: BERT4Rec, allowed: [Bool]? = nil) {
    self.init(
      table: model.itemTable, bias: model.itemBias.reshaped(rows: 1, columns: model.itemCount), allowed: allowed)
  }

  /// What tells these candidates from others of the same model; nil for all of its items.
  var fingerprint: String? {
    if let items { return Fingerprint.of(items) }
    if count == table.rows { return nil }
    return Fingerprint.of((0..<Int32(table.rows)).filter { !bias[0, Int($0)].isNaN })
  }

  /// Rows of one piece where few users share out a large table.
  private static let leastPiece = 65_536

  /// The best `k` candidates of each vector, of equal scores the lower item first; `excluded` are items, per vector.
  ///
  /// Lists do not depend on the number of threads, nor on which vectors stand together.
  /// - Shapes: `vectors` `[users, D]`; `excluded` empty or `[users]`, in any order, in the items' numbers.
  /// - Complexity: users × candidates × D products; memory does not grow with users × candidates.
  package func rank(
    _ k: Int, for vectors: Matrix, excluded: [[Int32]] = [], logSums: Bool = false, workers: Workers
  ) -> [RankedList] {
    precondition(
      excluded.isEmpty || excluded.count == vectors.rows, "\(excluded.count) exclusions for \(vectors.rows) users")
    let users = vectors.rows
    let fair = (users + workers.threads - 1) / workers.threads
    let group = min(TopK.groupSize, max(32, (fair + 31) / 32 * 32))
    let groups = (users + group - 1) / group
    let wanted = groups >= workers.threads ? 1 : workers.threads / max(1, groups)
    let pieces = max(1, min(wanted, table.rows / Self.leastPiece))
    let excluded = excluded.map(rows(of:))
    let parts = workers.map(groups * pieces) { task in
      let members = task / pieces * group..<min(users, (task / pieces + 1) * group)
      let piece = task % pieces
      let range = table.rows * piece / pieces..<table.rows * (piece + 1) / pieces
      return TopK.select(
        k, users: vectors.rows(members), table: table.rows(range), bias: bias.columns(range),
        firstItem: range.lowerBound, excluded: excluded.isEmpty ? [] : Array(excluded[members]), logSums: logSums)
    }
    return (0..<users).map { user in
      let own = parts[user / group * pieces..<(user / group + 1) * pieces]
      return RankedList(own.map { ($0.items[user % group], $0.logSums.isEmpty ? nil : $0.logSums[user % group]) }, k)
        .renamed(items)
    }
  }

  /// The rows of `excluded`, ascending, without those that are no candidates anyway.
  private func rows(of excluded: [Int32]) -> [Int32] {
    guard let items else { return excluded.sorted() }
    return excluded.sorted().compactMap { item in
      let row = items.partitioningIndex { $0 >= item }
      return row < items.count && items[row] == item ? Int32(row) : nil
    }
  }
}
