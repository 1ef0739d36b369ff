/// Finds the separator under which the rows of a sample have one width, and whether their fields are quoted.
struct DialectRecognition {
  /// The reading that the evidence speaks for.
  let reading: DialectReading
  let format: LogFormat
  /// Whether rows have so different widths that they may be sequences.
  let isRagged: Bool

  /// - Throws: `LogError.unknownFormat` where no separator fits, `ambiguousSeparator` where several do.
  init(_ sample: LogSample, options: ReadingOptions, firstLine: String, file: String) throws(LogError) {
    let candidates = Self.candidates(options).filter { sample.holds($0) }
    let readings = candidates.map { Self.reading(sample, $0, options) }.filter { $0.width > 1 }
    var regular = readings.filter { $0.share >= 0.9 }
    // Blanks that stand around another separator make columns of it.
    regular.removeAll { $0.separator == .blanks && $0.holdsSeparatorsAlone }
    // A user and a list of items: what cuts the list cuts no columns. Blanks stand in the names of users, too.
    if let lists = regular.first(where: { list in
      list.separator != .blanks
        && regular.contains { $0.separator != list.separator && list.isUserAndList(cutAt: $0.separator) }
    }) {
      regular = [lists]
    }
    // Tabs are blanks, too, and blanks stand in names; cutting at blanks leaves a header without them in one piece.
    let others = regular.filter { $0.separator != .blanks }
    regular.removeAll { blanks in
      blanks.separator == .blanks
        && others.contains { other in
          other.separator == .tab || (other.firstRowFits && !blanks.firstRowFits)
            || other.typedColumns > blanks.typedColumns
        }
    }
    let chosen: DialectReading
    if regular.count == 1 {
      chosen = regular[0]
    } else if regular.isEmpty {
      guard let best = readings.max(by: { $0.share < $1.share }) else {
        if firstLine.count > 2, firstLine.first == "\"", firstLine.last == "\"",
          firstLine.dropFirst().dropLast().contains(where: { ",;\t|".contains($0) })
        {
          let name = ShellWord.quoted(file)
          throw .otherShape(
            file: file, found: "rows that stand in quotes as a whole",
            remedy: #"take the quotes away: sed -E 's/^"(.*)"/\1/; s/""/"/g' \#(name) > \#(name).csv"#)
        }
        throw .unknownFormat(file: file, firstLine: firstLine)
      }
      let rivals = readings.filter { $0.separator != best.separator && $0.share > best.share - 0.2 }
      // Blanks stand in many texts; they count only where nothing else cuts the rows.
      if let rival = rivals.first(where: { $0.separator != .blanks }), best.separator != .blanks, best.share < 0.9 {
        throw .ambiguousSeparator(file: file, separators: [best.separator, rival.separator])
      }
      chosen = best.separator == .blanks ? rivals.first ?? best : best
    } else {
      chosen = try Self.best(of: regular, file: file)
    }
    reading = chosen
    isRagged = chosen.share < 0.9
    format = options.format ?? Self.format(of: chosen, firstLine: firstLine)
  }

  private static func best(of regular: [DialectReading], file: String) throws(LogError) -> DialectReading {
    let scores = regular.map { reading in
      reading.soundColumns(besides: regular.map(\.separator).filter { $0 != reading.separator })
    }
    let top = scores.max() ?? 0
    let leaders = regular.indices.filter { scores[$0] == top }
    let others = regular.indices.filter { regular[$0].separator != .blanks }
    // Blanks win over no other separator that fits.
    if let leader = leaders.first, leaders.count == 1, regular[leader].separator != .blanks || others.isEmpty {
      return regular[leader]
    }
    throw .ambiguousSeparator(file: file, separators: regular.map(\.separator))
  }

  private static func candidates(_ options: ReadingOptions) -> [Separator] {
    if let separator = options.separator { return [separator] }
    switch options.format {
    case .csv: return [.comma, .semicolon, .pipe, .controlA]
    case .tsv, .recbole: return [.tab]
    case .movielens: return [.doubleColon]
    case .plain: return [.blanks]
    default: return [.tab, .comma, .semicolon, .doubleColon, .pipe, .controlA, .blanks]
    }
  }

  /// The sample under `separator`, quoted or not as fits better.
  private static func reading(_ sample: LogSample, _ separator: Separator, _ options: ReadingOptions) -> DialectReading
  {
    let mayQuote: Bool
    switch options.format {
    case .movielens, .plain, .recbole: mayQuote = false
    default: mayQuote = separator != .doubleColon
    }
    let isQuoted = options.quoting.map { $0 == .double }
    let isUsual: Bool
    switch separator {
    case .byte(let byte): isUsual = byte != Byte.tab
    case .doubleColon, .blanks: isUsual = false
    }
    if isQuoted != nil || !mayQuote || !sample.holdsQuotes {
      return DialectReading(sample, separator: separator, quotes: isQuoted ?? (mayQuote && isUsual))
    }
    let plain = DialectReading(sample, separator: separator, quotes: false)
    let quoted = DialectReading(sample, separator: separator, quotes: true)
    if quoted.quoted == 0, quoted.unsound == 0 { return isUsual ? quoted : plain }
    if quoted.unsound == 0 { return quoted.share >= plain.share ? quoted : plain }
    return quoted.share > plain.share ? quoted : plain
  }

  private static func format(of reading: DialectReading, firstLine: String) -> LogFormat {
    switch reading.separator {
    case .tab: isRecBole(firstLine) ? .recbole : .tsv
    case .doubleColon: .movielens
    case .blanks: .plain
    case .byte: .csv
    }
  }

  /// Whether the first line is a header of RecBole's, whose names have types.
  private static func isRecBole(_ line: String) -> Bool {
    line.contains(":")
      && line.split(separator: "\t").allSatisfy { name in
        ["token", "float", "token_seq", "float_seq"].contains(name.split(separator: ":").last.map(String.init))
      }
  }
}
