import DurableFiles
import Foundation
import InteractionStore

/// Where rows go, a batch at a time.
package protocol RecommendationSink {
  /// Users whose rows are written, by this or an earlier run, and behind whom a run can resume.
  var done: Int { get }
  /// Writes the rows of `users`, counted from 0 in the order they come.
  func write(_ rows: [RecommendationRow], users: Range<Int>) throws
  /// Makes what was written the result.
  func finish() throws
  /// Takes away what was written so far.
  func discard() throws
}

/// Rows that another process writes, which stands behind `done` users.
package struct UnwrittenRows: RecommendationSink {
  package let done: Int

  package init(done: Int) { self.done = done }

  package func write(_ rows: [RecommendationRow], users: Range<Int>) {}
  package func finish() {}
  package func discard() {}
}

/// Where a run's rows go.
package enum RecommendationDestination: Sendable {
  case standardOutput(RecommendationText.Format)
  /// A file that appears whole at the end.
  case file(URL, RecommendationText.Format)
  /// A table that appears whole at the end.
  case table(String, in: InteractionStore)

  /// Begins the result, or resumes an earlier run of the same `identity`.
  ///
  /// - Throws: `ResumableFileError`, `StoreError`.
  package func open(
    _ identity: RunIdentity, probabilities: Bool, columns: RecommendationText.Columns = .init(),
    guardsFormulas: Bool = false, resuming: Bool
  ) throws -> any RecommendationSink {
    func text(_ format: RecommendationText.Format) -> RecommendationText {
      RecommendationText(
        format: format, probabilities: probabilities, columns: columns, guardsFormulas: guardsFormulas)
    }
    switch self {
    case .standardOutput(let format):
      return TextSink(lines: .standardOutput, text: text(format))
    case .file(let url, let format):
      let file = try ResumableFile(url, request: identity.text, resuming: resuming)
      return TextSink(lines: .file(file), text: text(format))
    case .table(let name, let store):
      return try TableSink(
        table: RecommendationTable(
          name, in: store, request: identity.text, columns: .init(titles: columns.titles, cold: columns.cold),
          resuming: resuming))
    }
  }
}

/// Rows as text, to standard output or into a file.
private struct TextSink: RecommendationSink {
  let lines: LineSink
  let text: RecommendationText

  var done: Int { lines.done }

  func write(_ rows: [RecommendationRow], users: Range<Int>) throws {
    try lines.write(text.of(rows, isFirst: users.lowerBound == 0), done: users.upperBound)
  }

  func finish() throws { try lines.finish() }
  func discard() { lines.discard() }
}

/// Rows as a table of a store.
private struct TableSink: RecommendationSink {
  let table: RecommendationTable

  var done: Int { table.done }

  func write(_ rows: [RecommendationRow], users: Range<Int>) throws { try table.append(rows, done: users.upperBound) }
  func finish() throws { try table.finish() }
  func discard() throws { try table.discard() }
}
