import Foundation
import InteractionStore
import Interactions
import ModelFiles

/// The histories of a store, and the events that came since it was read: what the store would give if it were read again.
package struct LiveLog: Sendable {
  private struct Event {
    var time: Int64
    var item: Int32
  }

  package private(set) var users: Catalog
  package private(set) var items: Catalog
  /// `[items]` events per item.
  package private(set) var counts: [Int]
  package private(set) var eventCount: Int
  package let hasTimes: Bool
  /// What was read from the store.
  private let base: InteractionLog
  /// The whole history of a user who had events since.
  private var grown: [Int: [Event]] = [:]

  package init(_ log: InteractionLog) {
    (users, items, base) = (log.users, log.items, log)
    (counts, eventCount, hasTimes) = (log.eventCountsByItem, log.eventCount, log.times != nil)
  }

  /// Reads the log at `url` as the one that the model was trained on.
  ///
  /// - Throws: `LogError`, `StoreError`.
  init(_ url: URL, asFor model: ServedModel) throws {
    self.init(try LogSource.load(url.path, model.loaded.card.provenance?.settings ?? LogSettings()).log)
  }

  /// Adds events that the store has taken, in their order there.
  package mutating func append(_ events: [NewEvent]) {
    for event in events {
      let user = users.insert(event.user)
      let item = items.insert(event.item)
      if item == counts.count { counts.append(0) }
      counts[item] += 1
      eventCount += 1
      if grown[user] == nil { grown[user] = read(user) }
      let new = Event(time: event.time ?? 0, item: Int32(item))
      // Equal times keep the order in which they came; without times all are equal.
      let place = grown[user]!.lastIndex { $0.time <= new.time }.map { $0 + 1 } ?? 0
      grown[user]!.insert(new, at: place)
    }
  }

  /// The numbers of the user's items, oldest first; nil where there is no such user.
  package func history(of name: Identifier) -> [Int32]? {
    guard let user = users.index(of: name) else { return nil }
    if let events = grown[user] { return events.map(\.item) }
    return base.history(of: UserID(user)).map(\.rawValue)
  }

  private func read(_ user: Int) -> [Event] {
    guard user < base.userCount else { return [] }
    return base.range(of: UserID(user)).map {
      Event(time: base.times?[$0] ?? 0, item: base.events[$0].rawValue)
    }
  }
}
