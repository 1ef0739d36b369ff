/// The events of a log that are still in, as positions; what is left out is never copied.
struct EventSelection {
  private let source: InteractionLog
  private let owners: [Int32]
  /// Ascending, so that every user's events stand together and in order.
  private var kept: [Int32]

  init(_ log: InteractionLog) {
    source = log
    kept = Array(0..<Int32(log.eventCount))
    owners = (0..<log.userCount).flatMap { user in
      repeatElement(Int32(user), count: log.range(of: UserID(user)).count)
    }
  }

  /// Leaves out events whose time is not in `window` and returns how many those were.
  mutating func removeOutside(_ window: Range<Int64>, times: [Int64]) -> Int {
    let old = kept.count
    kept.removeAll { !window.contains(times[Int($0)]) }
    return old - kept.count
  }

  /// Leaves out repeated items and returns how many events that were.
  mutating func removeRepeats(_ repeats: Preparation.Repeats) -> Int {
    let old = kept.count
    switch repeats {
    case .keep: break
    case .collapseConsecutive:
      var stay: [Int32] = []
      for position in kept where !isRepeat(position, of: stay.last) { stay.append(position) }
      kept = stay
    case .keepFirst: kept = firsts(kept)
    case .keepLast: kept = firsts(kept.reversed()).reversed()
    }
    return old - kept.count
  }

  /// Of `positions`, a user's one after another, those whose item the user had not before.
  private func firsts(_ positions: some Sequence<Int32>) -> [Int32] {
    var latestUser = [Int32](repeating: -1, count: source.itemCount)
    return positions.filter { position in
      let item = source.events[Int(position)].index
      if latestUser[item] == owners[Int(position)] { return false }
      latestUser[item] = owners[Int(position)]
      return true
    }
  }

  /// Leaves out users and items with too few events and returns how many events those had.
  mutating func removeRare(minimumUserEvents: Int, minimumItemEvents: Int) -> Int {
    var userCounts = [Int](repeating: 0, count: source.userCount)
    var itemCounts = [Int](repeating: 0, count: source.itemCount)
    for position in kept {
      userCounts[Int(owners[Int(position)])] += 1
      itemCounts[source.events[Int(position)].index] += 1
    }
    let old = kept.count
    kept.removeAll { position in
      userCounts[Int(owners[Int(position)])] < minimumUserEvents
        || itemCounts[source.events[Int(position)].index] < minimumItemEvents
    }
    return old - kept.count
  }

  /// The log of the events that are in; users and items that have none left are gone from its catalogs.
  var log: InteractionLog {
    if kept.count == source.eventCount { return source }
    let users = Renumbering(of: source.users, used: kept.lazy.map { [owners] in Int(owners[Int($0)]) })
    let items = Renumbering(of: source.items, used: kept.lazy.map { [source] in source.events[Int($0)].index })
    var batch = EventBatch(columns: source.columns.reindexed(by: kept))
    batch.users = kept.map { UserID(users.numbers[Int(owners[Int($0)])]) }
    batch.items = kept.map { ItemID(items.numbers[source.events[Int($0)].index]) }
    return InteractionLog(users: users.catalog, items: items.catalog, events: batch)
  }

  private func isRepeat(_ position: Int32, of earlier: Int32?) -> Bool {
    guard let earlier else { return false }
    return owners[Int(position)] == owners[Int(earlier)]
      && source.events[Int(position)] == source.events[Int(earlier)]
  }

  /// New numbers for the ids that stay, in their old order.
  private struct Renumbering {
    let catalog: Catalog
    /// By old number; meaningless for ids that are gone.
    let numbers: [Int]

    init(of old: Catalog, used: some Sequence<Int>) {
      var stays = [Bool](repeating: false, count: old.count)
      for index in used { stays[index] = true }
      catalog = Catalog(old.names.indices.lazy.filter { stays[$0] }.map { old[$0] })
      var next = 0
      numbers = stays.map { stays in
        defer { next += stays ? 1 : 0 }
        return next
      }
    }
  }
}
