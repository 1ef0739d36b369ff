import ArgumentParser
import DurableFiles
import Foundation
import Recommending

/// What becomes of ids that a command cannot use.
struct NoteOptions: ParsableArguments {
  @Flag(help: "Skip ids that the model or the log does not know, and name them.")
  var allowUnknown = false
  @Option(
    help: ArgumentHelp(
      "Write every id that was skipped, and what it was, to this CSV file.", valueName: "file"), completion: .file())
  var unknownTo: String?

  func notes(_ progress: Progress) -> Notes {
    Notes(progress, allowsUnknown: allowUnknown, unknownTo: unknownTo)
  }
}

/// What a command says beside its result, each once on stderr; ids go to a file as well.
final class Notes {
  let allowsUnknown: Bool
  private let progress: Progress
  private let file: URL?
  private var rows = "id,what\n"

  /// - Parameters:
  ///   - allowsUnknown: whether unknown ids are named and skipped instead of refused.
  ///   - unknownTo: the CSV file for every id that is named.
  init(_ progress: Progress, allowsUnknown: Bool, unknownTo path: String? = nil) {
    (self.progress, self.allowsUnknown) = (progress, allowsUnknown)
    file = path.map { URL(fileURLWithPath: $0) }
  }

  func say(_ text: @autoclosure () -> String) { progress.note(text()) }

  /// `1 user`, `2 users`
  static func users(_ count: Int) -> String { "\(Counted(count, "user"))" }

  /// Names the first ids of each finding, `12 …: a, b, c and 9 more`, and writes all of them to the file.
  func say(_ findings: [IDFinding]) {
    for finding in findings {
      let shown = finding.ids.prefix(20).map(\.text).joined(separator: ", ")
      let more = finding.ids.count - 20
      let rest = more > 0 ? " and \(more) more\(file == nil ? " (--unknown-to FILE names all)" : "")" : ""
      say("\(finding.sentence)\(finding.isSkipped ? " and skipped" : ""): \(shown)\(rest)")
      if file != nil { for id in finding.ids { rows += "\(CSVField.quote(id.text)),\(finding.label)\n" } }
    }
  }

  /// Names the ids of `findings`, or refuses them where they are unknown and that is not allowed.
  ///
  /// - Throws: `RecommendationError.unknownIDs`.
  func take(_ findings: [IDFinding]) throws(RecommendationError) {
    if !allowsUnknown, let unknown = findings.first(where: { $0.known != nil }) { throw .unknownIDs(unknown) }
    say(findings)
  }

  /// Writes the file, even where no id was named.
  func finish() throws {
    guard let file else { return }
    try Folders.make(for: file.path)
    try DurableFile.write(rows, to: file)
  }
}
