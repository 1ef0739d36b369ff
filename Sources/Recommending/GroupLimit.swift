import Interactions
import Kernels

/// At most so many items of one group (category, brand, author) in a list.
package struct GroupLimit: Sendable, Equatable {
  /// `[items]` the group of each item; −1 where it has none, which is never limited.
  package let groups: [Int32]
  /// The greatest number of items of one group.
  package let most: Int

  package init(groups: [Int32], most: Int) {
    precondition(most >= 1, "at most \(most) items of a group")
    self.groups = groups
    self.most = most
  }

  /// The limit under an assignment of groups to items of `catalog`, and the items of which something is to be said.
  ///
  /// - Parameter assignments: the group of an item that comes again is the last one.
  package static func assigning(
    _ assignments: some Sequence<(item: Identifier, group: Identifier)>, most: Int, catalog: Catalog
  ) -> (limit: GroupLimit, findings: [IDFinding]) {
    var (items, names) = (Catalog(), Catalog())
    var groups: [Int32] = []
    var several = Catalog()
    for (item, group) in assignments {
      let index = items.insert(item)
      let group = Int32(names.insert(group))
      if index == groups.count { groups.append(group) }
      if groups[index] != group { _ = several.insert(item) }
      groups[index] = group
    }
    let limit = GroupLimit(groups: catalog.names.map { items.index(of: $0).map { groups[$0] } ?? -1 }, most: most)
    var findings: [IDFinding] = []
    findings.add(.groupedItem, items.names.filter { catalog.index(of: $0) == nil }, known: catalog)
    findings.add(.itemOfSeveralGroups, several.names)
    findings.add(.itemWithoutGroup, catalog.names.indices.filter { limit.groups[$0] < 0 }.map { catalog[$0] })
    return (limit, findings)
  }

  /// The first `k` items of a list without those that exceed the limit of their group, counted from the top.
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
  /// The best `k` candidates of each vector under a limit per group: a full sort, from whose top the items are left out
  /// that exceed the limit.
  ///
  /// Ranks four times deeper, for the vectors that need it, until a list is full or the candidates are used up.
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
        // A list shorter than the depth has shown all candidates.
        if lists[user].items.count < k && found[place].items.count == depth { unfilled.append(user) }
      }
      open = unfilled
      if open.isEmpty || depth >= total { break }
      depth = min(depth * 4, total)
      let rows = Matrix(rows: open.count, columns: vectors.columns)
      Rows.gather(vectors, open.map { Int32($0) }, into: rows)
      found = rank(depth, for: rows, excluded: excluded.isEmpty ? [] : open.map { excluded[$0] }, workers: workers)
    }
    return lists
  }
}
