/// Files that are no logs, known by their first bytes, and the command that makes a log of each.
enum ForeignFile {
  /// Refuses `file` where its first bytes, unpacked where they are gzip, belong to something that is known and no log.
  static func refuse(_ bytes: ArraySlice<UInt8>, file: String) throws(LogError) {
    let name = ShellWord.quoted(file)
    if let known = signatures.first(where: { bytes.starts(with: $0.bytes) }) {
      throw .notText(
        file: file, found: known.name,
        remedy: replacing("PATH", by: file, in: replacing("FILE", by: name, in: known.remedy)))
    }
    if bytes.dropFirst(257).starts(with: Array("ustar".utf8)) {
      throw .notText(file: file, found: "a tar archive", remedy: "unpack it first: tar -xf \(name)")
    }
    if let encoding = wideEncoding(bytes) {
      throw .notText(
        file: file, found: "\(encoding.name) text", remedy: iconv(encoding.code, name))
    }
    let text = String(decoding: bytes.prefix(4_096), as: UTF8.self)
    if let (found, remedy) = foreignText(text, name: name) {
      throw .otherShape(file: file, found: found, remedy: remedy)
    }
  }

  private static func replacing(_ word: String, by name: String, in text: String) -> String {
    text.split(separator: word, omittingEmptySubsequences: false).joined(separator: name)
  }

  private static func iconv(_ code: String, _ name: String) -> String {
    "convert it first: iconv -f \(code) -t UTF-8 \(name) > \(name).utf8"
  }

  /// UTF-16 or UTF-32, with or without a byte order mark.
  private static func wideEncoding(_ bytes: ArraySlice<UInt8>) -> (name: String, code: String)? {
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
      return ("UTF-32", "UTF-32")
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return ("UTF-16", "UTF-16") }
    let start = Array(bytes.prefix(1_000))
    guard start.count >= 4, start.contains(0) else { return nil }
    let (even, odd) = (stride(from: 0, to: start.count, by: 2), stride(from: 1, to: start.count, by: 2))
    let zeros = (even.count { start[$0] == 0 }, odd.count { start[$0] == 0 })
    if zeros.1 * 10 > start.count * 4, zeros.0 * 20 < start.count { return ("UTF-16", "UTF-16LE") }
    if zeros.0 * 10 > start.count * 4, zeros.1 * 20 < start.count { return ("UTF-16", "UTF-16BE") }
    return nil
  }

  private static func foreignText(_ text: String, name: String) -> (found: String, remedy: String)? {
    let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    let lower = start.prefix(200).lowercased()
    if start.hasPrefix("version https://git-lfs.github.com/spec/") {
      return ("a pointer of Git LFS, not the file itself", "fetch the file: git lfs pull --include \(name)")
    }
    if lower.hasPrefix("<!doctype html") || lower.hasPrefix("<html") || lower.hasPrefix("<head") {
      return ("an HTML page, perhaps an error of a download", "download the file itself, or export the table as CSV")
    }
    if lower.hasPrefix("<?xml") || lower.hasPrefix("<") && lower.contains("</") {
      return ("an XML document", "export the events as CSV")
    }
    let statements = [
      "insert into ", "create table ", "drop table ", "pragma foreign_keys", "begin transaction", "set sql_mode",
    ]
    if lower.hasPrefix("-- mysql dump") || lower.hasPrefix("-- mariadb dump") || lower.hasPrefix("-- phpmyadmin") {
      return (
        "an SQL dump",
        "load it into the database and export the table: mysql --batch -e 'SELECT * FROM TABLE' DATABASE > log.tsv"
      )
    }
    if lower.contains("-- postgresql database dump") {
      return (
        "an SQL dump",
        "load it into the database and export the table: psql --csv -c 'SELECT * FROM TABLE' DATABASE > log.csv"
      )
    }
    let lines = start.split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " }.lowercased() }
    if let first = lines.first(where: { !$0.hasPrefix("--") && !$0.hasPrefix("/*") }),
      statements.contains(where: first.hasPrefix)
    {
      return ("an SQL dump", "load it and name its table: sqlite3 log.sqlite < \(name), then log.sqlite --table TABLE")
    }
    if lower.hasPrefix("@relation ") {
      return ("an ARFF file of Weka", "keep its rows: sed '1,/^@[Dd][Aa][Tt][Aa]/d' \(name) > \(name).csv")
    }
    if lower.hasPrefix("- "), lines[0].contains(": "), lines.count > 1, lines[1].contains(": ") {
      return (
        "a YAML document",
        "bring its events onto lines: python3 -c \"import sys, yaml, json; "
          + "[print(json.dumps(event, default=str)) for event in yaml.safe_load(sys.stdin)]\" < \(name) > \(name).jsonl"
      )
    }
    if lines.count > 1, lines.prefix(10).dropLast().allSatisfy({ $0.hasSuffix(" -2") && $0.contains(" -1 ") }) {
      return (
        "a file of sequences for SPMF",
        "leave its marks out and number its lines: sed 's/ -1//g; s/ -2$//' \(name) | awk '{print NR, $0}' > \(name).txt"
      )
    }
    if lower.hasPrefix("%%matrixmarket") {
      return (
        "a Matrix Market file",
        "leave out its comments and its line of sizes: grep -v '^%' \(name) | tail -n +2 > \(name).txt"
      )
    }
    if lines.count > 1, lines.prefix(20).allSatisfy({ isPairs($0) }) {
      return (
        "lines of name=value pairs",
        "leave the names out: sed -E 's/(^|[[:space:],;])[A-Za-z_]+=/\\1/g' \(name) > \(name).txt"
      )
    }
    if lower.hasPrefix("%pdf") { return ("a PDF document", "export the table as CSV") }
    if lower.hasPrefix("+--"), start.dropFirst(3).hasPrefix("-") {
      return (
        "a table drawn by a database's shell",
        "let it write TSV instead: mysql --batch -e 'SELECT …' DATABASE > log.tsv"
      )
    }
    if lines.count > 1, lines[1].hasPrefix("---"), lines[1].allSatisfy({ "-+ ".contains($0) }), lines[0].contains("|") {
      return (
        "a table drawn by a database's shell", "let it write CSV instead: psql --csv -c 'SELECT …' DATABASE > log.csv"
      )
    }
    if lines.count > 1, lines[0].hasPrefix("|"), lines[1].hasPrefix("|"), lines[1].allSatisfy({ "|-: ".contains($0) }) {
      return ("a Markdown table", "export it as CSV")
    }
    return nil
  }

  /// Whether each word of a line is `name=value`.
  private static func isPairs(_ line: String) -> Bool {
    let words = line.split { " ,;\t".contains($0) }
    return words.count > 1
      && words.allSatisfy { word in
        let name = word.prefix { $0 != "=" }
        return name.count < word.count && !name.isEmpty && name.allSatisfy { $0.isLetter || $0 == "_" }
      }
  }

  private static let python = #"python3 -c "import pandas; pandas."#

  private static let signatures: [(bytes: [UInt8], name: String, remedy: String)] = [
    (Array("SQLite format 3".utf8), "an SQLite database", "name the table that holds the log with --table"),
    ([0x50, 0x4B, 0x03, 0x04], "a zip archive", "name the archive itself as the log, not a pipe, or unpack it first"),
    ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd", "unpack it first: unzstd FILE"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed with xz", "unpack it first: unxz --keep FILE"),
    (Array("BZh".utf8), "compressed with bzip2", "unpack it first: bunzip2 --keep FILE"),
    ([0x04, 0x22, 0x4D, 0x18], "compressed with lz4", "unpack it first: unlz4 FILE"),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z archive", "unpack it first: 7z x FILE"),
    (Array("Rar!".utf8), "a rar archive", "unpack it first: unrar x FILE"),
    (
      Array("PAR1".utf8), "a Parquet file",
      "convert it first: " + python + "read_parquet('PATH').to_csv('PATH.csv', index=False)\""
    ),
    (
      Array("ARROW1".utf8), "an Arrow file",
      "convert it first: " + python + "read_feather('PATH').to_csv('PATH.csv', index=False)\""
    ),
    (
      Array("ORC".utf8), "an ORC file",
      "convert it first: " + python + "read_orc('PATH').to_csv('PATH.csv', index=False)\""
    ),
    (Array("Obj\u{1}".utf8), "an Avro file", "convert it first: avro cat --format csv FILE > FILE.csv"),
    (
      [0x89, 0x48, 0x44, 0x46], "an HDF5 file",
      "convert it first: " + python + "read_hdf('PATH').to_csv('PATH.csv', index=False)\""
    ),
    ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], "a NumPy array", "write it with numpy.savetxt first"),
    ([0xD0, 0xCF, 0x11, 0xE0], "a workbook of Excel", "save it as CSV"),
    (
      [0x80, 0x04, 0x95], "a Python pickle",
      "convert it first: " + python + "read_pickle('PATH').to_csv('PATH.csv', index=False)\""
    ),
    (
      [0x80, 0x05, 0x95], "a Python pickle",
      "convert it first: " + python + "read_pickle('PATH').to_csv('PATH.csv', index=False)\""
    ),
    (Array("RDX".utf8), "an R workspace", "write the table with write.csv(…, row.names = FALSE) first"),
    (Array("X\n\0\0".utf8), "an R object", "write the table with write.csv(…, row.names = FALSE) first"),
    (Array("%PDF".utf8), "a PDF document", "export the table as CSV"),
    ([0x89, 0x50, 0x4E, 0x47], "a PNG picture", "name the log file"),
    ([0xFF, 0xD8, 0xFF], "a JPEG picture", "name the log file"),
  ]
}
