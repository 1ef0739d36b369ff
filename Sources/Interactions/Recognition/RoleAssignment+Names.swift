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
    if profile.share(profile.rounded) >= 0.05 {
      return "numbers that a spreadsheet has rounded, such as \(evidence.roundedExample(position))"
    }
    // Browsers get ids of two numbers with a point between them.
    let isBrowser = ["userpseudoid", "clientid", "cookieid"].contains(ColumnRole.plain(evidence.known[position]))
    if profile.isFractional, !isBrowser { return "numbers with decimals such as \(example)" }
    if role == .user, profile.isBracketedList { return "lists such as \(example)" }
    return nil
  }
}
