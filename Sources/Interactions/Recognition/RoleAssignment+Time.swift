extension RoleAssignment {
  /// Finds the time of the events: the column named, else the one of a usual name, else the only one that holds times.
  mutating func assignTime() throws(LogError) {
    if evidence.options.columns.leavesOut(.time) { return }
    if columns[.time] == nil {
      guard let found = try findTime() else {
        if evidence.options.timeForm != nil {
          throw .noColumn(
            file: evidence.file, roles: [.time], known: evidence.known,
            suggestion: evidence.columnsOption([], more: ["time=NAME"]))
        }
        return
      }
      set(.time, found.position, found.finding)
    }
    guard let position = position(of: .time) else { return }
    if time == nil { time = try plan(position) }
    if columns[.clock] == nil { try joinClock(position) }
    if let clock = self.position(of: .clock), time?.clock == nil {
      guard let form = ClockForm.of(evidence.profiles[clock], name: evidence.known[clock]) else {
        throw .unknownTimes(
          file: evidence.file, column: evidence.called(clock), example: evidence.example(clock),
          found: "not a time of day", advice: "write it as hh:mm, or take the date alone: \(timeOption(position))")
      }
      time?.clock = form
    }
  }

  /// How the values of the column at `position` are times.
  private func plan(_ position: Int) throws(LogError) -> TimePlan {
    if let form = evidence.options.timeForm { return TimePlan(form: form, isNamed: true) }
    let profile = evidence.profiles[position]
    if let found = TimeEvidence(profile), found.share >= 0.5 || profile.present - profile.noTimes <= 4 {
      if case .unix = found.form, profile.share(profile.rounded) >= 0.5 {
        throw .unknownTimes(
          file: evidence.file, column: evidence.called(position), example: evidence.roundedExample(position),
          found: "numbers that a spreadsheet has rounded",
          advice: "export them with all digits, or read the log without it: \(timeOption(nil))")
      }
      if found.rivals.isEmpty { return TimePlan(form: found.form, isNamed: false) }
      throw .openDayMonth(
        file: evidence.file, column: evidence.called(position), example: evidence.example(position))
    }
    if profile.present == profile.noTimes {
      throw .unknownTimes(
        file: evidence.file, column: evidence.called(position), example: evidence.example(position),
        found: "no time in any sampled row", advice: "read the log without it: \(timeOption(nil))")
    }
    throw .unknownTimes(
      file: evidence.file, column: evidence.called(position), example: evidence.example(position),
      found: UnclearTimes.description(profile), advice: UnclearTimes.advice(profile, otherwise: timeOption(nil)))
  }

  /// `--columns time=…`, or `--columns time=none`
  private func timeOption(_ position: Int?) -> String {
    position.map { evidence.columnsOption([(.time, $0)]) } ?? evidence.columnsOption([], more: ["time=none"])
  }

  private mutating func findTime() throws(LogError) -> (position: Int, finding: LogLayout.Finding)? {
    let profiles = evidence.profiles
    let timed = profiles.indices.filter { isFree($0) && profiles[$0].time != nil }
    guard let names = evidence.names else { return try onlyOne(of: timed).map { ($0, .values) } }
    let usual = ColumnRole.time.positions(in: names).filter(isFree)
    let fitting = timed.filter { position in
      let isUsual = usual.contains(position)
      return isUsual || !(profiles[position].isNumeric && TimeNames.isNumber(names[position]))
    }
    let events = fitting.filter { TimeNames.verdict(names[$0]) == .event }
    if let best = try preferred(events, usual: usual) { return (best, usual.contains(best) ? .name : .values) }
    // A column that is called the time and holds none is not passed over for another, nor for the order of the rows.
    if let broken = usual.first(where: { TimeNames.binding.contains(ColumnRole.plain(names[$0])) && isBroken($0) }) {
      _ = try plan(broken)
      return (broken, .name)
    }
    let open = fitting.filter { TimeNames.verdict(names[$0]) == .open && !isAttributeOfItem($0) }
    if let only = try onlyOne(of: open) { return (only, .values) }
    let later = fitting.filter { TimeNames.verdict(names[$0]) == .later }
    if let only = try onlyOne(of: later) { return (only, .values) }
    // Half of a column of a usual name may be unreadable; its rows are bad then, and named.
    if let poor = usual.first(where: { TimeEvidence(profiles[$0]).map { $0.share >= 0.5 } ?? false }) {
      return (poor, .name)
    }
    if let period = names.indices.first(where: { isFree($0) && TimeNames.isPeriod(names[$0]) && !profiles[$0].isEmpty })
    {
      note(
        "\(evidence.called(period)) is not taken for the time; where it says when events were, "
          + "\(timeOption(period)) with --time-unit or --time-format takes it")
    }
    if let attribute = fitting.first {
      note(
        "\(evidence.called(attribute)) holds times, but not of the events by its name; "
          + "\(timeOption(attribute)) takes it")
    }
    return nil
  }

  /// Whether the column, called the time, holds something else than times or times of day beside a date.
  private func isBroken(_ position: Int) -> Bool {
    let profile = evidence.profiles[position]
    if profile.time != nil { return false }
    return TimeEvidence(profile).map { $0.share < 0.5 } ?? true
  }

  /// The best of several columns of times with names that say so.
  private func preferred(_ events: [Int], usual: [Int]) throws(LogError) -> Int? {
    if events.count <= 1 { return events.first }
    let dates = events.filter { isDateOnly($0) }
    let moments = events.filter { !dates.contains($0) }
    // Times that never contradict each other are one time, written more or less finely.
    let candidates = moments.isEmpty ? dates : moments
    let best = usual.first { candidates.contains($0) } ?? candidates[0]
    let rivals = events.filter { $0 != best && !agree(best, $0) }
    if rivals.isEmpty { return best }
    throw .severalColumns(
      file: evidence.file, role: .time, columns: ([best] + rivals).map(evidence.called),
      options: ([best] + rivals).map { timeOption($0) })
  }

  private func onlyOne(of columns: [Int]) throws(LogError) -> Int? {
    guard let first = columns.first else { return nil }
    let rivals = columns.dropFirst().filter { !agree(first, $0) }
    if rivals.isEmpty { return columns.first { !isDateOnly($0) } ?? first }
    throw .severalColumns(
      file: evidence.file, role: .time, columns: columns.map(evidence.called), options: columns.map { timeOption($0) })
  }

  /// The sampled times of a column, nil where one is missing.
  private func times(_ position: Int) -> [Int64?] {
    guard let form = TimeEvidence(evidence.profiles[position])?.form else { return [] }
    var reader = TimeReader(form, isNamed: false)
    return evidence.profiles[position].values.map { value in
      if case .time(let time) = reader.read(value.span, 0..<value.count, line: 1) { time } else { nil }
    }
  }

  /// Whether two columns put the sampled events into one order.
  private func agree(_ a: Int, _ b: Int) -> Bool {
    let pairs = zip(times(a), times(b)).compactMap { first, second in
      first.flatMap { first in second.map { (first, $0) } }
    }
    guard pairs.count >= 2 else { return false }
    let sorted = pairs.sorted { $0 < $1 }
    return zip(sorted, sorted.dropFirst()).allSatisfy { $0.1 <= $1.1 || $0.0 == $1.0 }
  }

  func isDateOnly(_ position: Int) -> Bool {
    let profile = evidence.profiles[position]
    if case .unix = profile.time?.form { return false }
    return times(position).allSatisfy { ($0 ?? 0) % 86_400_000_000 == 0 }
  }

  /// Whether every item has one and the same time in all its rows, as a release date has.
  private func isAttributeOfItem(_ column: Int) -> Bool {
    guard let item = position(of: .item) else { return false }
    var first: [[UInt8]: Int64] = [:]
    var repeated = 0
    for (item, time) in zip(evidence.profiles[item].values, times(column)) {
      guard let time else { continue }
      if let known = first[item] {
        if known != time { return false }
        repeated += 1
      } else {
        first[item] = time
      }
    }
    return repeated >= 20
  }

  /// Joins a column of times of day to the column of dates at `date`, where there is one.
  private mutating func joinClock(_ date: Int) throws(LogError) {
    guard time?.isNamed == false, time?.clock == nil, isDateOnly(date), isOpen(.clock) else { return }
    let profiles = evidence.profiles
    let free = profiles.indices.filter { isFree($0) && $0 != date && !profiles[$0].isEmpty }
    let named = evidence.names.map { names in ColumnRole.clock.positions(in: names).filter(free.contains) } ?? []
    let clocks = named.filter { ClockForm.of(profiles[$0], name: evidence.known[$0]) != nil }
    let written = free.filter { profiles[$0].isClock }
    if let clock = clocks.first ?? (written.count == 1 ? written[0] : nil) {
      set(.clock, clock, clocks.isEmpty ? .values : .name)
    } else if let unclear = named.first(where: {
      ["time", "clock", "timeofday"].contains(ColumnRole.plain(evidence.known[$0]))
    }) {
      throw .unknownTimes(
        file: evidence.file, column: evidence.called(unclear), example: evidence.example(unclear),
        found: "neither a time of day nor a time", advice: "take the date alone: \(timeOption(date))")
    }
  }
}

/// What numbers are that stand where a time should and are no Unix times of our days.
enum UnclearTimes {
  static func description(_ profile: ColumnProfile) -> String {
    guard profile.isNumeric, let range = profile.range else {
      return TimeEvidence(profile) == nil ? "no known form of time" : "times in less than half of the rows"
    }
    if isYears(range) { return "years, which order nothing within them" }
    if isExcel(range) { return "perhaps days as Excel counts them" }
    return "no Unix time between 1990 and the end of next year"
  }

  static func advice(_ profile: ColumnProfile, otherwise none: String) -> String {
    guard profile.isNumeric, let range = profile.range else {
      return "name its form with --time-format, such as '%d.%m.%y %H:%M', or read the log without it: \(none)"
    }
    if isYears(range) { return "say --time-format %Y if they shall count, or read the log without it: \(none)" }
    if isExcel(range) {
      return "say --time-format excel, name the unit with --time-unit, or read the log without it: \(none)"
    }
    return "name the unit, such as --time-unit seconds, or read the log without it: \(none)"
  }

  private static func isYears(_ range: ClosedRange<Double>) -> Bool {
    range.lowerBound >= 1_900 && range.upperBound <= 2_100
  }

  private static func isExcel(_ range: ClosedRange<Double>) -> Bool {
    range.lowerBound >= 30_000 && range.upperBound <= 60_000
  }
}
