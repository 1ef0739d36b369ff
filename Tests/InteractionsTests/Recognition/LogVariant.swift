import Interactions

/// One known log, written in one of very many ways that real logs are written in.
struct LogVariant {
  /// An event of the known log: at most one a day and user, so that dates alone put them in order.
  struct Event {
    let user: Int
    let item: Int
    /// Days since 1970-01-01.
    let day: Int
    /// Seconds since midnight.
    let clock: Int
  }

  enum TimeStyle: CaseIterable {
    case none, seconds, milliseconds, microseconds, nanoseconds, decimals, iso, isoBlank, isoZone, isoDate, digits
    case digitsAndClock, slashes, dayFirst, monthFirst, dots, cDate, monthName, dateAndClock, digitsAndHours, zoneless
  }

  enum Shape: CaseIterable { case delimited, jsonLines, jsonArray, jsonRows, lists }

  var random: SplitMix64
  let events: [Event]
  let style: TimeStyle
  let shape: Shape
  var text = ""
  /// The file's bytes: `text` in the variant's encoding, packed or not.
  var bytes: [UInt8] = []
  /// What the variant is, to find it again.
  var description = ""
  /// Every user's items, oldest first, in the order of the users' names.
  private(set) var histories: [String: [String]] = [:]
  /// Every user's times, oldest first, in microseconds; nothing where the variant has none.
  private(set) var instants: [String: [Int64]] = [:]
  /// Whether the header stands once more among the rows.
  var repeatsHeader = false

  init(seed: UInt64) {
    random = SplitMix64(seed: seed, index: 1)
    let users = 8 + random.below(8)
    let items = 8 + random.below(30)
    var events: [Event] = []
    let first = 17_000 + random.below(2_000)
    for user in 0..<users {
      var day = first + random.below(40)
      for _ in 0..<(2 + random.below(5)) {
        day += 1 + random.below(9)
        events.append(Event(user: user, item: random.below(items), day: day, clock: random.below(86_400)))
      }
    }
    let styles = TimeStyle.allCases
    style = styles[random.below(styles.count)]
    let roll = random.below(20)
    shape = roll < 14 ? .delimited : roll < 16 ? .jsonLines : roll < 17 ? .jsonArray : roll < 18 ? .jsonRows : .lists
    self.events = events
    write()
  }

  mutating func pick<T>(_ choices: [T]) -> T { choices[random.below(choices.count)] }
  mutating func chance(_ percent: Int) -> Bool { random.below(100) < percent }

  private mutating func write() {
    let userForm: (Int) -> String = pick([
      { "u\($0)" }, { String($0 + 1) }, { "user_00\($0)" }, { "A\($0)É" }, { "\($0 * 7 + 100_003)" },
      { "Kim \($0)" }, { "0\($0)" }, { "-\($0 * 3 + 2)" }, { "\($0 + 40).0" },
    ])
    let itemForm: (Int) -> String = pick([
      { "i\($0)" }, { String($0 + 1) }, { "B00\($0)X" }, { "\($0 * 13 + 5_000)" }, { "item-\($0)" },
      { "caf\u{E9}\($0)" }, { "/p/\($0) a" }, { "\($0 * 3 + 11).0" },
    ])
    var ordered = events
    if shape == .lists || style == .none {
      ordered.sort { ($0.user, $0.day) < ($1.user, $1.day) }
    } else if chance(50) {
      for index in ordered.indices.reversed() { ordered.swapAt(index, random.below(index + 1)) }
    }
    for event in events.sorted(by: { $0.day < $1.day }) {
      histories[userForm(event.user), default: []].append(itemForm(event.item))
      if let instant = instant(event), shape != .lists {
        instants[userForm(event.user), default: []].append(instant)
      }
    }
    description = "\(shape) \(style)"
    switch shape {
    case .delimited: writeDelimited(ordered, userForm, itemForm)
    case .lists: writeLists(userForm, itemForm)
    default: writeJSON(ordered, userForm, itemForm)
    }
    description += " " + finish()
    encode()
  }

  /// In what `log` is another log than this one; nil where it is this one.
  func difference(from log: InteractionLog, _ summary: ReadingSummary) -> String? {
    var found: [String: [String]] = [:]
    var times: [String: [Int64]] = [:]
    for user in 0..<log.userCount {
      found[log.users[user].text] = log.history(of: UserID(user)).map { log.items[$0.index].text }
      if let all = log.times {
        times[log.users[user].text] = Array(all[log.range(of: UserID(user))])
      }
    }
    let dropped = summary.rows.dropped - (repeatsHeader ? 1 : 0)
    if dropped != 0 { return "\(dropped) rows dropped" }
    if found != histories { return "other histories" }
    return times == instants ? nil : "other times"
  }

  /// Line ends, a byte order mark, the last line end.
  private mutating func finish() -> String {
    let end = pick(["\n", "\n", "\r\n", "\r", ""])
    if end.isEmpty, shape != .jsonArray {
      // Two files of two systems, one behind the other.
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let (first, second) = (lines.prefix(lines.count / 2), lines.dropFirst(lines.count / 2))
      text = first.joined(separator: "\r\n") + "\r\n" + second.joined(separator: "\n")
    } else if shape != .jsonArray {
      text = text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: end)
    }
    if chance(20) { text = "\u{FEFF}" + text }
    return "ends \(end.debugDescription)"
  }
}
