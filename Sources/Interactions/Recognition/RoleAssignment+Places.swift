extension RoleAssignment {
  /// Finds the user and the item of a log without header: the columns that can be ids, where nothing leaves open which
  /// of them is which.
  mutating func assignByPlace() throws(LogError) {
    if !isOpen(.user), !isOpen(.item) { return }
    let profiles = evidence.profiles
    if profiles.count == 1 { return }
    if columns[.user] == nil, columns[.item] == nil, let (user, item) = PublicLog.amazonOrder(profiles) {
      set(.user, user, .values)
      set(.item, item, .values)
      return
    }
    let times = timesByPlace()
    let ids = profiles.indices.filter { position in
      let profile = profiles[position]
      return isFree(position) && !times.contains(position) && profile.holdsIDs && !profile.isMeasure
        && !profile.holdsEventWords
    }
    // With a role named, the first other column that can be an id plays the other one.
    if columns[.user] != nil || columns[.item] != nil {
      let role: ColumnRole = columns[.user] == nil ? .user : .item
      let usual = role == .user ? 0 : 1
      let telling = ids.filter { !profiles[$0].isConstant && !profiles[$0].isKinds && !profiles[$0].isScale }
      if isFree(usual), ids.contains(usual) {
        set(role, usual, .place)
      } else if telling.count == 1 {
        set(role, telling[0], .values)
      }
      return
    }
    // A log may have one user only, but behind the first two places what is always the same is no id.
    let candidates = ids.filter { $0 < 2 || !profiles[$0].isConstant }
    let isNumbered = profiles.count > 2 && profiles[0].isRowNumber(head: evidence.headRows)
    if candidates.count == 2 {
      // Numbers in one of the first two places may be ids that look like times.
      let isDoubtful = times.contains { $0 < 2 && profiles[$0].isNumeric } && profiles[candidates[1]].isScale
      if isDoubtful || isNumbered && candidates[0] != 0 { return }
      let finding: LogLayout.Finding = candidates == [0, 1] ? .place : .values
      set(.user, candidates[0], finding)
      set(.item, candidates[1], finding)
    } else if candidates.prefix(2) == [0, 1], !isNumbered, firstTwoAreIDs(besides: candidates.dropFirst(2), times) {
      set(.user, 0, .place)
      set(.item, 1, .place)
    }
  }

  /// Whether the first two columns are the user and the item, although `others` may be ids as well: they look more like ids
  /// than those, or a rating stands behind them as in most logs without header.
  private func firstTwoAreIDs(besides others: ArraySlice<Int>, _ times: [Int]) -> Bool {
    let profiles = evidence.profiles
    let rows = profiles[0].values.count
    // A column whose every value is another is the number of the event, not a user.
    if profiles[0].isUnique, profiles[0].present >= 50 { return false }
    // Beside a column of dates, one of numbers may be the time of day.
    if times.contains(where: isDateOnly), [0, 1].contains(where: { profiles[$0].mayBeClock }) { return false }
    if rows >= 8, profiles[0].isConstant || profiles[1].isConstant { return false }
    // Where one of the two follows from the other, it is a session beside its user.
    if evidence.determines(0, 1) || evidence.determines(1, 0) { return false }
    let weakest = min(profiles[0].idStrength, profiles[1].idStrength)
    // What follows from the item is an attribute of it, such as its title or its category.
    let rivals = others.filter { !evidence.determines(1, $0) && !profiles[$0].isCounts }
    if weakest >= .number, rivals.allSatisfy({ profiles[$0].idStrength < weakest && profiles[$0].idStrength != .text })
    {
      return true
    }
    guard (3...4).contains(profiles.count), !times.contains(where: { $0 < 2 }) else { return false }
    let isOutOfTen =
      times == [3] && weakest >= .number && profiles[2].range.map { (0...10).contains($0.upperBound) } == true
    guard profiles[2].idStrength == .rating || profiles[2].isScale && isOutOfTen else { return false }
    // A few words again and again beside better ids are an attribute of them.
    if weakest == .words, profiles[0].idStrength != profiles[1].idStrength, rows >= 8 { return false }
    return profiles.count == 3 || times == [3] || weakest == .number && profiles[3].idStrength <= .number
  }

  /// Columns of a log without header that are surely times: written ones, and numbers where the columns before them or
  /// enough others can be ids.
  private func timesByPlace() -> [Int] {
    let profiles = evidence.profiles
    let timed = profiles.indices.filter { profiles[$0].time != nil }
    let isWritten = timed.filter { position in
      if case .unix = profiles[position].time?.form { return false }
      return true
    }
    let numbers = timed.filter { !isWritten.contains($0) }
    if isWritten.isEmpty, numbers.count == 1 { return numbers }
    // Of several columns of numbers the ids come first.
    return isWritten + numbers.filter { $0 > 1 }
  }
}

extension ColumnProfile {
  /// How much the values of a column look like ids, where no name says so.
  enum IDStrength: Int, Comparable {
    /// A few words again and again, or prose.
    case words
    /// Numbers from 0 to 5, which may be ratings.
    case rating
    /// A few small numbers, or differences.
    case number
    /// Names and titles.
    case text
    case strong

    static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  }

  var idStrength: IDStrength {
    if let range, isNumeric {
      if isScale { return range.lowerBound >= 0 && range.upperBound <= 5 ? .rating : .number }
      return range.lowerBound < 0 ? .number : .strong
    }
    let digits = shapes.reduce(0) { $0 + ($1.key.contains(Byte.nine) ? $1.value : 0) }
    guard isText || share(digits) < 0.5 else { return .strong }
    let isProse = values.reduce(0) { $0 + $1.count } >= 60 * values.count
    return isKinds || isProse ? .words : .text
  }

  /// Numbers of times: from 0 or 1 on, and most often that.
  var isCounts: Bool {
    guard isNumeric, whole == numbers, let range, (0...1).contains(range.lowerBound), distinct >= 3 else {
      return false
    }
    let ones = values.count { NumberText.value($0.span, 0..<$0.count)?.value == 1 }
    return share(ones) >= 0.4
  }

  /// Numbers of which some have a fraction, as no ids have.
  var isMeasure: Bool { isNumeric && share(numbers - whole) >= 0.02 }

  /// Whether the values may be `hhmm` as numbers, or hours.
  var mayBeClock: Bool {
    guard isNumeric, whole == numbers, let range, range.lowerBound >= 0, range.upperBound < 2_400 else { return false }
    return values.allSatisfy { $0.isEmpty || ClockForm.hoursAndMinutes.microseconds($0.span, 0..<$0.count) != nil }
  }
}

extension RoleAssignment.Evidence {
  /// Whether equal values in one column always stand beside equal values in another, in five rows or more.
  func determines(_ column: Int, _ other: Int) -> Bool {
    var first: [[UInt8]: [UInt8]] = [:]
    var repeated = 0
    for (value, beside) in zip(profiles[column].values, profiles[other].values) where !value.isEmpty && !beside.isEmpty
    {
      guard let known = first.updateValue(beside, forKey: value) else { continue }
      if known != beside { return false }
      repeated += 1
    }
    return repeated >= 5
  }
}
