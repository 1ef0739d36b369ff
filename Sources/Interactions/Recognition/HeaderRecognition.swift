/// Whether the first row of a log names its columns.
enum HeaderRecognition {
  enum Answer: Equatable {
    case header, event
    /// Neither its words nor the values below it say.
    case open
  }

  /// Classifies the first of `rows` by what stands below it: a row that fits no column is a header.
  static func classify(_ rows: [[String]]) -> Answer {
    guard let first = rows.first else { return .event }
    let isNamed = ColumnRole.isHeader(first)
    // Logs that were put one behind the other have their header again.
    let body = rows.dropFirst().filter { $0.count == first.count && !(isNamed && $0 == first) }
    if body.isEmpty { return isNamed ? .header : first.allSatisfy(isWord) ? .open : .event }
    var (fits, misfits, returns) = (0, 0, 0)
    for column in first.indices {
      let cell = Array(first[column].utf8)
      let range = Byte.trimmed(cell.span, 0..<cell.count)
      if range.isEmpty || MissingWords.contains(cell.span, range) { continue }
      let profile = ColumnProfile(body.map { Array($0[column].utf8) })
      if profile.isEmpty { continue }
      switch fit(cell, in: profile) {
      case true?: fits += 1
      case false?: misfits += 1
      case nil: break
      }
      if profile.values.contains(cell) { returns += 1 }
    }
    if isNamed, returns == 0 || misfits > 0 { return .header }
    if misfits > 0 {
      // A row of one column amiss is a bad event, unless its cells only count the columns.
      if fits == 0 || isCount(first) { return .header }
      return .event
    }
    if fits > 0 { return isCount(first) && first.count > 2 && returns == 0 ? .open : .event }
    return returns > 0 ? .event : .open
  }

  /// Whether a cell is of the kind that all values of its column are of; nil where they are of no one kind.
  private static func fit(_ cell: [UInt8], in profile: ColumnProfile) -> Bool? {
    let own = ColumnProfile([cell])
    if let time = profile.time {
      if own.forms[time.form] != nil || (own.noTimes > 0 && profile.isNumeric) { return true }
      // A time of another form is no name.
      return own.forms.isEmpty ? false : nil
    }
    if profile.isNumeric { return own.numbers == 1 }
    let common = profile.shapes.filter { $0.value * 20 >= profile.present }
    guard common.count <= 3, profile.share(common.values.reduce(0, +)) >= 0.95, let shape = own.shapes.keys.first else {
      return nil
    }
    // Words say nothing of words.
    if common.keys.contains(where: { isWordShape($0) }) {
      return common[shape] != nil && !isWordShape(shape) ? true : nil
    }
    return common[shape] != nil
  }

  private static func isWordShape(_ shape: [UInt8]) -> Bool {
    shape.allSatisfy { byte in
      byte == UInt8(ascii: "a") || byte == UInt8(ascii: "A") || Byte.isBlank(byte) || byte == UInt8(ascii: "_")
    }
  }

  /// 0, 1, 2, … or 1, 2, 3, …, which a table without names gets instead of them.
  private static func isCount(_ row: [String]) -> Bool {
    guard let start = row.first.flatMap({ Int($0) }), (0...1).contains(start) else { return false }
    return row.enumerated().allSatisfy { Int($1) == start + $0 }
  }

  private static func isWord(_ text: String) -> Bool {
    !text.isEmpty && Double(text) == nil && !text.contains { $0.isNumber }
  }
}
