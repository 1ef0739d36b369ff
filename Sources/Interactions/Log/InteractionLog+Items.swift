extension InteractionLog {
  /// The same histories in the numbering of another catalog; events with items it lacks are left out and counted.
  ///
  /// - Returns: the log over `catalog`, and per item of this log that `catalog` lacks, how many events were left out.
  package func renumbered(to catalog: Catalog) -> (log: InteractionLog, unknown: [(item: Identifier, events: Int)]) {
    if catalog == items { return (self, []) }
    let numbers = items.names.map { catalog.index(of: $0) }
    var offsets = [0]
    offsets.reserveCapacity(userCount + 1)
    var kept: [Int] = []
    kept.reserveCapacity(eventCount)
    var missing: [Int: Int] = [:]
    for user in 0..<userCount {
      for position in range(of: UserID(user)) {
        let item = events[position].index
        if numbers[item] == nil { missing[item, default: 0] += 1 } else { kept.append(position) }
      }
      offsets.append(kept.count)
    }
    let log = InteractionLog(
      users: users, items: catalog, offsets: offsets, events: kept.map { ItemID(numbers[events[$0].index]!) },
      columns: columns.reindexed(by: kept))
    return (log, missing.sorted { $0.key < $1.key }.map { (items[$0.key], $0.value) })
  }
}
