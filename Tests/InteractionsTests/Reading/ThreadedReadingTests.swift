import Foundation
import Interactions
import TestSupport
import Testing

/// A log is read the same by any number of threads.
@Suite struct ThreadedReadingTests {
  private let folder: URL

  init() throws {
    folder = TestFolder.url.appendingPathComponent("cloze-threads-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  private func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: folder.appendingPathComponent(name))
  }

  /// All that reading comes to: batches with their bad rows, ids, events, the summary or the error.
  private struct Outcome: Equatable {
    var batches: [EventBatch] = []
    var badRows: [[BadRow]] = []
    /// Rows read so far.
    var reached: [Int] = []
    var ids: [[Identifier]] = []
    var summary: ReadingSummary?
    var error = "none"
  }

  private func outcome(threads: Int, _ options: ReadingOptions = .init()) -> Outcome {
    var outcome = Outcome()
    do {
      var known = KnownIdentifiers()
      for name in ["u9", "u2"] { known.users.insert(Identifier(name)) }
      var reader = try LogReader(folder.path, options: options, identifiers: known, threads: threads, chunk: 4_096)
      outcome.summary = try reader.readAll { assembler, progress in
        outcome.batches.append(assembler.events)
        outcome.badRows.append(assembler.badRows)
        outcome.reached.append(progress.rows)
      }
      let ids = reader.assembler.identifiers
      outcome.ids = [ids.users, ids.items, ids.groups].map { table in (0..<table.count).map { table[$0] } }
    } catch {
      outcome.error = "\(error)".replacingOccurrences(of: folder.path + "/", with: "")
    }
    return outcome
  }

  /// What one thread reads, once it is sure that others read the same.
  private func commonOutcome(_ options: ReadingOptions = .init()) -> Outcome {
    let expected = outcome(threads: 1, options)
    for threads in [2, 7] {
      let found = outcome(threads: threads, options)
      #expect(found.error == expected.error, "\(threads) threads")
      #expect(found.summary == expected.summary, "\(threads) threads")
      #expect(found == expected, "\(threads) threads")
    }
    return expected
  }

  private static let header = "user,item,basket,time,event,note\n"

  private static func row(_ number: Int, note: String = "") -> String {
    "u\(number * 7 % 23),i\(number * number % 31),b\(number / 3),\(1_700_000_000 + number * 37 % 101),"
      + "\(["view", "buy"][number % 2]),\(note)\n"
  }

  /// Makes rows so long that windows of 8 KB have some thirty.
  private static let long = String(repeating: "x", count: 240)
  /// Makes rows of 30 lines, which windows cut.
  private static let lines = "\"" + String(repeating: "a line of a note\n", count: 29) + "end\""

  @Test func manyFilesWithBadRowsAndRepeats() throws {
    for file in 0..<13 {
      var text = Self.header + (0..<20).map { Self.row(file * 17 + $0) }.joined()
      if file % 3 == 1 { text += "u1,,b1,1700000000,view,\nNULL,i1,b1,1700000000,buy,\nu1,i1,b1,soon,view,\n" }
      if file % 5 == 2 { text += Self.header + "u1,i1\n\n" }
      let name = String(format: "%02d.csv", file)
      try file == 4 ? write(name + ".gz", PackedBytes.gzip(Array(text.utf8))) : write(name, text)
    }
    try write("05-empty.csv", "")
    try write("06-only-header.csv", Self.header)
    var options = ReadingOptions()
    let all = commonOutcome(options)
    #expect(all.error == "none" && all.batches.count == 14 && all.ids[0].first == "u9")
    #expect(all.summary?.rows.dropped == 18 && all.summary?.findings.duplicates ?? 0 > 0)
    options.filter = EventFilter(kinds: ["buy"])
    #expect(commonOutcome(options).summary?.rows.leftOut ?? 0 > 100)
    options.filter = EventFilter(kinds: ["buy", "return"])
    #expect(commonOutcome(options).error.contains("return"))
  }

  @Test func windowsOfOneFileAndRowsThatGoOnBehindThem() throws {
    let rows = (0..<140).map { Self.row($0, note: Self.long) + ($0 % 29 == 5 ? "u1,i1,b1,never,view,\n" : "") }
    try write("1.csv", Self.header + rows.joined())
    let notes = (0..<160).map { Self.row($0, note: $0 < 40 ? Self.long : Self.lines) }
    try write("2.csv", Self.header + notes.joined() + "u1,i1,b1,1700000000,view,\nu1,,b1,1700000000,view,\n")
    try write("3.csv", Self.header + rows.joined())
    let read = commonOutcome()
    #expect(read.error == "none" && read.summary?.rows.used == 140 + 161 + 140)
    #expect(read.badRows.joined().map(\.line) == [8, 38, 68, 98, 128, 3_643, 8, 38, 68, 98, 128])
  }

  @Test func aQuoteThatIsLeftOpenSpoilsItsLineAlone() throws {
    let rows = (0..<140).map { Self.row($0, note: $0 == 30 || $0 == 77 ? "\"open" : "\"\(Self.long)\"") }
    try write("1.csv", Self.header + rows.joined())
    var options = ReadingOptions()
    options.quoting = .double
    #expect(commonOutcome(options).summary?.rows.droppedByReason[.openQuote] == 2)
  }

  @Test(arguments: [
    (3, "2024-01-01", "3.csv, line 72: the time \"2024-01-01\" is in ISO 8601"), (4, "17\u{0}", "none"),
  ])
  func anotherFormOfTimesAndBytesThatAreNoText(file: Int, time: String, error: String) throws {
    for number in 1...5 {
      var rows = (0..<90).map { Self.row($0, note: Self.long) }
      if number == file { rows[70] = "u1,i1,b1,\(time),view,\n" }
      try write("\(number).csv", Self.header + rows.joined())
    }
    #expect(commonOutcome().error.hasPrefix(error))
    // What stands behind it in the order of the files is not reported before it.
    var bytes = Array((Self.header + (0..<90).map { Self.row($0, note: Self.long) }.joined()).utf8)
    bytes[bytes.count - 100] = 0xff
    try write("4.csv", bytes)
    try write("5.csv", "user;item\n1;2\n")
    #expect(commonOutcome().error.hasPrefix(file == 3 ? error : "4.csv, line 91, byte "))
  }

  /// The beginning of a gzip file of these bytes.
  private static func cutGzip(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    var packed: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
    for start in stride(from: 0, to: bytes.count, by: 5_000) {
      let part = bytes[start..<min(bytes.count, start + 5_000)]
      packed += [0] + PackedBytes.little(part.count, 2) + PackedBytes.little(part.count ^ 0xffff, 2) + part
    }
    return packed
  }

  @Test func aDamagedFileAndAForeignHeaderAreReportedInTheirTurn() throws {
    let rows = (0..<60).map { Self.row($0, note: Self.long) }
    try write("1.csv", Self.header + rows.joined())
    try write("2.csv.gz", Self.cutGzip(Self.header + rows.joined()))
    try write("3.csv", "user;item\n1;2\n")
    let read = commonOutcome()
    #expect(read.error.hasPrefix("2.csv.gz is a damaged gzip file: unexpected end") && read.batches.count > 3)
    // Windows of the damaged file that cut a row are read again, up to where it ends.
    let notes = (0..<100).map { Self.row($0, note: Self.lines) }
    try write("2.csv.gz", Self.cutGzip(Self.header + rows.joined() + notes.joined()))
    #expect(commonOutcome().error == read.error)
    _ = try FileManager.default.removeItem(at: folder.appendingPathComponent("2.csv.gz"))
    #expect(commonOutcome().error.hasPrefix("3.csv is not written like 1.csv: its first row is \"user;item\""))
  }
}
