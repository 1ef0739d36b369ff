extension InteractionLog {
  /// The same log whose groups are sessions: a new one begins with every user and after more than `gap` microseconds.
  ///
  /// - Throws: `LogError.noTimes` where the log has no times.
  package func groupedBySessions(gap: Int64) throws(LogError) -> InteractionLog {
    guard let times else { throw .noTimes }
    var sessions: [Int32] = []
    sessions.reserveCapacity(eventCount)
    var session: Int32 = -1
    for user in 0..<userCount {
      for position in offsets[user]..<offsets[user + 1] {
        let isFirst = position == offsets[user]
        if isFirst || times[position] - times[position - 1] > gap { session += 1 }
        sessions.append(session)
      }
    }
    return InteractionLog(
      users: users, items: items, offsets: offsets, events: events, times: times, groups: sessions)
  }
}
