import DurableFiles

/// Where histories came from: how their log was read and prepared, and what that found, as records and models keep it.
///
/// It names no user and quotes no row, so that a model can be given away; files stand without their folders.
package struct LogProvenance: Codable, Sendable, Equatable {
  /// Of so many imports at most what reading said is kept.
  static let mostReadings = 8

  package let settings: LogSettings
  /// Users, items and events of the histories.
  package let size: PreparationSummary.Size
  /// The number of imports of a store; nil for a file.
  package let imports: Int?
  /// What reading said: of a file once; of a store once per import, the last few of them.
  package let readings: [ReadingSummary]
  /// What became of the rows of all files.
  package let rows: RowStatistics
  /// What the preparation left out; nil where nothing was requested.
  package let leftOut: PreparationSummary?
  /// The shape of the histories.
  package let picture: LogPicture?

  /// - Parameters:
  ///   - log: the histories, prepared.
  ///   - reports: what reading said of every file.
  package init(
    of log: InteractionLog, settings: LogSettings, imports: Int?, reports: [ReadingSummary],
    leftOut: PreparationSummary?
  ) {
    self.settings = settings
    size = PreparationSummary.Size(log)
    self.imports = imports
    readings = reports.suffix(Self.mostReadings).map(\.withoutExamples)
    rows = reports.reduce(into: RowStatistics()) { $0.add($1.rows) }
    self.leftOut = leftOut
    picture = LogPicture(log)
  }

  /// As a table: what was looked at, and what was found.
  package var lines: [(label: String, text: String)] {
    var lines: [(label: String, text: String)] = []
    if let imports {
      lines.append(("store", "\(Counted(imports, "import")), \(rows.text)"))
      for reading in readings { lines.append((reading.file, reading.shortText)) }
      let unnamed = imports - readings.count
      if unnamed > 0 { lines.append(("earlier imports", "\(unnamed)")) }
    } else if readings.count > 1 {
      for reading in readings { lines.append((reading.file, reading.shortText)) }
    } else if let reading = readings.first {
      lines = [("file", reading.file)] + reading.lines.filter { $0.text != "0" }
    }
    if let leftOut { lines.append(("preparation", leftOut.description)) }
    let options = settings.options(ofStore: imports != nil)
    if !options.isEmpty { lines.append(("options", options.joined(separator: " "))) }
    return lines
  }
}

extension ReadingSummary {
  /// The summary without ids of users, without rows, and without the folders of its file.
  package var withoutExamples: ReadingSummary {
    var findings = findings
    findings.outlyingUser?.id = nil
    findings.similarUsers.dropExamples()
    return ReadingSummary(
      file: file.split(separator: "/").last.map(String.init) ?? file, contentFingerprint: contentFingerprint,
      layout: layout, timeForm: timeForm, clockForm: clockForm, rows: rows, firstBadRows: [],
      missingWords: missingWords, kinds: kinds, filter: filter, ids: ids, notes: notes, findings: findings)
  }

  /// How it was read and what became of its rows, in one line.
  fileprivate var shortText: String {
    ([understanding, rows.text] + warnings).joined(separator: "; ")
  }
}

extension RowStatistics {
  /// `1,000 rows, 990 used, 10 dropped`.
  fileprivate var text: String {
    var parts = ["\(ReadingSummary.grouped(read)) rows", "\(ReadingSummary.grouped(used)) used"]
    if leftOut > 0 { parts.append("\(ReadingSummary.grouped(leftOut)) left out by the filter") }
    if dropped > 0 { parts.append("\(ReadingSummary.grouped(dropped)) dropped") }
    return parts.joined(separator: ", ")
  }
}
