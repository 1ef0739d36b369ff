import Foundation
import Interactions
import Testing

/// What is no log says so in one sentence.
@Suite struct RefusalTests {
  @Test func aMissingFileAndAnEmptyFile() throws {
    let missing = #expect(throws: LogError.self) { try LogReader("/nowhere/log.csv") }
    #expect(missing?.description == "/nowhere/log.csv does not exist; check the path")
    #expect(try TemporaryLog("").failure() == "LOG is empty; a log has one line per event")
    #expect(try TemporaryLog("user,item\n").failure() == "LOG has a header but no rows; a log has one line per event")
  }

  @Test func latin1IsRefusedWithAHint() throws {
    var data = Data("user,item\nann,x\nbob,Caf".utf8)
    data.append(contentsOf: [0xE9, 0x0A])
    #expect(
      try TemporaryLog(data).failure() == """
        LOG, line 3, byte 8: 0xE9 is not UTF-8; if the file is Windows-1252 or Latin-1, convert it first: \
        iconv -f WINDOWS-1252 -t UTF-8 LOG > LOG.utf8
        """)
  }

  @Test func latin1FarBehindTheFirstChunkIsFoundOnItsLine() throws {
    var data = Data(("user,item\n" + String(repeating: "ann,é\n", count: 300_000)).utf8)
    data.append(contentsOf: [0x62, 0x2C, 0xFF, 0x0A])
    #expect(try TemporaryLog(data).failure().hasPrefix("LOG, line 300002, byte 3: 0xFF is not UTF-8"))
  }

  @Test(arguments: [
    (
      Data("SQLite format 3\0".utf8),
      "an SQLite database, not a text log; name the table that holds the log with --table"
    ),
    (
      Data([0x50, 0x4B, 3, 4, 0]),
      "a damaged zip archive: its directory is missing; copy or download it again"
    ),
    (
      Data("PAR1".utf8),
      "a Parquet file, not a text log; convert it first: python3 -c \"import pandas; "
        + "pandas.read_parquet('LOG').to_csv('LOG.csv', index=False)\""
    ),
    (
      Data([0xFF, 0xFE, 0x75, 0]),
      "UTF-16 text, not a text log; convert it first: iconv -f UTF-16 -t UTF-8 LOG > LOG.utf8"
    ),
  ])
  func otherFilesAreCalledByTheirName(data: Data, remedy: String) throws {
    #expect(try TemporaryLog(data).failure() == "LOG is " + remedy)
  }

  @Test func aTextThatIsNoLogSaysWhatFormatsThereAre() throws {
    #expect(
      try TemporaryLog("Dear\nreader\n").failure() == """
        LOG, line 1: "Dear" fits no known format; expected columns separated by commas, tabs, '::' or blanks, or one \
        JSON object per line; name it with --format csv|tsv|movielens|jsonl|json|recbole|plain|sequences|sqlite
        """)
  }

  @Test func tooManyBadRowsStopWithTheFirstOfThem() throws {
    let log = try TemporaryLog("user,item,time\nann,x,1700000000\nann,y,later\nbob,,1700000000\n")
    #expect(
      log.failure() == """
        LOG: 2 of 3 rows are bad (66.67%), more than the 1% allowed; the first is line 3, column 3: the time is in no \
        form that is known, or not in the one that was named: ann,y,later; mend them or allow more with --max-bad
        """)
    #expect(log.failure(ReadingOptions(maximumBadShare: 0.67)) == "no error")
  }
}
