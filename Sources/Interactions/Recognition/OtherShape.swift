/// JSON and other text that holds events in another shape than one per row, and the command that brings it into one.
enum OtherShape {
  /// Refuses text whose shape is known and not read; `window` begins with the log.
  static func refuse(_ bytes: Span<UInt8>, _ window: Range<Int>, file: String) throws(LogError) {
    let name = ShellWord.quoted(file)
    let start = window.first { !Byte.isSpace(bytes[$0]) } ?? window.lowerBound
    let line = start..<Byte.endOfLine(bytes, start, window.upperBound)
    let first = Byte.excerpt(bytes, line, most: 400)
    if first.hasPrefix("{") { try refuseObject(bytes, line, window, first: first, file: file, name: name) }
    if first.hasPrefix("["), isPython(first.dropFirst().drop { $0 == " " }) {
      throw python(file, name)
    }
    if isNetflix(bytes, window) {
      throw .otherShape(
        file: file, found: "the Netflix Prize's file of ratings under their movies",
        remedy: "bring it into rows first: awk -F, '/:$/{m=substr($0,1,length($0)-1);next}"
          + "BEGIN{print \"user,item,rating,date\"}{print $1\",\"m\",\"$2\",\"$3}' \(name) > ratings.csv")
    }
  }

  private static func refuseObject(
    _ bytes: Span<UInt8>, _ line: Range<Int>, _ window: Range<Int>, first: String, file: String, name: String
  ) throws(LogError) {
    if isPython(first) { throw python(file, name) }
    var scalars = 0
    var nested: [RowFields.Escape] = []
    var lists = 0
    var names: [String] = []
    let isObject = JSONScanner.members(of: bytes, line) { name, value in
      if names.count < 100 { names.append(String(decoding: Unescaping.bytes(bytes, name) ?? [], as: UTF8.self)) }
      if value.isNested { nested.append(value.escape) } else { scalars += 1 }
      if value.escape == .array { lists += 1 }
    }
    if isObject {
      let isOnly = !(line.upperBound..<window.upperBound).contains { !Byte.isSpace(bytes[$0]) }
      guard isOnly, scalars == 0, !nested.isEmpty else { return }
      if lists == 1, nested.count == 1 {
        throw .otherShape(
          file: file, found: "one JSON object around a list of events",
          remedy: "take the list out: jq -c '.[][]' \(name) > \(name).jsonl")
      }
      if !ColumnRole.isHeader(names) {
        throw .otherShape(
          file: file, found: "one JSON object with a member for each user",
          remedy: lists == nested.count
            ? "bring each user onto a line: jq -c 'to_entries[] | {user: .key, items: .value}' \(name) > \(name).jsonl"
            : "bring each item onto a line: jq -c 'to_entries[] | .key as $user | .value | to_entries[] "
              + "| {user: $user, item: .key, rating: .value}' \(name) > \(name).jsonl")
      }
      throw .otherShape(
        file: file, found: "a JSON object of columns, not of events",
        remedy:
          "convert it first: python3 -c \"import pandas; pandas.read_json('\(file)').to_csv('\(file).csv', index=False)\""
      )
    }
    if line.upperBound < window.upperBound, first.reversed().drop(while: \.isWhitespace).starts(with: ",}"),
      JSONScanner.value(of: bytes, from: line.lowerBound, to: line.upperBound)?.field.escape == .object
    {
      throw .otherShape(
        file: file, found: "JSON objects with commas behind them",
        remedy: "take the commas away: sed 's/,[[:space:]]*$//' \(name) > \(name).jsonl")
    }
    // The first line alone is no object: does it go on over several lines?
    let rest = first.dropFirst().drop { $0 == " " }
    if rest.isEmpty || rest.hasPrefix("\"") {
      let isWrapper = rest.hasSuffix("[") || String(rest).contains(": [{")
      throw .otherShape(
        file: file,
        found: isWrapper ? "one JSON object around a list of events" : "pretty-printed JSON, not one object per line",
        remedy: isWrapper
          ? "take the list out: jq -c '.[][]' \(name) > \(name).jsonl"
          : "bring each object onto a line of its own: jq -c . \(name) > \(name).jsonl")
    }
  }

  /// Whether a line begins like a dictionary of Python: quotes are single, also with `u` before them.
  private static func isPython(_ text: some StringProtocol) -> Bool {
    let rest = text.drop { "{ ".contains($0) }
    return text.hasPrefix("{") && (rest.hasPrefix("'") || rest.hasPrefix("u'") || rest.hasPrefix("u\""))
  }

  private static func python(_ file: String, _ name: String) -> LogError {
    .otherShape(
      file: file, found: "dictionaries as Python prints them, not JSON",
      remedy: "convert them first: python3 -c \"import sys, ast, json; "
        + "[print(json.dumps(ast.literal_eval(line))) for line in sys.stdin]\" < \(name) > \(name).jsonl")
  }

  /// Whether lines `1:`, `2:` … stand above lines of user, rating and date.
  private static func isNetflix(_ bytes: Span<UInt8>, _ window: Range<Int>) -> Bool {
    let end = Byte.endOfLine(bytes, window.lowerBound, window.upperBound)
    let first = Byte.excerpt(bytes, window.lowerBound..<end)
    guard first.count > 1, first.last == ":", first.dropLast().allSatisfy(\.isNumber) else { return false }
    let second = Byte.excerpt(bytes, end..<Byte.endOfLine(bytes, end, window.upperBound))
    return second.split(separator: ",").count == 3
  }
}
