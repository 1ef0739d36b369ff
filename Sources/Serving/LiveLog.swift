import Foundation
import InteractionStore
import Interactions
import ModelFiles

/// The histories of a store, and the events that came since it was read: what the store would give if it were read again,
/// prepared as the model's training had it.
///
/// Users with fewer events than training asked of one have their histories all the same, since they are whom events come from;
/// popular items are not counted in them.
package struct LiveLog: Sendable {
  private struct Event {
    var time: Int64
    var item: Int32
  }

  package private(set) var users: Catalog
  package private(set) var items: Catalog
  /// `[items]` events per item, of prepared histories.
  package private(set) var counts: [Int]
  package private(set) var eventCount: Int
  package let hasTimes: Bool
  private let preparation: Preparation
  /// What was read from the store, of the window of time that training had.
  private let base: InteractionLog
  /// `[items]` whether training kept the item, however rare; nil where it kept all. An item that came since counts as rare.
  private let isFrequent: [Bool]?
  /// All events of the window of a user who had events since.
  private var grown: [Int: [Event]] = [:]

  /// - Parameter log: the whole log, of which `preparation` leaves something out.
  /// - Throws: `LogError` where the log lacks the times that `preparation` needs.
  package init(_ log: InteractionLog, _ preparation: Preparation = Preparation()) throws(LogError) {
    let prepared = preparation == Preparation() ? log : try preparation.apply(log).log
    var window = Preparation()
    (window.since, window.until) = (preparation.since, preparation.until)
    base = window == Preparation() ? log : try window.apply(log).log
    self.preparation = preparation
    (users, items, hasTimes) = (base.users, base.items, log.times != nil)
    let kept = base.items.names.map { prepared.items.index(of: $0) }
    let preparedCounts = prepared.eventCountsByItem
    counts = kept.map { $0.map { preparedCounts[$0] } ?? 0 }
    eventCount = prepared.eventCount
    isFrequent = preparation.minimumItemEvents > 1 ? kept.map { $0 != nil } : nil
  }

  /// Reads the log at `url` as the one that the model was trained on.
  ///
  /// - Throws: `LogError`, `StoreError`.
  init(_ url: URL, asFor model: ServedModel) throws {
    let settings = model.settings
    try self.init(LogSource.load(url.path, LogSettings(reading: settings.reading)).log, settings.preparation)
  }

  /// Adds events that the store has taken, in their order there.
  package mutating func append(_ events: [NewEvent]) {
    let window = (preparation.since ?? .min)..<(preparation.until ?? .max)
    for event in events where !hasTimes || window.contains(event.time ?? 0) {
      let user = users.insert(event.user)
      let item = items.insert(event.item)
      if item == counts.count { counts.append(0) }
      if grown[user] == nil { grown[user] = read(user) }
      if changesHistories { count(user, -1) }
      let new = Event(time: event.time ?? 0, item: Int32(item))
      // Equal times keep the order in which they came; without times all are equal.
      let place = grown[user]!.lastIndex { $0.time <= new.time }.map { $0 + 1 } ?? 0
      grown[user]!.insert(new, at: place)
      if changesHistories {
        count(user, 1)
      } else {
        counts[item] += 1
        eventCount += 1
      }
    }
  }

  /// Whether an event may count for more or less than itself.
  private var changesHistories: Bool {
    preparation.repeats != .keep || preparation.minimumUserEvents > 1 || isFrequent != nil
  }

  /// The numbers of the user's items, oldest first; nil where there is no such user.
  package func history(of name: Identifier) -> [Int32]? {
    guard let user = users.index(of: name) else { return nil }
    return prepared(grown[user].map { $0.map(\.item) } ?? base.history(of: UserID(user)).map(\.rawValue))
  }

  /// Counts what the user's history has, `sign` times.
  private mutating func count(_ user: Int, _ sign: Int) {
    let history = prepared(grown[user]!.map(\.item))
    if history.count < preparation.minimumUserEvents { return }
    for item in history { counts[Int(item)] += sign }
    eventCount += sign * history.count
  }

  /// A history without what training left out of one.
  private func prepared(_ history: [Int32]) -> [Int32] {
    var history = history
    if let isFrequent { history.removeAll { $0 >= isFrequent.count || !isFrequent[Int($0)] } }
    switch preparation.repeats {
    case .keep: return history
    case .collapseConsecutive:
      return history.indices.filter { $0 == 0 || history[$0] != history[$0 - 1] }.map { history[$0] }
    case .keepFirst: return Self.firsts(history)
    case .keepLast: return Self.firsts(history.reversed()).reversed()
    }
  }

  private static func firsts(_ history: [Int32]) -> [Int32] {
    var seen = Set<Int32>()
    return history.filter { seen.insert($0).inserted }
  }

  private func read(_ user: Int) -> [Event] {
    guard user < base.userCount else { return [] }
    return base.range(of: UserID(user)).map {
      Event(time: base.times?[$0] ?? 0, item: base.events[$0].rawValue)
    }
  }
}
