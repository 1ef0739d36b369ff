import Glibc

/// The ids that an option names: a list with commas, or a file.
package struct IdentifierList: Sendable, Equatable {
  /// Each id once, in the order of its first appearance.
  package private(set) var ids: [Identifier] = []
  /// How many ids stood there once more.
  package private(set) var repeated = 0
  /// What a file was taken for, where it has a header or more columns.
  package private(set) var note: String?
  /// By id, the line of the file on which it stands first; empty for a list.
  package private(set) var lines: [Int] = []

  /// Reads `argument`: `@FILE` or the path of a file, else ids with commas between them.
  ///
  /// - Parameters:
  ///   - option: what the user typed before the argument, such as `--users`.
  ///   - role: what the ids are; it names the column of a file with several.
  ///   - known: the ids there are; a first line that is none of them, above lines that are, is a header.
  /// - Throws: `ListError`, also for an argument that looks like a path and is none.
  package init(_ argument: String, option: String, role: ColumnRole, known: Catalog? = nil) throws(ListError) {
    if let path = try Self.file(argument, option: option, known: known) {
      let file = try IdentifierRows(file: path, option: option, roles: [role], known: [known])
      note = file.note
      var places: [Int] = []
      collect(file.rows.map { $0[0] }) { places.append(file.lines[$0]) }
      lines = places
    } else {
      let parts = argument.split(separator: ",", omittingEmptySubsequences: true).map(Self.trimmed)
      collect(parts.filter { !$0.isEmpty }.map { Identifier($0) }) { _ in }
    }
  }

  private mutating func collect(_ all: [Identifier], isNew: (Int) -> Void) {
    var seen = Set<Identifier>()
    for (index, id) in all.enumerated() {
      if seen.insert(id).inserted {
        ids.append(id)
        isNew(index)
      } else {
        repeated += 1
      }
    }
  }

  /// The path that `argument` is; nil for ids.
  private static func file(_ argument: String, option: String, known: Catalog?) throws(ListError) -> String? {
    if argument.hasPrefix("@"), argument.utf8.count > 1 {
      let path = String(argument.dropFirst())
      guard access(path, F_OK) == 0 else { throw ListError(option: option, source: path, fault: .noSuchFile) }
      return path
    }
    if access(argument, F_OK) == 0 { return argument }
    let isKnown = known?.index(of: argument) != nil
    let isPath = argument.contains("/") || endings.contains { argument.lowercased().hasSuffix($0) }
    if isPath, !isKnown, !argument.contains(",") {
      throw ListError(option: option, source: argument, fault: .noSuchFile)
    }
    return nil
  }

  private static let endings = [".txt", ".csv", ".tsv", ".json", ".jsonl", ".gz", ".dat", ".list", ".ids", ".lst"]

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return text
  }
}
