/// The shape of a log in a few numbers that a page draws: lengths of histories, popularity of items, events over time.
package struct LogPicture: Codable, Sendable, Equatable {
  /// How many things have a number from `least` up to the next bin's.
  package struct Bin: Codable, Sendable, Equatable {
    package let least: Int
    package let count: Int
  }

  /// An item's events by its place among all items, most frequent first, from 1.
  package struct Place: Codable, Sendable, Equatable {
    package let place: Int
    package let events: Int
  }

  /// Users by the length of their history, in powers of two.
  package let historyLengths: [Bin]
  /// At places 1, 2, 4, …, and the last.
  package let popularity: [Place]
  /// Events in equal parts of the time from the first to the last; nil where the log has no times.
  package let eventsOverTime: [Int]?
  /// Microseconds since 1970-01-01 UTC.
  package let firstTime, lastTime: Int64?
  /// Events that share their time with the event of the same user before them.
  package let ties: Int?

  private static let parts = 24

  /// - Complexity: O(events + items · log items).
  package init(_ log: InteractionLog) {
    var lengths: [Int] = []
    for user in 0..<log.userCount {
      let length = log.range(of: UserID(user)).count
      if length == 0 { continue }
      let power = Int.bitWidth - 1 - length.leadingZeroBitCount
      while lengths.count <= power { lengths.append(0) }
      lengths[power] += 1
    }
    historyLengths = lengths.enumerated().map { Bin(least: 1 << $0.offset, count: $0.element) }
    let counts = log.eventCountsByItem.filter { $0 > 0 }.sorted(by: >)
    var places: [Place] = []
    var place = 1
    while place <= counts.count {
      places.append(Place(place: place, events: counts[place - 1]))
      place *= 2
    }
    if let last = counts.last, places.last?.place != counts.count {
      places.append(Place(place: counts.count, events: last))
    }
    popularity = places
    guard let times = log.times, let first = times.min(), let last = times.max() else {
      (eventsOverTime, firstTime, lastTime, ties) = (nil, nil, nil, nil)
      return
    }
    var parts = [Int](repeating: 0, count: Self.parts)
    let span = Double(last) - Double(first)
    for time in times {
      parts[span == 0 ? 0 : min(Self.parts - 1, Int((Double(time) - Double(first)) / span * Double(Self.parts)))] += 1
    }
    var ties = 0
    for user in 0..<log.userCount {
      let range = log.range(of: UserID(user))
      ties += range.dropFirst().count { times[$0] == times[$0 - 1] }
    }
    (eventsOverTime, firstTime, lastTime, self.ties) = (parts, first, last, ties)
  }
}
