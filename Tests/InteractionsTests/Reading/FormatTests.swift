import Foundation
import Interactions
import Testing

/// One small log in every format: the same events must come out of each.
@Suite struct FormatTests {
  private static let expected = ["ann: x z", "bob: y"]

  @Test(arguments: [
    ("csv", "userId,movieId,rating,timestamp\nann,z,4.0,1700000100\nbob,y,3.5,1700000050\nann,x,1,1700000000\n"),
    ("csv", "ann,z,4.0,1700000100\nbob,y,3.5,1700000050\nann,x,1,1700000000\n"),
    ("csv", "user;item;time\nann;z;1700000100\nbob;y;1700000050\nann;x;1700000000"),
    ("tsv", "ann\tz\t4\t1700000100\nbob\ty\t3\t1700000050\nann\tx\t1\t1700000000\n"),
    ("tsv", "item_id\tts\tuser_id\nz\t1700000100\tann\ny\t1700000050\tbob\nx\t1700000000\tann\n"),
    ("movielens", "ann::z::4::1700000100\nbob::y::3::1700000050\nann::x::1::1700000000\n"),
    (
      "recbole",
      "user_id:token\titem_id:token\trating:float\ttimestamp:float\nann\tz\t4.0\t1700000100.0\nbob\ty\t3\t1700000050.0\nann\tx\t1\t1.7e9\n"
    ),
    (
      "jsonl",
      #"""
      {"user": "ann", "asin": "z", "ts": 1700000100}
      {"asin": "y", "deep": [{"user": 1}, "]"], "user": "bob", "ts": "1700000050"}
      {"user": "\u0061nn", "asin": "x", "rating": null, "ts": 1700000000.0}
      """#
    ),
    ("plain", "ann x\nbob y\nann z\n"),
    ("plain", "  ann\t x \nbob  y\n\nann z"),
  ])
  func everyFormatGivesTheSameHistories(format: String, text: String) throws {
    let (log, report) = try TemporaryLog(text, name: "log").read()
    #expect(report.layout.format.rawValue == format)
    #expect(log.text.sorted() == Self.expected)
    #expect(report.rows.used == 3)
    #expect(report.rows.dropped == 0)
  }

  @Test func namingTheFormatOverrulesWhatTheLinesLookLike() throws {
    let (log, _) = try TemporaryLog("a,b 1\nc,d 2\n").read(ReadingOptions(format: .plain))
    #expect(log.text == ["a,b: 1", "c,d: 2"])
  }

  @Test func columnsMayBeNamedOrNumbered() throws {
    let file = try TemporaryLog("who,what,when,cart\nann,x,1700000000,c1\nann,y,1700000001,c1\n")
    let named = try file.read(ReadingOptions(columns: ColumnSelection("user=who,item=what,time=when,group=cart")))
    let numbered = try file.read(ReadingOptions(columns: ColumnSelection("user=1,item=2,time=3,group=4")))
    #expect(named.log == numbered.log)
    #expect(named.log.text == ["ann: x y"])
    #expect(named.log.groups == [0, 0])
  }

  @Test func aColumnCanBeLeftOut() throws {
    let file = try TemporaryLog("user,item,time\nann,x,1700000002\nann,y,1700000001\n")
    let (log, report) = try file.read(ReadingOptions(columns: ColumnSelection("time=none")))
    #expect(log.times == nil)
    #expect(report.timeForm == nil)
    #expect(log.text == ["ann: x y"])
  }

  @Test func quotesHoldSeparatorsLineEndsAndQuotes() throws {
    let text =
      "\u{FEFF}\"user\",item,\"time\"\r\n\"ann, the \"\"first\"\"\",\"a\r\nb\",1700000000\r\nbob,5\" disk,\"1700000001\"\r\nbob,\"\",1700000001\r\n"
    let (log, report) = try TemporaryLog(text).read()
    #expect(log.users.names == ["ann, the \"first\"", "bob"])
    #expect(log.items.names == ["a\r\nb", "5\" disk"])
    #expect(report.firstBadRows.map(\.line) == [5])
    #expect(report.firstBadRows.map(\.reason) == [.missingItem])
  }

  @Test func aRowMayCrossTheChunksItIsReadIn() throws {
    var text = "user,item,time\n"
    for row in 0..<60_000 {
      text +=
        row % 7 == 0
        ? "\"u\n\(row % 100)\",item \(row % 1000),\(1_700_000_000 + row)\n"
        : "u\(row % 100),\(row % 1000),\(1_700_000_000 + row)\n"
    }
    let (log, report) = try TemporaryLog(text).read()
    #expect(report.rows.used == 60_000)
    #expect(report.rows.dropped == 0)
    #expect(log.eventCount == 60_000)
    #expect(log.userCount == 200)
  }

  @Test func gzipIsUnpackedAndADamagedOneIsRefused() throws {
    // printf 'user,item,time\nann,x,1700000000\nbob,y,1700000001\n' | gzip -n9 | base64
    let packed = try #require(
      Data(base64Encoded: "H4sIAAAAAAACAystTi3SySxJzdUpycxN5UrMy9Op0DE0N4ACrqT8JJ1KhIAhFwAsvX6fMQAAAA=="))
    #expect(try TemporaryLog(packed).read().log.text == ["ann: x", "bob: y"])
    #expect(try TemporaryLog(packed + packed).read().report.rows.read == 5)
    let half = try TemporaryLog(packed.prefix(40), name: "log.gz")
    #expect(half.failure() == "LOG is a damaged gzip file: unexpected end of file; copy or download it again")
    var wrong = packed
    wrong[wrong.count - 6] ^= 1
    #expect(
      try TemporaryLog(wrong).failure() == "LOG is a damaged gzip file: incorrect data check; copy or download it again"
    )
    #expect(try TemporaryLog(packed + Data("rest".utf8)).read().report.rows.read == 2)
  }
}
