import DurableFiles

extension ReadingSummary: CustomStringConvertible {
  /// The summary with everything that was counted, one finding per line.
  package var description: String {
    let head = "\(file): \(formatText)\(layout.hasHeader ? " with header" : "")"
    return ([head] + lines.dropFirst().map { Self.line($0.label, $0.text) }).joined(separator: "\n")
  }

  private static func line(_ label: String, _ text: String) -> String {
    "  " + label + String(repeating: " ", count: max(1, 22 - label.count)) + text
  }

  /// Everything that was counted, as a table.
  package var lines: [(label: String, text: String)] {
    var lines = [(label: "format", text: "\(formatText)\(layout.hasHeader ? " with header" : "")")]
    func add(_ label: String, _ text: String) { lines.append((label, text)) }
    add("columns", columnsText)
    if !kinds.isEmpty { add("kinds", kindsText) }
    if !filter.isEmpty { add("filter", filter) }
    add("rows read", Self.grouped(rows.read))
    add("used", Self.grouped(rows.used))
    if rows.leftOut > 0 { add("left out", "\(share(rows.leftOut, of: rows.read)), by the filter") }
    add("dropped", share(rows.dropped, of: rows.read))
    for reason in BadRow.Reason.allCases {
      if let count = rows.droppedByReason[reason] { add("  of these", "\(Self.grouped(count)): \(reason.text)") }
    }
    if !missingWords.isEmpty { add("  missing ids", missingText) }
    for bad in firstBadRows.prefix(5) { add("  bad row", bad.described(in: file)) }
    add("users", "\(Self.grouped(findings.users)), with one event \(Self.grouped(findings.usersWithOneEvent))")
    add("items", "\(Self.grouped(findings.items)), with one event \(Self.grouped(findings.itemsWithOneEvent))")
    add("times", timesText)
    let same = timeForm == nil ? "same user and item" : "same user, item and time"
    add("duplicates", "\(share(findings.duplicates, of: rows.used)), \(same) as an earlier row")
    if let equal = findings.equalTimes {
      add("equal times", "\(share(equal, of: rows.used)), another event of the same user has the same time")
    }
    if let unsorted = findings.unsorted {
      add("unsorted", "\(share(unsorted, of: rows.used)), earlier than the same user's row before")
    }
    add("look-alike users", similarText(findings.similarUsers))
    add("look-alike items", similarText(findings.similarItems))
    for warning in warnings { add("note", warning) }
    add("content SHA-256", contentFingerprint)
    return lines
  }

  /// What was read and how it was understood, in one line, and in a second one what was dropped and what deserves a look,
  /// where there is anything.
  package var shortLines: [String] {
    let filtered = filter.isEmpty ? "" : " that pass \(filter)"
    var lines = [
      "\(file): read as \(understanding); \(Counted(rows.used, "event", written: Self.grouped(rows.used)))\(filtered)"
    ]
    var remarks: [String] = []
    let reasons = BadRow.Reason.allCases.compactMap { reason in
      rows.droppedByReason[reason].map { "\(Self.grouped($0)) where \(reason.text)" }
    }
    if let first = firstBadRows.first, !reasons.isEmpty {
      let words = missingWords.keys.contains { $0 != "nothing" } ? " (missing: \(missingText))" : ""
      remarks.append(
        "\(share(rows.dropped, of: rows.read)) of \(Counted(rows.read, "row", written: Self.grouped(rows.read))) dropped: "
          + "\(reasons.joined(separator: ", "))\(words); the first is \(first.place(in: file))")
    }
    remarks += warnings
    for (what, names) in [("users", findings.similarUsers), ("items", findings.similarItems)] where names.count > 0 {
      remarks.append("look-alike \(what): \(similarText(names, most: 1))")
    }
    if !remarks.isEmpty { lines.append("\(file): \(remarks.joined(separator: "; "))") }
    return lines
  }

  /// Format and columns, such as `CSV: user = visitorid, item = itemid, time = timestamp (Unix milliseconds); 2 other
  /// columns not used`.
  package var understanding: String {
    let order = layout.columns[.time] == nil ? "; no time column, so the order of the rows counts" : ""
    let kinds = kinds.isEmpty ? "" : "; kinds \(kindsText)"
    return "\(formatText): \(columnsText)\(kinds)\(order)"
  }

  /// What deserves a look, in sentences.
  package var warnings: [String] {
    var warnings = notes
    for (what, outlier) in [("user", findings.outlyingUser), ("item", findings.outlyingItem)] {
      guard let outlier else { continue }
      let name = outlier.id.map { "the \(what) \"\($0)\"" } ?? "one \(what)"
      warnings.append("\(name) has \(share(outlier.events, of: rows.used)) of all events; is it one \(what)?")
    }
    if let first = findings.firstTime, let last = findings.lastTime {
      // A record's times may be any; a difference that is beyond the numbers is no minute.
      let span = last.subtractingReportingOverflow(first)
      if !span.overflow, span.partialValue < 60_000_000, rows.used > 100 {
        warnings.append("all times lie within a minute; is \(timeForm?.title ?? "") right?")
      } else if first < PlausibleTimes.first * 1_000_000 {
        warnings.append("the first time is \(ISO8601.text(first)), before 1990")
      } else if last > PlausibleTimes.last * 1_000_000 {
        warnings.append("the last time is \(ISO8601.text(last)), in the future")
      }
    }
    let decimals = [findings.similarUsers, findings.similarItems].reduce(0) { $0 + ($1.differences[.decimals] ?? 0) }
    if decimals > 0, ids == .asWritten {
      warnings.append(
        "\(Counted(decimals, "id", written: Self.grouped(decimals))) \(Counted.verb(decimals, "differs", "differ")) from another only by .0; --ids trim-decimal unites them"
      )
    }
    return warnings
  }

  private var formatText: String {
    var text = layout.format.title
    if let separator = layout.separator, layout.format == .csv, separator != .comma {
      text += " with \(separator.title)"
    }
    if layout.quoting == Quoting.none, layout.format == .csv { text += " without quoting" }
    if layout.quoting == .double, layout.format == .tsv { text += " with quoting" }
    if let publicLog = layout.publicLog { text += " (\(publicLog))" }
    if let count = layout.fileCount { text += " in \(Counted(count, "file"))" }
    return text
  }

  private var columnsText: String {
    let named = ColumnRole.allCases.compactMap { role -> String? in
      guard let column = layout.columns[role], role != .clock else { return nil }
      var text = "\(role.rawValue)\(role == .item && layout.holdsLists == true ? "s" : "") = \(called(column))"
      if role == .time {
        if let clock = layout.columns[.clock] { text += " + \(called(clock))" }
        let form = timeForm.map { $0.title + (clockForm.map { ", \($0.rawValue)" } ?? "") }
        let remarks = [form, column.finding == .values ? "found by its values" : nil].compactMap(\.self)
        if !remarks.isEmpty { text += " (\(remarks.joined(separator: ", ")))" }
      } else if column.finding == .values {
        text += " (found by its values)"
      }
      return text
    }
    // A damaged record may have none.
    let text = named.isEmpty ? "no columns" : named.joined(separator: ", ")
    if layout.unusedCount > 0, layout.format != .sequences {
      let unused = layout.unusedCount
      return text + "; \(Counted(unused, "other column")) not used"
    }
    return text
  }

  private func called(_ column: LogLayout.Column) -> String {
    if layout.format == .sequences { return column.number == 1 ? "first word" : "all others" }
    guard let name = column.name, !name.isEmpty else { return "column \(column.number)" }
    return name
  }

  private var kindsText: String {
    let total = kinds.reduce(0) { $0 + $1.sampled }
    let shown = kinds.prefix(5).map { "\($0.name) \(Percentage.text(Double($0.sampled) / Double(max(1, total))))" }
    let more = kinds.count > 5 ? " and \(kinds.count - 5) more" : ""
    return shown.joined(separator: ", ") + more + (filter.contains("--events") ? "" : " (--events chooses)")
  }

  private var missingText: String {
    missingWords.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(6)
      .map { "\($0.key) \(Self.grouped($0.value))" }.joined(separator: ", ")
  }

  private var timesText: String {
    guard let form = timeForm, let first = findings.firstTime, let last = findings.lastTime else {
      return "none, the order of the rows is the order of events"
    }
    return "\(form.title), \(ISO8601.text(first)) to \(ISO8601.text(last))"
  }

  private func similarText(_ names: SimilarNames, most: Int = 5) -> String {
    guard names.count > 0 else { return "0" }
    let pairs = names.examples.prefix(most).map { "\"\($0[1])\" like \"\($0[0])\"" }
    let kinds = SimilarNames.Difference.allCases.filter { names.differences[$0] != nil }.map(\.title)
    return "\(Self.grouped(names.count)), by \(kinds.joined(separator: ", "))"
      + (pairs.isEmpty ? "" : ": \(pairs.joined(separator: ", "))")
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

/// A share as the user of the program reads it.
package enum Percentage {
  /// `0.0123` is `1.23%`; at most two decimals, and what is not zero never reads as zero.
  package static func text(_ share: Double) -> String {
    let hundredths = (share * 10_000).rounded()
    if share > 0, hundredths == 0 { return "less than 0.01%" }
    // No share, but what a damaged record may hold.
    guard abs(hundredths) < 1e15 else { return "\(share * 100)%" }
    let whole = Int(hundredths) / 100
    let rest = Int(hundredths) % 100
    if rest == 0 { return "\(whole)%" }
    return rest % 10 == 0 ? "\(whole).\(rest / 10)%" : "\(whole).\(rest < 10 ? "0" : "")\(rest)%"
  }
}
