extension ReadingSummary: CustomStringConvertible {
  /// The report as a person reads it, one finding per line.
  package var description: String {
    var lines = ["\(file): \(layout.format.title)\(layout.hasHeader ? " with header" : "")"]
    func add(_ label: String, _ text: String) {
      lines.append("  " + label + String(repeating: " ", count: max(1, 22 - label.count)) + text)
    }
    add("columns", columnsText)
    add("rows read", Self.grouped(rows.read))
    add("used", Self.grouped(rows.used))
    add("dropped", share(rows.dropped, of: rows.read))
    for reason in BadRow.Reason.allCases {
      if let count = rows.droppedByReason[reason] { add("  of these", "\(Self.grouped(count)): \(reason.text)") }
    }
    for bad in firstBadRows.prefix(5) { add("  bad row", bad.description) }
    add("users", "\(Self.grouped(findings.users)), with one event \(Self.grouped(findings.usersWithOneEvent))")
    add("items", "\(Self.grouped(findings.items)), with one event \(Self.grouped(findings.itemsWithOneEvent))")
    add("times", timesText)
    let same = timeUnit == nil ? "same user and item" : "same user, item and time"
    add("duplicates", "\(share(findings.duplicates, of: rows.used)), \(same) as an earlier row")
    if let equal = findings.equalTimes {
      add("equal times", "\(share(equal, of: rows.used)), another event of the same user has the same time")
    }
    if let unsorted = findings.unsorted {
      add("unsorted", "\(share(unsorted, of: rows.used)), earlier than the same user's row before")
    }
    add("look-alike users", similarText(findings.similarUsers))
    add("look-alike items", similarText(findings.similarItems))
    add("fingerprint", contentFingerprint)
    return lines.joined(separator: "\n")
  }

  /// What was read, in one line, and in a second one what was dropped or deserves a look, where there is anything.
  package var shortLines: [String] {
    var lines = ["\(file): read as \(understanding); \(Self.grouped(rows.used)) events"]
    let reasons = BadRow.Reason.allCases.compactMap { reason in
      rows.droppedByReason[reason].map { "\(Self.grouped($0)) where \(reason.text)" }
    }
    if let first = firstBadRows.first, !reasons.isEmpty {
      lines.append(
        "\(file): \(share(rows.dropped, of: rows.read)) of \(Self.grouped(rows.read)) rows dropped: "
          + "\(reasons.joined(separator: ", ")); the first is line \(first.line)")
    }
    return lines
  }

  /// Format and columns, such as `CSV: user = visitorid, item = itemid, time = timestamp (Unix milliseconds)`.
  package var understanding: String {
    let columns = ColumnRole.allCases.compactMap { role in
      layout.columns[role].map { column in
        let unit = role == .time ? timeUnit.map { " (\($0.name))" } ?? "" : ""
        return "\(role.rawValue) = " + (column.name ?? "column \(column.number)") + unit
      }
    }
    let order = layout.columns[.time] == nil ? "; no time column, the order of the rows counts" : ""
    return "\(layout.format.title): \(columns.joined(separator: ", "))\(order)"
  }

  private var columnsText: String {
    let named = ColumnRole.allCases.compactMap { role in
      layout.columns[role].map { column in
        "\(role.rawValue) = " + (column.name.map { "\($0) (\(column.number))" } ?? "\(column.number)")
      }
    }
    return named.joined(separator: ", ")
  }

  private var timesText: String {
    guard let unit = timeUnit, let first = findings.firstTime, let last = findings.lastTime else {
      return "none, the order of the rows is the order of events"
    }
    return "\(unit.name), \(ISO8601.text(first)) to \(ISO8601.text(last))"
  }

  private func similarText(_ names: SimilarNames) -> String {
    guard names.count > 0 else { return "0" }
    let pairs = names.examples.map { "\"\($0[1])\" like \"\($0[0])\"" }
    return "\(Self.grouped(names.count)), by case or blanks: \(pairs.joined(separator: ", "))"
  }

  private func share(_ count: Int, of total: Int) -> String {
    count == 0 ? "0" : "\(Self.grouped(count)) (\(Percentage.text(Double(count) / Double(max(1, total)))))"
  }

  /// `1234567` as `1,234,567`.
  static func grouped(_ number: Int) -> String {
    let digits = Array(String(number))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }
}

/// A share as a person reads it.
enum Percentage {
  /// `0.0123` is `1.23%`; at most two decimals, and what is not zero never reads as zero.
  static func text(_ share: Double) -> String {
    let hundredths = (share * 10_000).rounded()
    if share > 0, hundredths == 0 { return "less than 0.01%" }
    let whole = Int(hundredths) / 100
    let rest = Int(hundredths) % 100
    if rest == 0 { return "\(whole)%" }
    return rest % 10 == 0 ? "\(whole).\(rest / 10)%" : "\(whole).\(rest < 10 ? "0" : "")\(rest)%"
  }
}
