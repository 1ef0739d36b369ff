import Collectives
import DurableFiles
import Interactions
import Kernels
import SequentialModels

/// The items that may be recommended: their rows of a table, their biases, and which items they are.
///
/// Where the model's items are spread over processes, each has its own and all rank together.
package struct Candidates: Sendable {
  /// `[rows, D]`
  package let table: Matrix
  /// `[1, rows]`; NaN where the row's item may not be recommended.
  package let bias: Matrix
  /// How many items may be recommended, and of how many.
  package let count, total: Int
  /// The item of each row, ascending; nil where row `i` is item `i`.
  private let items: [Int32]?
  /// `[total]` whether an item may be recommended; nil for all.
  private let allowed: [Bool]?
  private let processes: any Processes

  /// Candidates among the rows of `table`: all of them, or those that `allowed` names.
  ///
  /// A minority is copied together, so that ranking costs what it is; of a majority the others only get a bias of NaN.
  /// - Shapes: `table` `[items, D]`; `bias` `[1, items]`; `allowed` `[items]`.
  package init(table: Matrix, bias: Matrix, allowed: [Bool]? = nil) {
    self.init(table: table, bias: bias, items: nil, total: table.rows, allowed: allowed, OneProcess())
  }

  /// - Parameter items: of each row, ascending; nil where row `i` is item `i`.
  private init(
    table: Matrix, bias: Matrix, items: [Int32]?, total: Int, allowed: [Bool]?, _ processes: any Processes
  ) {
    (self.total, self.allowed, self.processes) = (total, allowed, processes)
    guard let allowed else {
      (self.table, self.bias, count, self.items) = (table, bias, total, items)
      return
    }
    precondition(allowed.count == total, "\(allowed.count) permissions for \(total) items")
    count = allowed.count { $0 }
    func isAllowed(_ row: Int) -> Bool { allowed[items.map { Int($0[row]) } ?? row] }
    let chosen = (0..<table.rows).filter(isAllowed).map { Int32($0) }
    if chosen.count * 2 <= table.rows {
      self.table = Matrix(rows: chosen.count, columns: table.columns)
      Rows.gather(table, chosen, into: self.table)
      self.bias = Matrix(rows: 1, columns: chosen.count, chosen.map { bias[0, Int($0)] })
      self.items = items.map { items in chosen.map { items[Int($0)] } } ?? chosen
    } else {
      self.table = table
      self.bias = Matrix(rows: 1, columns: table.rows, (0..<table.rows).map { isAllowed($0) ? bias[0, $0] : .nan })
      self.items = items
    }
  }

  /// The items that a model may recommend; of one whose items are spread over processes, those of this process.
  package init(_ model: BERT4Rec, allowed: [Bool]? = nil) {
    guard let spread = model.spread else {
      self.init(
        table: model.itemTable, bias: model.itemBias.reshaped(rows: 1, columns: model.itemCount), allowed: allowed)
      return
    }
    let (table, bias) = spread.candidates
    self.init(
      table: table, bias: bias, items: spread.own, total: spread.itemCount, allowed: allowed, spread.processes)
  }

  /// What tells these candidates from others of the same model; nil for all of its items.
  package var fingerprint: String? {
    guard let allowed, count < total else { return nil }
    return Fingerprint.of((0..<Int32(total)).filter { allowed[Int($0)] })
  }

  /// Rows of one piece where few users share out a large table.
  private static let leastPiece = 65_536

  /// The best `k` candidates of each vector, of equal scores the lower item first; `excluded` are items, per vector.
  ///
  /// Lists do not depend on the number of threads, nor on which vectors stand together, nor on the processes, of which all
  /// give the same vectors and get all lists.
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
    let lists = (0..<users).map { user in
      let own = parts[user / group * pieces..<(user / group + 1) * pieces]
      return RankedList(own.map { ($0.items[user % group], $0.logSums.isEmpty ? nil : $0.logSums[user % group]) }, k)
        .renamed(items)
    }
    precondition(processes.count == 1 || !logSums, "sums of exponentials are made by one process")
    return processes.count == 1 ? lists : joined(lists, k)
  }

  /// The best `k` of the lists that all processes have for each user.
  private func joined(_ lists: [RankedList], _ k: Int) -> [RankedList] {
    var rest = processes.gather(lists.flatMap { RankedItem.sent($0.items) }).map { $0[...] }
    return lists.map { _ in RankedList(rest.indices.map { (RankedItem.received(&rest[$0]), nil) }, k) }
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
