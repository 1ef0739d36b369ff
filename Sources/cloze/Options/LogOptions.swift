import ArgumentParser
import Interactions

/// How a log file is to be understood, the same for every command that reads one.
struct LogOptions: ParsableArguments {
  @Option(help: "The format of the log; recognized if not given.")
  var format: LogFormat?

  @Option(
    help: ArgumentHelp(
      """
      Which columns are the user, the item, the time, the group, the kind and the rating: by name, or by number from 1; \
      time=none leaves one out, time=DATE+CLOCK joins two, items=… holds lists.
      """, valueName: "user=…,item=…,time=…"),
    transform: { try ColumnSelection($0) })
  var columns: ColumnSelection?

  @Option(help: "The table that holds the log, in an SQLite database.")
  var table: String?

  @Option(
    help: ArgumentHelp(
      "The greatest share of bad rows to accept, such as 2% or 0.02; 1% if not given.", valueName: "share"),
    transform: LogOptions.share)
  var maxBad: Double?

  @Option(help: ArgumentHelp("Whether the first row names the columns: yes or no.", valueName: "yes|no"))
  var header: HeaderChoice?

  @Option(
    help: ArgumentHelp("What stands between columns: a character, tab, blanks or '::'.", valueName: "separator"),
    transform: LogOptions.separator)
  var separator: Separator?

  @Option(help: "Whether fields stand in double quotes, or a quote is text.")
  var quote: Quoting?

  @Option(help: "What stands before the decimals of numbers that a filter compares.")
  var decimal: DecimalMark?

  @Option(help: ArgumentHelp("What the numbers of the time column count.", valueName: "unit"))
  var timeUnit: TimeUnit?

  @Option(
    help: ArgumentHelp(
      """
      How times are written: iso8601, yyyymmdd, day/month/year, month/day/year, year/month/day, month-name, mmdd, excel, \
      or a pattern such as '%d.%m.%y %H:%M'.
      """, valueName: "format"), transform: LogOptions.timeForm)
  var timeFormat: TimeForm?

  @Option(
    help: """
      Whether words such as NULL and nan where an id should stand mean that it is missing, as they do if it is not given.
      """)
  var missing: ReadingOptions.Missing?

  @Option(help: "Whether ids are taken as written, as they are if it is not given, or 20.0 is 20.")
  var ids: ReadingOptions.IDs?

  @Option(
    help: ArgumentHelp("Take only events of these kinds, such as purchase,cart.", valueName: "kinds"),
    transform: { $0.split(separator: ",").map(String.init) })
  var events: [String]?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Take only events with at least this rating.", valueName: "number"))
  var minRating: Double?

  @Option(
    help: ArgumentHelp(
      "Take only events of which this holds, such as event=purchase or 'price>=10'; several must all hold.",
      valueName: "condition"), transform: { try EventFilter.Condition($0) })
  var `where`: [EventFilter.Condition] = []

  /// What the options say of a first row.
  enum HeaderChoice: String, ExpressibleByArgument, CaseIterable {
    case yes, no
  }

  func validate() throws {
    if timeUnit != nil, timeFormat != nil {
      throw ValidationError("--time-unit and --time-format exclude each other; give one")
    }
    if events?.isEmpty == true { throw ValidationError("--events needs kinds, such as purchase,cart") }
  }

  var reading: ReadingOptions { LogSettings(changes.list).reading }

  /// The options that were given.
  var changes: LogSettings.Changes {
    var changes = LogSettings.Changes()
    changes.add("--format", open: \.reading.format, format, text: format?.rawValue)
    changes.add("--columns", \.reading.columns, columns)
    changes.add("--table", open: \.reading.table, table)
    changes.add("--max-bad", \.reading.maximumBadShare, maxBad, decidesHistories: false)
    changes.add("--header", open: \.reading.hasHeader, header.map { $0 == .yes }, text: header?.rawValue)
    changes.add("--separator", open: \.reading.separator, separator, text: separator?.rawValue)
    changes.add("--quote", open: \.reading.quoting, quote, text: quote?.rawValue)
    changes.add("--decimal", open: \.reading.decimal, decimal, text: decimal?.rawValue)
    changes.add("--time-unit", open: \.reading.timeForm, timeUnit.map { .unix($0) }, text: timeUnit?.rawValue)
    changes.add("--time-format", open: \.reading.timeForm, timeFormat, text: timeFormat?.rawValue)
    changes.add("--missing", \.reading.missing, missing, text: missing?.rawValue)
    changes.add("--ids", \.reading.ids, ids, text: ids?.rawValue)
    changes.add("--events", open: \.reading.filter.kinds, events, text: events?.joined(separator: ","))
    changes.add("--min-rating", open: \.reading.filter.minimumRating, minRating)
    let conditions = `where`.map(\.description).joined(separator: " --where ")
    changes.add("--where", \.reading.filter.conditions, `where`.isEmpty ? nil : `where`, text: conditions)
    return changes
  }

  static func separator(_ text: String) throws -> Separator {
    guard let separator = Separator(rawValue: text) else {
      throw ValidationError("\"\(text)\" is no separator; give one character, tab, blanks or '::'")
    }
    return separator
  }

  private static func timeForm(_ text: String) throws -> TimeForm {
    guard let form = TimeForm(rawValue: text) else {
      throw ValidationError(
        "\"\(text)\" is no form of time; give a pattern such as '%d.%m.%Y %H:%M', or iso8601, yyyymmdd, day/month/year, "
          + "month/day/year, year/month/day, month-name, mmdd or excel")
    }
    return form
  }

  static func share(_ text: String) throws -> Double {
    let isPercent = text.hasSuffix("%")
    guard let number = Double(isPercent ? String(text.dropLast()) : text),
      (0...1).contains(isPercent ? number / 100 : number)
    else { throw ValidationError("\"\(text)\" is no share of rows; write it as 2% or 0.02") }
    return isPercent ? number / 100 : number
  }
}

extension LogFormat: ExpressibleByArgument {}
extension Quoting: ExpressibleByArgument {}
extension DecimalMark: ExpressibleByArgument {}
extension TimeUnit: ExpressibleByArgument {}
extension ReadingOptions.Missing: ExpressibleByArgument {}
extension ReadingOptions.IDs: ExpressibleByArgument {}
