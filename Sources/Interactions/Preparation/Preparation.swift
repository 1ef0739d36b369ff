/// What is left out of a log before anything learns from it, as a value that a record can hold.
///
/// Whatever is left out is left out until nothing more changes: in the result every user and every item has its minimum,
/// and no repeat that was to be removed has come back. Equal times keep the order of the input, here as everywhere.
package struct Preparation: Codable, Sendable, Equatable {
  /// What becomes of an item that one user interacted with several times.
  package enum Repeats: String, Codable, CaseIterable, Sendable {
    case keep
    /// Of the same item several times in a row, the first stays.
    case collapseConsecutive
    /// Of the same item anywhere in a history, the first stays.
    case keepFirst
    /// Of the same item anywhere in a history, the last stays.
    case keepLast
  }

  /// Earlier events are left out; microseconds since 1970-01-01 UTC, nil for no bound.
  package var since: Int64?
  /// Events from then on are left out.
  package var until: Int64?
  package var repeats: Repeats
  /// Users with fewer events are left out.
  package var minimumUserEvents: Int
  /// Items with fewer events are left out.
  package var minimumItemEvents: Int
  /// Minutes without an event after which a user's next event begins a new session, which becomes its group; nil keeps
  /// the groups as they are.
  package var sessionGapMinutes: Double?

  package init(
    repeats: Repeats = .keep, minimumUserEvents: Int = 1, minimumItemEvents: Int = 1, sessionGapMinutes: Double? = nil
  ) {
    self.repeats = repeats
    self.minimumUserEvents = minimumUserEvents
    self.minimumItemEvents = minimumItemEvents
    self.sessionGapMinutes = sessionGapMinutes
  }

  /// The log that is left, and what was left out.
  ///
  /// - Throws: `LogError.noTimes` where sessions or a window of time are requested and the log has no times;
  ///   `.emptyWindow` where no event lies in the window.
  /// - Complexity: O(events) per round; the number of rounds is in the summary.
  package func apply(_ log: InteractionLog) throws(LogError) -> (log: InteractionLog, summary: PreparationSummary) {
    var summary = PreparationSummary(before: log)
    var selection = EventSelection(log)
    if since != nil || until != nil {
      guard let times = log.times else { throw .noTimes }
      let outside = selection.removeOutside((since ?? .min)..<(until ?? .max), times: times)
      summary.outsideWindow = outside
      if outside == log.eventCount, outside > 0 {
        throw .emptyWindow(
          window: window ?? "", first: ISO8601.text(times.min() ?? 0), last: ISO8601.text(times.max() ?? 0))
      }
    }
    repeat {
      summary.rounds += 1
      let repeated = selection.removeRepeats(repeats)
      let rare = selection.removeRare(minimumUserEvents: minimumUserEvents, minimumItemEvents: minimumItemEvents)
      summary.removedRepeats += repeated
      summary.removedRare += rare
      if repeated + rare == 0 { break }
    } while true
    var prepared = selection.log
    if let minutes = sessionGapMinutes {
      prepared = try prepared.groupedBySessions(gap: Int64(minutes * 60_000_000))
      summary.sessions = prepared.groups?.last.map { Int($0) + 1 } ?? 0
    }
    summary.setAfter(prepared)
    return (prepared, summary)
  }
}

extension Preparation {
  /// The window of time as options; nil where there is none.
  var window: String? {
    let bounds = [since.map { "--since \(ISO8601.text($0))" }, until.map { "--until \(ISO8601.text($0))" }]
    let options = bounds.compactMap(\.self)
    return options.isEmpty ? nil : options.joined(separator: " ")
  }
}

extension InteractionLog {
  /// The same log whose groups are sessions: a new one begins with every user and after more than `gap` microseconds.
  ///
  /// - Throws: `LogError.noTimes` where the log has no times.
  package func groupedBySessions(gap: Int64) throws(LogError) -> InteractionLog {
    guard let times else { throw .noTimes }
    var sessions: [Int64] = []
    sessions.reserveCapacity(eventCount)
    var session: Int64 = -1
    for user in 0..<userCount {
      for position in offsets[user]..<offsets[user + 1] {
        let isFirst = position == offsets[user]
        if isFirst || times[position] - times[position - 1] > gap { session += 1 }
        sessions.append(session)
      }
    }
    var columns = columns
    columns[.group] = sessions
    return InteractionLog(users: users, items: items, offsets: offsets, events: events, columns: columns)
  }
}
