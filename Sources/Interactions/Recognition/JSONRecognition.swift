/// Finds how a log of JSON is written: objects or arrays, one per line or in one array over the whole file.
struct JSONRecognition {
  let plan: LogPlan
  let parser: any RowParser
  let expansion: RowExpansion?
  /// Where the first row begins, in the window.
  let start: Int

  /// nil where the log is no JSON.
  ///
  /// - Throws: `LogError` about the columns, or for an array that holds no rows.
  init?(
    _ bytes: Span<UInt8>, _ window: Range<Int>, sample: LogSample, options: ReadingOptions, file: String
  ) throws(LogError) {
    guard let first = window.first(where: { !Byte.isSpace(bytes[$0]) }) else {
      if options.format == .jsonl { throw .noRows(file: file) }
      return nil
    }
    let line = first..<Byte.endOfLine(bytes, first, window.upperBound)
    let isArrayFile: Bool
    switch bytes[first] {
    case Byte.openBrace: isArrayFile = false
    case Byte.openBracket: isArrayFile = Self.isArrayFile(bytes, line)
    default:
      if options.format == .jsonl { throw .notJSON(file: file, firstLine: Byte.excerpt(bytes, line)) }
      return nil
    }
    let (texts, head) = isArrayFile ? Self.elements(bytes, first + 1, window.upperBound) : Self.lines(sample)
    if bytes[first] == Byte.openBracket, texts.isEmpty, options.format == nil, !isArrayFile { return nil }
    start = isArrayFile ? first + 1 : window.lowerBound
    let table = JSONTable(texts)
    guard table.rowCount > 0 else {
      throw isArrayFile
        ? .malformedArray(file: file, line: 1) : .notJSON(file: file, firstLine: Byte.excerpt(bytes, line))
    }
    let isHeaderless = table.names.isEmpty
    let names = isHeaderless ? nil : table.names.map(\.shown)
    let profiles = table.columns.map(ColumnProfile.init)
    let headRows = table.isExpanded ? 0 : head
    let roles = try RoleAssignment(
      RoleAssignment.Evidence(
        names: names, profiles: profiles, headRows: headRows, format: .jsonl, options: options, file: file))
    var layout = LogLayout(
      format: isArrayFile ? .json : .jsonl, hasHeader: !isHeaderless, columns: [:], columnCount: profiles.count)
    let item = roles.position(of: .item) ?? 0
    let isArray = isHeaderless ? profiles[item].isBracketedList : table.names[item].isArray
    let isList = table.isExpanded || profiles[item].isBracketedList
    layout.holdsLists = isList ? true : nil
    plan = try LogPlan(roles, layout: layout)
    var keys = JSONKeys()
    var inner: [JSONKeys.Key] = []
    let slots = plan.slots
    if isHeaderless {
      keys.places = slots
    } else {
      for (name, slot) in zip(table.names, slots) where slot >= 0 {
        let key = JSONKeys.Key(slot: slot, path: name.path.map { Array($0.utf8) })
        if name.isInner { inner.append(key) } else { keys.members.append(key) }
      }
      if let list = table.list {
        keys.members.append(JSONKeys.Key(slot: ColumnRole.item.slot, path: list.map { Array($0.utf8) }))
      }
    }
    expansion =
      isList
      ? RowExpansion(style: table.isExpanded || isArray ? .json(inner: inner) : .text(separators: [Byte.comma])) : nil
    parser = isArrayFile ? JSONArrayParser(keys: keys) : JSONLinesParser(keys: keys)
  }

  /// Whether the array at the beginning of the file holds the rows, and is not a row itself.
  private static func isArrayFile(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
    var holdsRows = false
    let isWhole = JSONScanner.elements(of: bytes, line) { if $0.isNested { holdsRows = true } }
    if !isWhole { return true }
    // An array of scalars, or one of an id and a list, is a row.
    var first: RowFields.Field?
    _ = JSONScanner.elements(of: bytes, line) { if first == nil { first = $0 } }
    return holdsRows && first?.isNested == true
  }

  /// The elements of the array whose first begins at or behind `start`, as far as they are there.
  private static func elements(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> (texts: [[UInt8]], head: Int) {
    var texts: [[UInt8]] = []
    var at = start
    while texts.count < JSONTable.mostRows {
      while at < end, Byte.isSpace(bytes[at]) || bytes[at] == Byte.comma { at += 1 }
      guard let (value, next) = JSONScanner.value(of: bytes, from: at, to: end), value.isNested else { break }
      texts.append(value.range.map { bytes[$0] })
      at = next
    }
    return (texts, texts.count)
  }

  private static func lines(_ sample: LogSample) -> (texts: [[UInt8]], head: Int) {
    var texts: [[UInt8]] = []
    var head = 0
    for (index, section) in sample.sections.enumerated() {
      let most = index == 0 ? JSONTable.mostRows / 2 : JSONTable.mostRows / 4
      for line in section.split(separator: Byte.newline).prefix(most) { texts.append(Array(line)) }
      if index == 0 { head = texts.count }
    }
    return (texts, head)
  }
}

/// Sampled rows of JSON as a table: the members of objects by name, or the elements of arrays by place.
struct JSONTable {
  static let mostRows = 2_000
  private static let deepest = 4

  struct Name {
    /// What the column is called: the member's name, with those around it where another member is called the same.
    var shown: String
    /// The names of the member and of the objects around it, outermost first.
    let path: [String]
    /// Whether it is a member of the objects in a list.
    let isInner: Bool
    /// Whether it holds arrays.
    let isArray: Bool
  }

  private(set) var names: [Name] = []
  /// By column, the values; nothing for null and what is not there.
  private(set) var columns: [[[UInt8]]] = []
  private(set) var rowCount = 0
  /// The member that is a list of objects, of which each is an event.
  private(set) var list: [String]?
  var isExpanded: Bool { list != nil }

  private typealias Row = [(path: [String], value: [UInt8])]

  init(_ texts: [[UInt8]]) {
    var objects: [(row: Row, lists: [[String]: [Row]])] = []
    var arrays: [[[UInt8]]] = []
    for text in texts {
      let bytes = text.span
      guard let (value, next) = JSONScanner.value(of: bytes, from: 0, to: text.count),
        !(next..<text.count).contains(where: { !Byte.isSpace(text[$0]) })
      else { continue }
      if value.escape == .object {
        var row: Row = []
        var lists: [[String]: [Row]] = [:]
        Self.flatten(bytes, value.range, [], into: &row, lists: &lists)
        objects.append((row, lists))
      } else if value.escape == .array {
        var cells: [[UInt8]] = []
        _ = JSONScanner.elements(of: bytes, value.range) { cells.append(Self.text(bytes, $0)) }
        arrays.append(cells)
      }
    }
    if objects.count >= arrays.count { fill(objects) } else { fill(arrays) }
  }

  private mutating func fill(_ arrays: [[[UInt8]]]) {
    let width = arrays.map(\.count).max() ?? 0
    rowCount = arrays.count
    columns = (0..<width).map { column in arrays.map { column < $0.count ? $0[column] : [] } }
  }

  private mutating func fill(_ objects: [(row: Row, lists: [[String]: [Row]])]) {
    var rows = objects.map(\.row)
    let outer = Self.paths(rows)
    let arrays = Set(objects.flatMap(\.lists.keys))
    let lists = Set(objects.flatMap { $0.lists.filter { !$0.value.isEmpty }.keys })
    let namesItem = outer.contains { path in
      !lists.contains(path) && ColumnRole.item.position(in: [Self.last(of: path), path.joined(separator: ".")]) != nil
    }
    if !namesItem, lists.count == 1, let path = lists.first {
      // Each object in the list is an event, with what its row says of all of them.
      list = path
      rows = objects.flatMap { object in
        let row = object.row.filter { $0.path != path }
        return (object.lists[path] ?? []).map { inner in row + inner.map { (path + [""] + $0.path, $0.value) } }
      }
    }
    let paths = Self.paths(rows)
    let lasts = paths.map(Self.last)
    names = paths.enumerated().map { index, path in
      let isInner = list.map { path.count > $0.count && path[$0.count] == "" } ?? false
      let isAlone = lasts.count { $0 == lasts[index] } == 1
      let own = isInner ? Array(path[((list?.count ?? 0) + 1)...]) : path
      return Name(
        shown: isAlone ? lasts[index] : path.filter { !$0.isEmpty }.joined(separator: "."), path: own, isInner: isInner,
        isArray: arrays.contains(path))
    }
    rowCount = rows.count
    var places: [[String]: Int] = [:]
    for (index, path) in paths.enumerated() { places[path] = index }
    columns = Array(repeating: Array(repeating: [], count: rows.count), count: paths.count)
    for (number, row) in rows.enumerated() {
      for (path, value) in row { columns[places[path]!][number] = value }
    }
  }

  /// The name of a member; of `{"$oid": …}`, as MongoDB writes types, that of the object.
  private static func last(of path: [String]) -> String {
    guard let last = path.last else { return "" }
    return last.hasPrefix("$") && path.count > 1 ? path[path.count - 2] : last
  }

  /// All paths in the order of their first appearance.
  private static func paths(_ rows: [Row]) -> [[String]] {
    var seen = Set<[String]>()
    return rows.flatMap { $0.map(\.path) }.filter { seen.insert($0).inserted }
  }

  private static func flatten(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ path: [String], into row: inout Row, lists: inout [[String]: [Row]]
  ) {
    var members: [(name: String, value: RowFields.Field)] = []
    _ = JSONScanner.members(of: bytes, range) { name, value in
      members.append((String(decoding: Unescaping.bytes(bytes, name) ?? [], as: UTF8.self), value))
    }
    for (name, value) in members {
      let path = path + [name]
      if value.escape == .object, path.count < deepest {
        flatten(bytes, value.range, path, into: &row, lists: &lists)
      } else {
        row.append((path, text(bytes, value)))
        if value.escape == .array { lists[path] = objects(bytes, value.range) }
      }
    }
  }

  /// The objects in a list; none where it holds anything else.
  private static func objects(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [Row] {
    var rows: [Row] = []
    var holdsOthers = false
    _ = JSONScanner.elements(of: bytes, range) { element in
      guard element.escape == .object else {
        holdsOthers = true
        return
      }
      var row: Row = []
      var lists: [[String]: [Row]] = [:]
      flatten(bytes, element.range, [], into: &row, lists: &lists)
      rows.append(row)
    }
    return holdsOthers ? [] : rows
  }

  private static func text(_ bytes: Span<UInt8>, _ field: RowFields.Field) -> [UInt8] {
    field.isNested ? field.range.map { bytes[$0] } : Unescaping.bytes(bytes, field) ?? []
  }
}
