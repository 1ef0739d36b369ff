import DurableFiles

/// What a preparation left out of a log.
package struct PreparationSummary: Codable, Sendable, Equatable {
  /// How large a log is.
  package struct Size: Codable, Sendable, Equatable {
    package let users: Int
    package let items: Int
    package let events: Int

    init(_ log: InteractionLog) {
      users = log.userCount
      items = log.itemCount
      events = log.eventCount
    }
  }

  package let before: Size
  /// Events outside of the window of time; nil where none was requested.
  package internal(set) var outsideWindow: Int?
  package private(set) var after: Size
  /// Events left out because they repeat another.
  package internal(set) var removedRepeats = 0
  /// Events left out with their user or item, which had too few.
  package internal(set) var removedRare = 0
  /// Rounds until nothing changed, the last one included.
  package internal(set) var rounds = 0
  /// nil where sessions were not requested.
  package internal(set) var sessions: Int?

  init(before log: InteractionLog) {
    before = Size(log)
    after = before
  }

  mutating func setAfter(_ log: InteractionLog) { after = Size(log) }
}

extension PreparationSummary: CustomStringConvertible {
  package var description: String {
    """
    prepared: \(after.events) of \(Counted(before.events, "event")), \(after.users) of \(Counted(before.users, "user")) and \(after.items) of \
    \(Counted(before.items, "item")) stay; left out \(outsideWindow.map { "\(Counted($0, "event")) outside of the window, " } ?? "")\
    \(Counted(removedRepeats, "repeat")) and \(Counted(removedRare, "event")) of the rare in \
    \(Counted(rounds, "round"))\(sessions.map { "; \(Counted($0, "session"))" } ?? "")
    """
  }
}
