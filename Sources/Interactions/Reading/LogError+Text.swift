import DurableFiles
import Foundation
extension LogError: CustomStringConvertible {
  package var description: String { fileText ?? writingText ?? columnText ?? timeText ?? rowText ?? "" }

  /// The file of the same folder whose name is nearest to that of `file`.
  private static func neighbor(of file: String) -> String? {
    let url = URL(fileURLWithPath: file)
    let names = try? FileManager.default.contentsOfDirectory(atPath: url.deletingLastPathComponent().path)
    guard let name = NearestName.suggestion(for: url.lastPathComponent, among: (names ?? []).sorted()) else {
      return nil
    }
    return file.contains("/") ? NSString(string: file).deletingLastPathComponent + "/" + name : name
  }

  private var fileText: String? {
    switch self {
    case .unreadable(let file, let reason): "cannot read \(file): \(reason)"
    case .stopped(let file): "stopped while waiting for \(file)"
    case .missing(let file):
      "\(file) does not exist; \(Self.neighbor(of: file).map { "did you mean “\($0)”?" } ?? "check the path")"
    case .directory(let file): "\(file) is a folder without files; name the log file"
    case .empty(let file): "\(file) is empty; a log has one line per event"
    case .notText(let file, let found, let remedy): "\(file) is \(found), not a text log; \(remedy)"
    case .otherShape(let file, let found, let remedy): "\(file) is \(found); \(remedy)"
    case .notUTF8(let file, let line, let byte, let value):
      """
      \(file), line \(line), byte \(byte): 0x\(String(value, radix: 16, uppercase: true)) is not UTF-8; if the file \
      is Windows-1252 or Latin-1, convert it first: \(Self.conversion(of: file))
      """
    case .lineTooLong(let file, let line):
      "\(file), line \(line) is longer than 64 MB; a log has one short line per event"
    case .damagedGzip(let file, let reason): "\(file) is a damaged gzip file: \(reason); copy or download it again"
    case .damagedZip(let file, let reason):
      "\(file) is a damaged zip archive: \(reason); copy or download it again"
    case .noFiles(let pattern): "no file fits \"\(pattern)\"; check the pattern"
    case .temporaryFile(let reason):
      "cannot use a temporary file for counting repeated rows: \(reason); free space in the temporary folder or set TMPDIR"
    default: nil
    }
  }

  private var writingText: String? {
    switch self {
    case .unknownFormat(let file, let firstLine):
      """
      \(file), line 1: \"\(firstLine)\" fits no known format; expected columns separated by commas, tabs, '::' or \
      blanks, or one JSON object per line; name it with --format \(LogFormat.allCases.map(\.rawValue).joined(separator: "|"))
      """
    case .notJSON(let file, let firstLine):
      "\(file), line 1: \"\(firstLine)\" is no JSON object or array; write one per line, or leave out --format jsonl"
    case .malformedArray(let file, let line):
      "\(file), line \(line): the JSON array is damaged or ends too early; check it with: jq length \(ShellWord.quoted(file))"
    case .ambiguousSeparator(let file, let separators):
      """
      \(file): rows can be cut at \(separators.map(\.title).joined(separator: " or at ")), and nothing says which is \
      right; say \(separators.map { "--separator \(ShellWord.quoted($0.rawValue))" }.joined(separator: " or "))
      """
    case .openHeader(let file, let firstLine):
      """
      \(file), line 1: \"\(firstLine)\" may be the names of the columns or an event; say --header yes or --header no
      """
    case .headerWidth(let file, let header, let rows):
      """
      \(file): the header has \(Counted(header, "name")), but rows have \(Counted(rows, "column")); mend the header, or leave it out and say \
      --columns user=NUMBER,item=NUMBER
      """
    case .openSequences(let file, let separator, let width):
      if let width {
        """
        \(file): lines may be a user and \(width == 3 ? "two" : String(width - 1)) items or a user, an item and \
        \(width == 3 ? "a number" : "other columns"); say --format sequences or --format plain
        """
      } else {
        """
        \(file): lines have different lengths, as sequences have, but the first word of some lines is the same; say \
        --format sequences where it is the user, or number the lines first: awk '{print NR "\(separator.escaped)" $0}' \
        \(ShellWord.quoted(file)) > sequences.txt
        """
      }
    case .openQuoting(let file, let column, let example):
      """
      \(file): ids in column \(column) stand in quotes, such as \(example), but other quotes are not in order; say \
      --quote double to read the quotes as such, or --quote none to keep them in the ids
      """
    case .singleQuotes(let file, let column, let example):
      """
      \(file): ids in column \(column) stand in single quotes, such as \(example); take the quotes away first: \
      tr -d "'" < \(ShellWord.quoted(file)) > \(ShellWord.quoted(file + ".csv")), or say --quote none to keep them in the ids
      """
    case .unlikeFiles(let file, let first, let difference):
      "\(file) is not written like \(first): \(difference); read each by itself, or bring them into one form"
    default: nil
    }
  }

  private var columnText: String? {
    switch self {
    case .noColumn(let file, let roles, let known, let suggestion):
      "\(file): no \(roles.map(\.rawValue).joined(separator: " and no ")) column is known among \(Self.list(known)); "
        + "name \(roles.count == 1 ? "it" : "them"), such as \(suggestion)"
    case .sameColumn(let file, let column): "\(file): column \"\(column)\" cannot be the user and the item; name two"
    case .severalColumns(let file, let role, let columns, let options):
      "\(file): \(columns.joined(separator: " and ")) can each be the \(role.rawValue); say which: "
        + options.joined(separator: " or ")
    case .contradiction(let file, let role, let column, let found, let advice):
      "\(file): column \(column) is called like the \(role.rawValue), but holds \(found); \(advice)"
    case .unknownColumn(let file, let role, let requested, let known):
      "\(file): --columns asks for \(role.rawValue)=\(requested), but the columns are \(Self.list(known))"
    case .unknownFilterColumn(let file, let requested, let known):
      "\(file): --where asks for the column \"\(requested)\", but the columns are \(Self.list(known))"
    case .badColumns(let text, let reason):
      "\(reason) in \"\(text)\"; expected user=…,item=…,time=…,group=… with names or numbers from 1"
    case .badCondition(let text, let reason):
      "\"\(text)\" is no condition: \(reason); expected a column and a value, such as 'event=purchase' or 'price>=10'"
    case .openDecimal(let file, let column, let example):
      """
      \(file): numbers such as \(example) in column \(column) may have thousands or decimals behind the comma, and no row \
      shows which; say --decimal point or --decimal comma
      """
    case .unknownKinds(let file, let requested, let known):
      "\(file): no event is of the kind \(Self.list(requested)); the kinds are \(Self.list(Array(known.prefix(20))))"
    default: nil
    }
  }

  private var timeText: String? {
    switch self {
    case .openDayMonth(let file, let column, let example):
      """
      \(file): dates such as \(example) in column \(column) may begin with the day or with the month, and no row shows \
      which; say --time-format day/month/year or --time-format month/day/year
      """
    case .unknownTimes(let file, let column, let example, let found, let advice):
      "\(file): column \(column) should be the time, but holds \(found), such as \"\(example)\"; \(advice)"
    case .mixedTimes(let file, let line, let text, let form, let expected, let earlierLine):
      """
      \(file), line \(line): the time \"\(text)\" is in \(form.title), but \
      \(earlierLine > 0 ? "line \(earlierLine)" : "the column") is in \(expected.title); bring the column to one form
      """
    case .noTimes:
      "sessions by gap, --since and --until need times, and the log has none; name its time column, or leave them out"
    case .differentFolds(let first, let second):
      "\(first) and \(second) differ in whether they have times and groups; folds need the same columns: write them alike, "
        + "or leave a column out, such as --columns time=none"
    case .emptyWindow(let window, let first, let last):
      "no event lies in \(window): the log's are from \(first) to \(last); give another window"
    default: nil
    }
  }

  private var rowText: String? {
    switch self {
    case .noRows(let file): "\(file) has a header but no rows; a log has one line per event"
    case .tooManyBadRows(let file, let rows, let allowed, let first, let words):
      """
      \(file): \(rows.dropped) of \(Counted(rows.read, "row")) \(Counted.verb(rows.dropped, "is", "are")) bad (\(Percentage.text(rows.droppedShare))), more than the \
      \(Percentage.text(allowed)) allowed; the first is \(first.described(in: file)); \(Self.remedy(words))\
      mend them or allow more with --max-bad
      """
    default: nil
    }
  }

  /// The command that makes UTF-8 of a text of one byte a letter; Windows-1252 has the letters of Latin-1, and more.
  private static func conversion(of file: String) -> String {
    let name = file == "standard input" ? "FILE" : ShellWord.quoted(file)
    let convert = "iconv -f WINDOWS-1252 -t UTF-8"
    return file.hasSuffix(".gz")
      ? "gzip -dc \(name) | \(convert) > \(name).utf8" : "\(convert) \(name) > \(name).utf8"
  }

  /// What to do about words that are taken for missing ids.
  private static func remedy(_ words: [String: Int]) -> String {
    let words = words.filter { $0.key != "nothing" && $0.key != "a list or an object" }
    if words.isEmpty { return "" }
    let shown = words.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3).map(\.key)
    return "where words such as \(list(Array(shown))) are ids, say --missing none; "
  }

  private static func list(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }
}
