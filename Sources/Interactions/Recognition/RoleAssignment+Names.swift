extension RoleAssignment {
  /// Finds the user and the item of a log with a header.
  mutating func assignByName() throws(LogError) {
    let names = evidence.known
    for role in [ColumnRole.user, .item] where isOpen(role) {
      if let position = try choose(role, among: role.positions(in: names).filter(isFree)) {
        set(role, position, .name)
      }
    }
    if isOpen(.item) {
      // A column of lists is called after what is in them.
      let lists = names.indices.filter { isFree($0) && ColumnRole.listNames.contains(ColumnRole.plain(names[$0])) }
      if lists.count == 1 { set(.item, lists[0], .name) }
    }
    if isOpen(.user),
      let session = ColumnRole.group.positions(in: names).first(where: { position in
        let plain = ColumnRole.plain(names[position])
        return isFree(position) && (plain.contains("session") || plain.contains("visit"))
          && evidence.profiles[position].mayBeID
      })
    {
      set(.user, session, .name)
      note("there is no user column, so sessions are the users")
    }
    if evidence.names?.allSatisfy({ Int($0) != nil || $0.isEmpty }) == true, isOpen(.user), isOpen(.item) {
      // A header of numbers names nothing.
      try assignByPlace()
    }
  }

  /// The column of `role` among those whose name fits, most telling first.
  private func choose(_ role: ColumnRole, among candidates: [Int]) throws(LogError) -> Int? {
    guard let first = candidates.first else { return nil }
    let sound = candidates.filter { contradiction(role, $0) == nil }
    guard let best = sound.first else {
      throw .contradiction(
        file: evidence.file, role: role, column: evidence.called(first), found: contradiction(role, first) ?? "",
        advice: "name the right column, such as \(suggestionWithout(first, role))")
    }
    let stems = sound.map { ColumnRole.stem(evidence.known[$0]) }
    if stems[0] == role.rawValue || stems.allSatisfy({ $0 == stems[0] }) { return best }
    if let generic = stems.firstIndex(of: role.rawValue) { return sound[generic] }
    let others = sound.filter { ColumnRole.stem(evidence.known[$0]) != stems[0] }
    throw .severalColumns(
      file: evidence.file, role: role, columns: ([best] + others).map(evidence.called),
      options: ([best] + others).map { evidence.columnsOption([(role, $0)]) })
  }

  private func suggestionWithout(_ position: Int, _ role: ColumnRole) -> String {
    let other = evidence.profiles.indices.first { candidate in
      candidate != position && isFree(candidate) && contradiction(role, candidate) == nil
        && evidence.profiles[candidate].mayBeID && !evidence.profiles[candidate].isKinds
    }
    return other.map { evidence.columnsOption([(role, $0)]) }
      ?? evidence.columnsOption([], more: ["\(role.rawValue)=NAME"])
  }

  /// Why the values of a column cannot be ids of `role`; nil where they can.
  func contradiction(_ role: ColumnRole, _ position: Int) -> String? {
    let profile = evidence.profiles[position]
    let example = evidence.example(position)
    if profile.values.isEmpty { return nil }
    if profile.values.allSatisfy(\.isEmpty) { return "nothing in any of the \(profile.values.count) sampled rows" }
    if let time = profile.time {
      switch time.form {
      case .unix, .digits: break
      default: return "times such as \(example)"
      }
    }
    if profile.isFractional { return "numbers with decimals such as \(example)" }
    if role == .user, profile.isBracketedList { return "lists such as \(example)" }
    return nil
  }

  /// Finds the user and the item of a log without header: the first two columns that can be ids.
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
      isFree(position) && !times.contains(position) && profiles[position].holdsIDs
        && !profiles[position].holdsEventWords
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
    let isNumbered = profiles.count > 2 && profiles[0].isRowNumber(head: evidence.headRows)
    if ids.prefix(2) == [0, 1], !isNumbered || ids.count < 3 {
      // Where more columns could be ids, one whose every value is another is the number of the event, not a user; a few
      // numbers are a rating.
      let isEvent = profiles[0].isUnique && profiles[0].present >= 50 && ids.count > 2
      let isRating =
        profiles[1].isScale && ids.dropFirst(2).contains { !profiles[$0].isScale && !profiles[$0].isConstant }
      if !isEvent, !isRating {
        set(.user, 0, .place)
        set(.item, 1, .place)
      }
      return
    }
    let telling = ids.filter { position in
      !profiles[position].isConstant && !(profiles[position].isKinds && !profiles[position].isNumeric)
        && !(isNumbered && position == 0)
    }
    let strict = telling.filter { !profiles[$0].isScale && !profiles[$0].isText }
    let found = strict.count >= 2 ? strict : telling
    // Numbers in one of the first two places may be ids that look like times.
    let isDoubtful = strict.count < 2 && times.contains { $0 < 2 && profiles[$0].isNumeric }
    if found.count == 2, !isNumbered, !isDoubtful {
      set(.user, found[0], .values)
      set(.item, found[1], .values)
    }
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
