import ArgumentParser
import Interactions

/// What a person may say about a log file, the same for every command that reads one.
struct LogOptions: ParsableArguments {
  @Option(help: "How the log is written; recognised by itself where left out.")
  var format: LogFormat?

  @Option(
    help: ArgumentHelp(
      "Which columns are the user, the item, the time and the group: by name, or by number from 1; time=none and group=none leave one out.",
      valueName: "user=…,item=…,time=…,group=…"),
    transform: { try ColumnSelection($0) })
  var columns = ColumnSelection()

  @Option(help: "The table that holds the log, in an SQLite database.")
  var table: String?

  @Option(
    help: ArgumentHelp("The greatest share of bad rows to go on with, such as 2% or 0.02.", valueName: "share"),
    transform: LogOptions.share)
  var maxBad = 0.01

  var reading: ReadingOptions {
    ReadingOptions(format: format, columns: columns, table: table, maximumBadShare: maxBad)
  }

  private static func share(_ text: String) throws -> Double {
    let isPercent = text.hasSuffix("%")
    guard let number = Double(isPercent ? String(text.dropLast()) : text),
      (0...1).contains(isPercent ? number / 100 : number)
    else { throw ValidationError("\"\(text)\" is no share of rows; write it as 2% or 0.02") }
    return isPercent ? number / 100 : number
  }
}

extension LogFormat: ExpressibleByArgument {}
