extension ReadingSummary {
  /// What stands beside events that were added one by one, without a file: how many there are and what they have.
  package static func added(
    _ events: Int, as source: String, fingerprint: String, columns: [EventColumn]
  ) -> ReadingSummary {
    let roles: [ColumnRole] = [.user, .item] + columns.map { $0 == .time ? .time : .group }
    let layout = LogLayout(
      format: .jsonl, hasHeader: true,
      columns: Dictionary(
        uniqueKeysWithValues: roles.enumerated().map {
          ($1, LogLayout.Column(name: $1.rawValue, number: $0 + 1, finding: .name))
        }), columnCount: roles.count)
    return ReadingSummary(
      file: source, contentFingerprint: fingerprint, layout: layout,
      timeForm: columns.contains(.time) ? .iso8601 : nil, clockForm: nil, rows: RowStatistics(used: events),
      firstBadRows: [], missingWords: [:], kinds: [], filter: "", ids: .asWritten, notes: [],
      findings: LogFindings.Summary())
  }
}
