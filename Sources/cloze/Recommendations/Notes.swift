import DurableFiles
import Foundation

/// What a person should know beside the result, each said once on stderr; ids can go to a file as well.
final class Notes {
  private let quiet: Bool
  private let file: URL?
  private var rows = "id,what\n"

  /// - Parameter unknownTo: the CSV file for every id that is listed.
  init(quiet: Bool, unknownTo path: String? = nil) {
    self.quiet = quiet
    file = path.map { URL(fileURLWithPath: $0) }
  }

  func say(_ text: @autoclosure () -> String) {
    if !quiet { StandardError.write("cloze: \(text())\n") }
  }

  /// Names the first of many, `12 …: a, b, c and 9 more`, and writes all of them to the file as what `kind` says.
  func list(_ names: [String], _ what: String, as kind: String) {
    if names.isEmpty { return }
    let shown = names.prefix(20).joined(separator: ", ")
    let more = names.count - 20
    let rest = more > 0 ? " and \(more) more\(file == nil ? " (--unknown-to FILE names all)" : "")" : ""
    say("\(names.count) \(what): \(shown)\(rest)")
    if file != nil { for name in names { rows += "\(CSVField.quote(name)),\(kind)\n" } }
  }

  /// Writes the file, also where nothing was listed.
  func finish() throws(DurableFileError) {
    if let file { try DurableFile.write(rows, to: file) }
  }
}
