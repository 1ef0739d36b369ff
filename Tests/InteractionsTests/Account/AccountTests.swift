import Foundation
import Interactions
import Testing

@Suite struct AccountTests {
  @Test func everyRowIsUsedOrDroppedForAReason() throws {
    let text = """
      user,item,time
      ann,x,1700000000
      ,x,1700000000
      ann, ,1700000000
      ann,x
      ann,x,1700000000,more
      "ann"s,x,1700000000
      ann,x,never
      ann,x,
      bob,"y
      """
    var options = ReadingOptions()
    options.quoting = .double
    let report = try TemporaryLog(text).read(options).report
    #expect(report.rows.read == 9)
    #expect(report.rows.used == 1)
    #expect(
      report.rows.droppedByReason == [
        .missingUser: 1, .missingItem: 1, .columnCount: 2, .strayQuote: 1, .unreadableTime: 1, .missingTime: 1,
        .openQuote: 1,
      ])
    #expect(report.firstBadRows.map(\.line) == [3, 4, 5, 6, 7, 8, 9, 10])
    #expect(report.firstBadRows.map(\.column) == [1, 2, 2, 4, 1, 3, 3, nil])
    #expect(report.firstBadRows.last?.text == "bob,\"y")
    #expect(
      report.firstBadRows[5].description
        == "line 8, column 3: the time is in no form that is known, or not in the one that was named: ann,x,never")
  }

  @Test func jsonThatIsBrokenIsQuarantined() throws {
    let text = """
      {"user": "ann", "item": "x"}
      {"user": "ann", "item": }
      {"user": "ann", "item": "\\ud800"}
      {"user": "ann", "item": {"id": 3}}
      {"user": null, "item": "x"}
      [1, 2]
      {"user": 12, "item": "tab\\tquote\\" \\ud83d\\ude00"}
      """
    let (log, report) = try TemporaryLog(text).read()
    #expect(report.rows.droppedByReason == [.malformedJSON: 3, .missingItem: 1, .missingUser: 1])
    #expect(report.firstBadRows.map(\.line) == [2, 3, 4, 5, 6])
    #expect(log.text == ["ann: x", "12: tab\tquote\" 😀"])
  }

  /// Times may have no difference, counts may be below zero.
  @Test func numbersOfADamagedRecordAreAny() throws {
    let rows = (0..<200).map { "u\($0 % 7),i\($0 % 5),\(1_700_000_000 + $0 * 600)\n" }.joined()
    var record = String(
      decoding: try JSONEncoder().encode(try TemporaryLog("user,item,time\n" + rows).read().report), as: UTF8.self)
    record.replace(#/"firstTime":\d+/#, with: "\"firstTime\":\(Int64.max)")
    record.replace(#/"lastTime":\d+/#, with: "\"lastTime\":\(Int64.min)")
    record.replace("\"columnCount\":3", with: "\"columnCount\":\(Int.min)")
    let summary = try JSONDecoder().decode(ReadingSummary.self, from: Data(record.utf8))
    #expect(summary.findings.lastTime == .min && summary.layout.unusedCount == 0)
    #expect(!summary.warnings.contains { $0.contains("within a minute") })
  }

  @Test func whatStandsOutIsCounted() throws {
    let text = """
      user,item,time
      ann,x,1700000005
      ann,y,1700000005
      ann,y,1700000005
      ann,z,1700000001
      bob,x,1700000005
      Bob,"X ",1700000009
      cat,naïve,1700000002
      cat,NAÏVE,1700000003
      """
    let findings = try TemporaryLog(text).read().report.findings
    #expect(findings.users == 4)
    #expect(findings.items == 6)
    #expect(findings.usersWithOneEvent == 2)
    #expect(findings.itemsWithOneEvent == 4)
    #expect(findings.duplicates == 1)
    #expect(findings.equalTimes == 3)
    #expect(findings.unsorted == 1)
    #expect(findings.firstTime == 1_700_000_001_000_000)
    #expect(findings.lastTime == 1_700_000_009_000_000)
    #expect(findings.similarUsers.examples == [["bob", "Bob"]])
    #expect(findings.similarItems.examples == [["x", "X "], ["naïve", "NAÏVE"]])
  }

  /// The same counts from memory alone and from a memory so small that everything goes through the file.
  @Test(arguments: [1, 3, 17, 1_000, 1 << 21])
  func repeatsAreCountedExactlyInAnyMemory(limit: Int) throws {
    var counter = RepeatCounter(limit: limit)
    var occurrences: [UInt64: Int] = [:]
    for number in 0..<UInt64(5_000) {
      let key = RepeatCounter.mix(number * number % 997) >> (number % 3 == 0 ? 0 : 1)
      occurrences[key, default: 0] += 1
      try counter.add(key)
    }
    for _ in 0..<3 { try counter.add(0) }
    let found = try counter.count()
    #expect(found.repeated == occurrences.values.reduce(0) { $0 + $1 - 1 } + 2)
    #expect(found.shared == occurrences.values.filter { $0 > 1 }.reduce(0, +) + 3)
  }

  @Test func theTextSaysHowTheLogWasUnderstood() throws {
    let log = try TemporaryLog("user,item,time\nann,x,1700000000\nann,y,1700000000\nbob,x,soon\n")
    var reader = try LogReader(log.path)
    let text = try reader.readLog(maximumBadShare: 1).report.description.replacingOccurrences(of: log.path, with: "LOG")
    #expect(
      text == """
        LOG: CSV with header
          columns               user = user, item = item, time = time (Unix seconds)
          rows read             3
          used                  2
          dropped               1 (33.33%)
            of these            1: the time is in no form that is known, or not in the one that was named
            bad row             line 4, column 3: the time is in no form that is known, or not in the one that was named: bob,x,soon
          users                 1, with one event 0
          items                 2, with one event 2
          times                 Unix seconds, 2023-11-14T22:13:20Z to 2023-11-14T22:13:20Z
          duplicates            0, same user, item and time as an earlier row
          equal times           2 (100%), another event of the same user has the same time
          unsorted              0, earlier than the same user's row before
          look-alike users      0
          look-alike items      0
          content SHA-256       a18233de181cacbcb0cd3a2d51eb66ef300687532cf9f0390571907ed24d2e74
        """)
  }

  @Test(arguments: [-1, Int.min, Int.max])
  func countsThatNoLogHasAreRefused(count: Int) {
    for text in [
      #"{"used": \#(count), "droppedByReason": {}, "leftOut": 0}"#,
      #"{"used": 1, "droppedByReason": {"missingItem": \#(count)}, "leftOut": 0}"#,
      #"{"used": 1, "droppedByReason": {}, "leftOut": \#(count)}"#,
    ] {
      #expect(throws: DecodingError.self) { try JSONDecoder().decode(RowStatistics.self, from: Data(text.utf8)) }
    }
    #expect(Percentage.text(Double(count)).hasSuffix("%"))
  }
}
