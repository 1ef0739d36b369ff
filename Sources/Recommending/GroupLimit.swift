import Kernels

/// At most so many items of one group (category, brand, author) in a list.
package struct GroupLimit: Sendable, Equatable {
  /// `[items]` the group of each item; −1 where it has none, which is never limited.
  package let groups: [Int32]
  package let most: Int

  package init(groups: [Int32], most: Int) {
    precondition(most >= 1, "at most \(most) items of a group")
    self.groups = groups
    self.most = most
  }

  /// The best `k` of a list that begin none of their groups beyond its limit: from the top, what is one too many is left out.
  func cut(_ items: [RankedItem], to k: Int) -> [RankedItem] {
    var taken: [Int32: Int] = [:]
    var kept: [RankedItem] = []
    for item in items where kept.count < k {
      let group = groups[Int(item.item)]
      if group >= 0 {
        if taken[group, default: 0] >= most { continue }
        taken[group, default: 0] += 1
      }
      kept.append(item)
    }
    return kept
  }
}

extension Candidates {
  /// The best `k` candidates of each vector under a limit per group: those a full sort gives when what is one too many is
  /// left out from the top.
  ///
  /// Ranks four times deeper, for those who need it, until a list is full or the candidates are used up.
  package func rank(
    _ k: Int, for vectors: Matrix, excluded: [[Int32]] = [], logSums: Bool = false, limit: GroupLimit?,
    workers: Workers
  ) -> [RankedList] {
    var lists = rank(k, for: vectors, excluded: excluded, logSums: logSums, workers: workers)
    guard let limit else { return lists }
    var depth = k
    var open = Array(0..<vectors.rows)
    var found = lists
    while !open.isEmpty {
      var unfilled: [Int] = []
      for (place, user) in open.enumerated() {
        lists[user].items = limit.cut(found[place].items, to: k)
        // A list shorter than what was asked for has shown all candidates.
        if lists[user].items.count < k && found[place].items.count == depth { unfilled.append(user) }
      }
      open = unfilled
      if open.isEmpty || depth >= table.rows { break }
      depth = min(depth * 4, table.rows)
      let rows = Matrix(rows: open.count, columns: vectors.columns)
      Rows.gather(vectors, open.map { Int32($0) }, into: rows)
      found = rank(depth, for: rows, excluded: excluded.isEmpty ? [] : open.map { excluded[$0] }, workers: workers)
    }
    return lists
  }
}
