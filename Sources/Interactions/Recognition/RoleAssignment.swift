/// Which columns are the user, the item, the time and the rest: as the user of the program says, else by names and values
/// together.
///
/// Nothing is guessed: where names and values contradict each other, or two columns are as good, the log is refused with
/// the line to type.
struct RoleAssignment {
  /// What a log is recognized by.
  struct Evidence {
    /// The header; nil where the log has none.
    let names: [String]?
    /// By column.
    let profiles: [ColumnProfile]
    /// How many of the sampled rows follow each other from the beginning of the log.
    let headRows: Int
    let format: LogFormat
    let options: ReadingOptions
    let file: String

    /// What the columns are called in messages and options: names, or numbers from 1.
    var known: [String] { names ?? profiles.indices.map { String($0 + 1) } }
  }

  private(set) var columns: [ColumnRole: LogLayout.Column] = [:]
  var time: TimePlan?
  /// What the user should know about the choice, in sentences.
  private(set) var notes: [String] = []
  private(set) var publicLog: String?
  /// Roles that the public log does not have.
  private var without: Set<ColumnRole> = []
  let evidence: Evidence

  init(_ evidence: Evidence) throws(LogError) {
    self.evidence = evidence
    try takeOptions()
    if let known = PublicLog.known(evidence) { try take(known) }
    if evidence.names == nil {
      try assignByPlace()
    } else {
      try assignByName()
    }
    try requireUserAndItem()
    try assignTime()
    assignRest()
  }

  mutating func set(_ role: ColumnRole, _ position: Int, _ finding: LogLayout.Finding) {
    columns[role] = LogLayout.Column(name: evidence.names?[position], number: position + 1, finding: finding)
  }

  mutating func note(_ text: String) { notes.append(text) }

  /// Where the column of `role` stands, from 0.
  func position(of role: ColumnRole) -> Int? { columns[role].map { $0.number - 1 } }

  /// Whether a column has no role yet.
  func isFree(_ position: Int) -> Bool { !columns.values.contains { $0.number == position + 1 } }

  /// Whether `role` is still to be found.
  func isOpen(_ role: ColumnRole) -> Bool {
    columns[role] == nil && !evidence.options.columns.leavesOut(role) && !without.contains(role)
  }

  private mutating func takeOptions() throws(LogError) {
    let selection = evidence.options.columns
    for role in ColumnRole.allCases where role != .time {
      if let position = try selection.position(of: role, in: evidence.known, file: evidence.file) {
        set(role, position, .option)
      }
    }
    if let (date, clock) = try selection.joinedTime(in: evidence.known, file: evidence.file) {
      set(.time, date, .option)
      set(.clock, clock, .option)
    } else if let position = try selection.position(of: .time, in: evidence.known, file: evidence.file) {
      set(.time, position, .option)
    }
  }

  private mutating func take(_ known: PublicLog) throws(LogError) {
    if let refusal = known.refusal, isOpen(.user) || isOpen(.item) {
      throw .otherShape(file: evidence.file, found: known.title, remedy: refusal)
    }
    publicLog = known.title
    without = known.without
    for (role, position) in known.roles where isOpen(role) && isFree(position) { set(role, position, .publicLog) }
    if let form = known.timeForm, let clock = known.clock {
      time = TimePlan(form: form, isNamed: false, clock: clock)
    } else if let form = known.timeForm {
      time = TimePlan(form: form, isNamed: false)
    }
  }

  private func requireUserAndItem() throws(LogError) {
    let missing = [ColumnRole.user, .item].filter { columns[$0] == nil }
    if missing.isEmpty {
      if let (user, item) = position(of: .user).flatMap({ user in position(of: .item).map { (user, $0) } }),
        user == item
      {
        throw .sameColumn(file: evidence.file, column: evidence.known[user])
      }
      return
    }
    throw .noColumn(file: evidence.file, roles: missing, known: evidence.known, suggestion: suggestion(missing))
  }

  /// The line to type for the roles that are missing: the columns that look most like ids, in their order; `NAME` where none
  /// is left.
  func suggestion(_ missing: [ColumnRole]) -> String {
    let profiles = evidence.profiles
    let ids = profiles.indices.filter { position in
      isFree(position) && profiles[position].mayBeID && !profiles[position].isRowNumber(head: evidence.headRows)
        && !isNamedOtherwise(position)
    }
    // A log of one user has the same in every row.
    let telling = ids.filter { !profiles[$0].isConstant && !profiles[$0].isMeasure }
    let sorted = telling.sorted { a, b in
      (profiles[b].idStrength, a) < (profiles[a].idStrength, b)
    }
    var free = telling.count >= missing.count ? sorted.prefix(missing.count).sorted() : ids
    if missing.count == 2, sorted.count > 2, evidence.determines(free[0], free[1]) {
      // A session stands before its user.
      free = (free.dropFirst() + [sorted[2]]).sorted()
    }
    var chosen: [(ColumnRole, Int)] = []
    for role in missing where !free.isEmpty { chosen.append((role, free.removeFirst())) }
    let open = missing.filter { role in !chosen.contains { $0.0 == role } }.map { "\($0.rawValue)=NAME" }
    return evidence.columnsOption(chosen, more: open)
  }

  /// Whether a column is called after something else than a user or an item: a session, an amount.
  private func isNamedOtherwise(_ position: Int) -> Bool {
    guard let name = evidence.names?[position] else { return false }
    if ColumnRole.group.position(in: [name]) != nil || TimeNames.verdict(name) == .event { return true }
    return evidence.profiles[position].isNumeric && !Self.amounts.isDisjoint(with: ColumnRole.words(of: name))
  }

  private static let amounts: Set<String> = [
    "ms", "price", "amount", "quantity", "qty", "duration", "count", "rating", "score", "age", "weight", "lat", "lon",
    "played", "day", "dow", "hour", "value", "sales", "step", "size", "length", "rank", "position",
  ]
}

extension RoleAssignment.Evidence {
  /// `--columns user=who,item=what` as it can be typed into a shell.
  func columnsOption(_ roles: [(ColumnRole, Int)], more: [String] = []) -> String {
    let parts = roles.map { role, position in "\(role.rawValue)=\(typed(position))" } + more
    return "--columns " + ShellWord.quoted(parts.joined(separator: ","))
  }

  /// How `--columns` names a column: by its name, or by its number where the name cannot stand there.
  func typed(_ position: Int) -> String {
    guard let name = names?[position], !name.isEmpty, name != "none", !name.contains(where: { ",=+\n".contains($0) }),
      ColumnSelection.position(of: name, in: known) == position
    else { return String(position + 1) }
    return name
  }

  /// The column as a message calls it.
  func called(_ position: Int) -> String {
    if let name = names?[position], !name.isEmpty { return "\"\(name)\"" }
    return "\(position + 1)"
  }

  /// The first value of the column that is there.
  func example(_ position: Int) -> String {
    let value = evidenceValue(position)
    return value.utf8.count > 40 ? String(value.prefix(40)) + "…" : value
  }

  /// A value of the column that was rounded: `1.23457E+12`.
  func roundedExample(_ position: Int) -> String {
    let value = profiles[position].values.first { NumberText.isRounded($0.span, 0..<$0.count) }
    return String(decoding: value ?? [], as: UTF8.self)
  }

  private func evidenceValue(_ position: Int) -> String {
    let values = profiles[position].values
    let shown = values.first { value in
      !Byte.trimmed(value.span, 0..<value.count).isEmpty && !MissingWords.contains(value.span, 0..<value.count)
    }
    return String(decoding: shown ?? values.first ?? [], as: UTF8.self)
  }
}

/// How the times of a log are read.
package struct TimePlan: Equatable, Sendable {
  package let form: TimeForm
  /// Whether the user of the program named the form.
  let isNamed: Bool
  /// The form of the column of times of day, where there is one.
  var clock: ClockForm?

  init(form: TimeForm, isNamed: Bool, clock: ClockForm? = nil) {
    self.form = form
    self.isNamed = isNamed
    self.clock = clock
  }
}

/// Text that goes into a command that a message shows.
package enum ShellWord {
  package static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      Byte.isDigit(byte) || (byte | 0x20) &- UInt8(ascii: "a") < 26 || "_-=,.:/+@%".utf8.contains(byte)
    }
    if isPlain, !text.isEmpty { return text }
    let parts = text.split(separator: "'", omittingEmptySubsequences: false)
    return "'" + parts.joined(separator: "'\\''") + "'"
  }
}
