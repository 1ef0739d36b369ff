/// What stands out in a log, gathered event by event in memory that grows with ids, not with rows.
package struct LogFindings: Sendable {
  /// What the gathering came to.
  package struct Summary: Codable, Sendable, Equatable {
    /// Users, items and groups of this log.
    package internal(set) var users = 0
    package internal(set) var items = 0
    package internal(set) var usersWithOneEvent = 0
    package internal(set) var itemsWithOneEvent = 0
    /// Events that repeat an earlier one: same user and item, and same time where the log has times.
    package internal(set) var duplicates = 0
    /// Events that share their time with another event of the same user.
    package internal(set) var equalTimes: Int?
    /// Events that are earlier than the event of the same user before them in the input.
    package internal(set) var unsorted: Int?
    /// Microseconds since 1970-01-01 UTC.
    package internal(set) var firstTime: Int64?
    package internal(set) var lastTime: Int64?
    /// The user and the item with the most events, where they stand far out; nil in most logs.
    package internal(set) var outlyingUser: Outlier?
    package internal(set) var outlyingItem: Outlier?
    package internal(set) var similarUsers = SimilarNames()
    package internal(set) var similarItems = SimilarNames()
  }

  /// An id that owns far more events than any other.
  package struct Outlier: Codable, Sendable, Equatable {
    /// nil where it is not to be named.
    package internal(set) var id: Identifier?
    package let events: Int
  }

  /// What is remembered of a user.
  private struct Trace {
    var events = 0
    /// The time of the last event.
    var time: Int64 = 0
  }

  private let isTimed: Bool
  private var users: [Trace] = []
  /// The events of every item.
  private var items: [Int] = []
  private var unsorted = 0
  private var firstTime = Int64.max
  private var lastTime = Int64.min
  private var events = RepeatCounter()
  private var moments = RepeatCounter()

  init(isTimed: Bool) { self.isTimed = isTimed }

  /// - Throws: `LogError.temporaryFile`.
  mutating func note(user: UserID, item: ItemID, time: Int64) throws(LogError) {
    if users.count <= user.index { Self.extend(&users, to: user.index, Trace()) }
    if items.count <= item.index { Self.extend(&items, to: item.index, 0) }
    let before = users[user.index]
    users[user.index] = Trace(events: before.events + 1, time: time)
    items[item.index] += 1
    let pair = UInt64(UInt32(bitPattern: user.rawValue)) << 32 | UInt64(UInt32(bitPattern: item.rawValue))
    guard isTimed else { return try events.add(RepeatCounter.mix(pair)) }
    if before.events > 0, time < before.time { unsorted += 1 }
    firstTime = min(firstTime, time)
    lastTime = max(lastTime, time)
    let moment = RepeatCounter.mix(UInt64(bitPattern: time))
    try events.add(RepeatCounter.mix(pair ^ moment))
    try moments.add(RepeatCounter.mix(UInt64(user.index) &* 0x9e37_79b9_7f4a_7c15 ^ moment))
  }

  /// - Throws: `LogError.temporaryFile`.
  mutating func summary(_ identifiers: KnownIdentifiers) throws(LogError) -> Summary {
    var summary = Summary()
    summary.users = users.count { $0.events > 0 }
    summary.items = items.count { $0 > 0 }
    summary.usersWithOneEvent = users.count { $0.events == 1 }
    summary.itemsWithOneEvent = items.count { $0 == 1 }
    summary.duplicates = try events.count().repeated
    summary.outlyingUser = Self.outlier(users.map(\.events), identifiers.users)
    summary.outlyingItem = Self.outlier(items, identifiers.items)
    summary.similarUsers = SimilarNames(identifiers.users)
    summary.similarItems = SimilarNames(identifiers.items)
    guard isTimed, firstTime <= lastTime else { return summary }
    summary.equalTimes = try moments.count().shared
    summary.unsorted = unsorted
    summary.firstTime = firstTime
    summary.lastTime = lastTime
    return summary
  }

  /// The id that owns a tenth of all events and five times as many as the next.
  private static func outlier(_ events: [Int], _ names: IdentifierTable) -> Outlier? {
    var (first, second, total) = (0, 0, 0)
    for (index, count) in events.enumerated() {
      total += count
      if count > events[first] { first = index }
    }
    for (index, count) in events.enumerated() where index != first { second = max(second, count) }
    guard total >= 100, second > 0, events[first] * 10 >= total, events[first] >= 5 * second else { return nil }
    return Outlier(id: names[first], events: events[first])
  }

  /// Makes `index` one of the values.
  private static func extend<Value>(_ values: inout [Value], to index: Int, _ empty: Value) {
    values.append(contentsOf: repeatElement(empty, count: index + 1 - values.count))
  }
}
