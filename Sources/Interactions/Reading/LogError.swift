/// A log that cannot be read as asked.
package enum LogError: Error, Equatable {
  /// The system refused to open or read the file.
  case unreadable(file: String, reason: String)
  case missing(file: String)
  case directory(file: String)
  case empty(file: String)
  /// The file is something else than text: an archive, a database, an image.
  case notText(file: String, found: String, remedy: String)
  /// A byte that is not UTF-8; `line` and `byte` count from 1.
  case notUTF8(file: String, line: Int, byte: Int, value: UInt8)
  case lineTooLong(file: String, line: Int)
  case damagedGzip(file: String, reason: String)
  case unknownFormat(file: String, firstLine: String)
  case noColumn(file: String, role: ColumnRole, known: [String])
  case unknownColumn(file: String, role: ColumnRole, asked: String, known: [String])
  case badColumns(text: String, reason: String)
  case mixedTimes(file: String, line: Int, text: String, unit: TimeUnit, earlier: TimeUnit, earlierLine: Int)
  /// Sessions were asked for, and the log has no times.
  case noTimes
  case noRows(file: String)
  case tooManyBadRows(file: String, rows: RowStatistics, allowed: Double, first: BadRow)
  /// The temporary file that counts repeated rows could not be written or read.
  case temporaryFile(reason: String)
}

extension LogError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let file, let reason): "cannot read \(file): \(reason)"
    case .missing(let file): "\(file) does not exist; check the path"
    case .directory(let file): "\(file) is a folder; name the log file in it"
    case .empty(let file): "\(file) is empty; a log has one line per event"
    case .notText(let file, let found, let remedy): "\(file) is \(found), not a text log; \(remedy)"
    case .notUTF8(let file, let line, let byte, let value):
      """
      \(file), line \(line), byte \(byte): 0x\(String(value, radix: 16, uppercase: true)) is not UTF-8; if the file \
      is Latin-1, convert it first: iconv -f LATIN1 -t UTF-8 FILE > FILE.utf8
      """
    case .lineTooLong(let file, let line):
      "\(file), line \(line) is longer than 64 MB; a log has one short line per event"
    case .damagedGzip(let file, let reason): "\(file) is a damaged gzip file: \(reason); copy or download it again"
    case .unknownFormat(let file, let firstLine):
      """
      \(file), line 1: \"\(firstLine)\" fits no known format; expected columns separated by commas, tabs, '::' or \
      blanks, or one JSON object per line; name it with --format \(LogFormat.allCases.map(\.rawValue).joined(separator: "|"))
      """
    case .noColumn(let file, let role, let known):
      "\(file): no \(role.rawValue) column among \(Self.list(known)); name it with --columns \(role.rawValue)=NAME"
    case .unknownColumn(let file, let role, let asked, let known):
      "\(file): --columns asks for \(role.rawValue)=\(asked), but the columns are \(Self.list(known))"
    case .badColumns(let text, let reason):
      "\(reason) in \"\(text)\"; expected user=…,item=…,time=…,group=… with names or numbers from 1"
    case .mixedTimes(let file, let line, let text, let unit, let earlier, let earlierLine):
      """
      \(file), line \(line): the time \"\(text)\" is in \(unit.name), but line \(earlierLine) is in \(earlier.name); \
      bring the column to one unit
      """
    case .noTimes: "sessions by gap need times, and the log has none; name its time column, or ask for no sessions"
    case .noRows(let file): "\(file) has a header but no rows; a log has one line per event"
    case .tooManyBadRows(let file, let rows, let allowed, let first):
      """
      \(file): \(rows.dropped) of \(rows.read) rows are bad (\(Percentage.text(rows.droppedShare))), more than the \
      \(Percentage.text(allowed)) allowed; the first is \(first.description); mend them or allow more with --max-bad
      """
    case .temporaryFile(let reason):
      "cannot use a temporary file for counting repeated rows: \(reason); free space in the temporary folder or set TMPDIR"
    }
  }

  private static func list(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }
}
