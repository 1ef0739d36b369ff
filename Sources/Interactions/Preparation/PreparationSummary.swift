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
    prepared: \(after.events) of \(before.events) events, \(after.users) of \(before.users) users and \(after.items) of \
    \(before.items) items stay; left out \(outsideWindow.map { "\($0) events outside of the window, " } ?? "")\
    \(removedRepeats) repeats and \(removedRare) events of the rare in \(rounds) \
    \(rounds == 1 ? "round" : "rounds")\(sessions.map { "; \($0) sessions" } ?? "")
    """
  }
}
