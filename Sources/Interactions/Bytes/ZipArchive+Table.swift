import DurableFiles

extension ZipArchive {
  /// The member that is the log: the one that `name` names, else the only file, else the only one that may be a table.
  ///
  /// - Throws: `LogError` where there is none, or more than one.
  func table(named name: String?, path: String) throws(LogError) -> Member {
    let files = members.filter(\.isVisible)
    if files.contains(where: { $0.name == "xl/workbook.xml" || $0.name == "content.xml" }) {
      throw .notText(file: path, found: "a workbook", remedy: "save it as CSV")
    }
    if !files.isEmpty, files.allSatisfy({ $0.name.hasSuffix(".npy") }) {
      throw .notText(file: path, found: "an archive of NumPy arrays", remedy: "write them with numpy.savetxt first")
    }
    let tables = files.filter { file in
      let last = file.name.lowercased().split(separator: "/").last ?? ""
      let isText = ["readme", "license", "licence", "checksum"].contains { last.hasPrefix($0) }
      return !isText && Self.endings.contains { last.hasSuffix("." + $0) }
    }
    let named = name.map { name in files.filter { $0.name == name } }
    let found = named ?? (files.count == 1 ? files : tables)
    guard let member = found.first, found.count == 1 else {
      let choice = tables.isEmpty ? files : tables
      let shown = choice.prefix(8).map(\.name).joined(separator: ", ") + (choice.count > 8 ? ", …" : "")
      if choice.isEmpty {
        throw .otherShape(file: path, found: "a zip archive without files", remedy: "name another file")
      }
      throw .otherShape(
        file: path,
        found: named == nil
          ? "a zip archive of \(choice.count) files: \(shown)"
          : "a zip archive without \"\(name ?? "")\"; it holds \(shown)",
        remedy: "name the one that is the log, such as \(ShellWord.quoted("\(path)/\(choice[0].name)"))")
    }
    if member.isEncrypted {
      throw .otherShape(
        file: path, found: "an encrypted zip archive", remedy: "unpack it first: unzip \(ShellWord.quoted(path))")
    }
    guard member.method == 0 || member.method == 8 else {
      throw .otherShape(
        file: path, found: "a zip archive packed by method \(member.method)",
        remedy: "unpack it first: 7z x \(ShellWord.quoted(path))")
    }
    return member
  }

  private static let endings = [
    "csv", "tsv", "txt", "dat", "data", "json", "jsonl", "ndjson", "inter", "tab", "csv.gz", "tsv.gz", "json.gz",
    "jsonl.gz", "txt.gz",
  ]
}
