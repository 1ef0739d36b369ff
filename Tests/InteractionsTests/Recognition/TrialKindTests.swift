import Foundation
import Interactions
import Testing

/// One test per way in which a log was once read as another one.
@Suite struct TrialKindTests {
  private func read(_ text: String, name: String = "log.csv", _ change: (inout ReadingOptions) -> Void = { _ in })
    throws -> (log: InteractionLog, summary: ReadingSummary)
  {
    var options = ReadingOptions()
    change(&options)
    let (log, report) = try TemporaryLog(text, name: name).read(options)
    return (log, report)
  }

  private func rows(_ count: Int, _ row: (Int) -> String) -> String { (0..<count).map { row($0) + "\n" }.joined() }

  // MARK: Columns

  @Test(arguments: [
    "t_dat", "eventdate", "event_timestamp", "order_purchase_timestamp", "listened_at", "purchase_date",
    "TRANSACTION_DT",
    "server_time", "endTime", "utc_time", "played_at", "when_it_was", "x",
  ])
  func timesAreFoundUnderAnyName(name: String) throws {
    let (log, summary) = try read("user,item,\(name)\na,third,2024-01-03\na,second,2024-01-02\na,first,2024-01-01\n")
    #expect(log.text == ["a: first second third"])
    #expect(summary.shortLines[0].contains("time = \(name) (ISO 8601"))
  }

  @Test func twoColumnsOfTimesAreRefusedWithBothNamed() throws {
    let text = "user,item,seen,left_at_last\na,x,2024-01-03,2024-01-01\na,y,2024-01-02,2024-01-05\n"
    #expect(
      try TemporaryLog(text.replacing("left_at_last", with: "noted")).failure()
        == "LOG: \"seen\" and \"noted\" can each be the time; say which: --columns time=seen or --columns time=noted")
  }

  @Test func withoutTimesTheOrderOfTheRowsIsSaidToCount() throws {
    let (log, summary) = try read("user,item\na,x\na,y\nb,x\n")
    #expect(log.times == nil)
    #expect(summary.shortLines[0].hasSuffix("; no time column, so the order of the rows counts; 3 events"))
  }

  @Test func attributesOfItemsAreNoTimesOfEvents() throws {
    let (log, summary) = try read("user,item,release_date\na,y,2019-01-01\na,x,2001-01-01\nb,x,2001-01-01\n")
    #expect(log.text == ["a: y x", "b: x"])
    #expect(summary.notes.count == 1 && summary.notes[0].contains("--columns time=release_date"))
  }

  @Test func valuesDecideAboutColumnsWithoutNames() throws {
    let times = try read(rows(12) { "\($0 / 4 + 1),2019-05-07T10:5\($0 % 4):01Z,\(70_001 + $0 % 4),0" })
    #expect(times.log.items.names == ["70001", "70002", "70003", "70004"])
    let places = try read(
      rows(12) { "\($0 / 4 + 1)\t2019-05-0\(1 + $0 % 4)T23:55:27Z\t30.23\($0)\t-97.7\($0)\t\(500 + $0 % 4)" })
    #expect(places.log.items.names == ["500", "501", "502", "503"])
    #expect(places.summary.layout.columns[.item]?.number == 5)
    let open = try TemporaryLog(rows(20) { "\(100 + $0 % 7),\($0),2019-05-07,\(300 + $0 % 5),\(900 + $0 % 3)" })
    #expect(open.failure().contains("--columns user="))
  }

  @Test func amazonsTwoOrdersAreToldApart() throws {
    let old = rows(6) { "A1\($0 % 2)XYZQWERTYU,B00000000\($0),5.0,16000000\($0)0" }
    let new = rows(6) { "B00000000\($0),A1\($0 % 2)XYZQWERTYU,5.0,16000000\($0)0" }
    #expect(try read(old).log == read(new).log)
  }

  @Test func oneCellDoesNotDecideAboutAColumn() throws {
    let (_, summary) = try read("u1,i3,5,1600000300\nu1,i2,5,1600000200\nu2,i3,5,\nu2,i2,5,1600000200\n")
    #expect(summary.layout.columns[.time]?.number == 4)
    #expect(summary.firstBadRows.map(\.line) == [3])
  }

  @Test func namesThatContradictTheirValuesAreRefused() throws {
    #expect(
      try TemporaryLog("user,item,timestamp\n" + rows(5) { "2021-03-0\($0 + 1),u\($0 % 2),i\($0)" }).failure()
        .hasPrefix("LOG: column \"user\" is called like the user, but holds times such as 2021-03-01; "))
    #expect(
      try TemporaryLog("track,artist,user,ts\n" + rows(4) { "t\($0),a\($0 % 2),u,160000000\($0)" }).failure()
        == "LOG: \"track\" and \"artist\" can each be the item; say which: --columns item=track or --columns item=artist"
    )
  }

  // MARK: Headers

  @Test func aFirstRowThatFitsNoColumnIsAHeader() throws {
    for header in ["0,1,2", "Kunde,Artikel,Datum", "who,what,when"] {
      let text = header + "\nu1,i3,1600000300\nu1,i2,1600000200\nu1,i1,1600000100\n"
      if header == "who,what,when" {
        #expect(try TemporaryLog(text).failure().hasSuffix("--columns user=who,item=what"))
      } else {
        #expect(try read(text).log.text == ["u1: i1 i2 i3"])
      }
    }
    #expect(try TemporaryLog("ann,pear\nbob,plum\n").failure().hasSuffix("say --header yes or --header no"))
    #expect(try read("ann,pear\nbob,plum\n") { $0.hasHeader = false }.log.eventCount == 2)
    #expect(try read("user,item\na,x\nuser,item\nb,y\n").summary.rows.droppedByReason == [.repeatedHeader: 1])
  }

  @Test func linesAboveAHeaderAndNumbersOfRowsAreLeftOut() throws {
    let body = "u1,i3,1600000300\nu1,i2,1600000200\n"
    #expect(try read("Export of March\n\nuser,item,ts\n" + body).log.text == ["u1: i2 i3"])
    #expect(try read("sep=,\nuser,item,ts\n" + body).log.text == ["u1: i2 i3"])
    #expect(try read("# made by hand\n# user,item,ts\n" + body).log.text == ["u1: i2 i3"])
    #expect(try read(",user,item,ts\n0,u1,i3,1600000300\n1,u1,i2,1600000200\n").log.text == ["u1: i2 i3"])
    #expect(
      try read("\"user\",\"item\"\n\"1\",\"u1\",\"x\"\n\"2\",\"u1\",\"y\"\n\"3\",\"u2\",\"x\"\n").log.text == [
        "u1: x y", "u2: x",
      ])
  }

  // MARK: Quotes, separators, line ends

  @Test func aLoneQuoteSwallowsNoRows() throws {
    for separator in ["\t", ","] {
      func row(_ user: Int, _ title: String) -> String {
        ["u\(user % 6)", "i\(user % 9)", title, "16000\(10_000 + user)"].joined(separator: separator)
      }
      let names = ["user", "item", "title", "timestamp"].joined(separator: separator) + "\n"
      let one = names + rows(18) { row($0, $0 == 3 ? "\"Heroes" : "Song") }
      #expect(try read(one).log.eventCount == 18)
      let pair = names + rows(300) { row($0, $0 == 3 ? "\"Heroes" : $0 == 140 ? "\"Low\"" : "Song") }
      let (log, summary) = try read(pair)
      #expect(log.eventCount + summary.rows.dropped == 300 && summary.rows.dropped <= 1)
      let quoted = names + rows(40) { row($0, $0 % 9 == 0 ? "\"a\(separator)b\"" : "Song") }
      #expect(try read(quoted).log.eventCount == 40)
    }
    let late =
      "user,item,title,timestamp\n"
      + rows(9_000) { "u\($0 % 50),i\($0 % 90),\($0 == 6_001 ? "\"Heroes" : "Song \($0)"),\(1_600_000_000 + $0)" }
    let (_, summary) = try read(late)
    #expect(summary.rows.used >= 8_999)
  }

  @Test func theSeparatorIsTheOneThatLeavesWholeColumns() throws {
    let (log, summary) = try read("u1;i1;4,5;1600000100\nu1;i2;3,5;1600000200\nu2;i3;4,5;1600000300\n")
    #expect(log.text == ["u1: i1 i2", "u2: i3"])
    #expect(summary.layout.separator == .byte(UInt8(ascii: ";")))
    #expect(
      try TemporaryLog("a;b,c\nd;e,f\na;e,c\n").failure()
        == "LOG: rows can be cut at ',' or at ';', and nothing says which is right; say --separator , or --separator ';'"
    )
    #expect(try read("user, item, ts\nu1, x, 1600000100\nu1 ,y,1600000000\n").log.text == ["u1: y x"])
    #expect(try read("user,item\ru1,x\ru1,y\r").log.text == ["u1: x y"])
  }

  // MARK: Ids

  @Test func wordsForMissingAreNoIds() throws {
    let words = ["NULL", "\\N", "nan", "None", "null", "<NA>", "NA", "", "(null)"]
    let text = "user_id,item_id,ts\n" + rows(18) { "\($0 < 9 ? words[$0] : "u\($0 % 3)"),i\($0),16000000\($0 + 10)" }
    let (log, summary) = try read(text)
    #expect(log.userCount == 3)
    #expect(summary.rows.droppedByReason == [.missingUser: 9])
    #expect(summary.missingWords["NULL"] == 1 && summary.missingWords["nothing"] == 1)
    #expect(try read(text) { $0.missing = .none }.log.userCount == 11)
    #expect(try TemporaryLog(text).failure().contains("say --missing none"))
  }

  @Test func oneThingInTwoSpellingsIsSaid() throws {
    let text =
      "user,item,ts\n0,20.0,1600000000\n0,20,1600000001\n00,Zoe\u{308},1600000002\n0,Zo\u{EB},1600000003\n0,ZOE\u{308},1600000004\n"
    let summary = try read(text).summary
    #expect(summary.findings.similarItems.differences == [.decimals: 1, .unicodeForm: 1, .letterCase: 1])
    #expect(summary.findings.similarUsers.differences == [.leadingZeros: 1])
    #expect(summary.warnings.contains { $0.contains("--ids trim-decimal") })
    #expect(try read(text) { $0.ids = .trimDecimal }.log.itemCount == 4)
  }

  @Test func anIdThatOwnsTheLogIsSaid() throws {
    let text =
      "user,item,ts\n"
      + rows(400) { "\($0 % 3 == 0 ? "guest" : "u\($0 % 97)"),i\($0 % 60),\(1_600_000_000 + $0 * 999)" }
    #expect(try read(text).summary.warnings == ["the user \"guest\" has 134 (33.5%) of all events; is it one user?"])
  }

  // MARK: Times

  @Test func dateAndClockAreJoined() throws {
    let text =
      "date,time,user,item\n"
      + rows(24) { "202103\(10 + $0 % 12),\(800 + $0 * 51 % 60 + $0 / 2 * 100),u\($0 % 2),i\($0)" }
    let (log, summary) = try read(text)
    #expect(summary.understanding.contains("time = date + time (yyyymmdd, hhmm)"))
    #expect(log.times?.first == 1_615_363_200_000_000)
    let written = try read("day,user,item,hour\n2021-03-01,a,late,22:10\n2021-03-01,a,early,8:05\n")
    #expect(written.log.text == ["a: early late"])
    let named = try read("d,c,user,item\n2021-03-01,22:10,a,late\n2021-03-01,8:05,a,early\n") {
      $0.columns = try! ColumnSelection("time=d+c")
    }
    #expect(named.log.text == ["a: early late"])
  }

  @Test func dayAndMonthFollowTheEvidenceOrAreAskedFor() throws {
    #expect(try read("user,item,date\na,late,12/1/2010 8:26\na,early,11/30/2010 9:00\n").log.text == ["a: early late"])
    #expect(try read("user,item,date\na,late,1/12/2010 8:26\na,early,30/11/2010 9:00\n").log.text == ["a: early late"])
    let open = "user,item,date\na,x,1/2/2010 8:26\na,y,3/4/2010 9:00\n"
    #expect(
      try TemporaryLog(open).failure().hasSuffix("say --time-format day/month/year or --time-format month/day/year"))
    #expect(
      try read(open) { $0.timeForm = TimeForm(rawValue: "month/day/year") }.log.times?[0] == 1_262_420_760_000_000)
  }

  // MARK: Filters

  @Test func eventsAreChosenByKindRatingAndCondition() throws {
    let text =
      "user,item,event,rating,ts\na,x,view,1,1600000000\na,y,cart,4,1600000001\na,z,purchase,5,1600000002\na,w,view,,1600000003\n"
    #expect(try read(text).summary.understanding.contains("kinds view 50%, cart 25%, purchase 25% (--events chooses)"))
    let bought = try read(text) { $0.filter.kinds = ["purchase", "cart"] }
    #expect(bought.log.text == ["a: y z"])
    #expect(bought.summary.rows.leftOut == 2 && bought.summary.filter == "--events purchase,cart")
    #expect(try read(text) { $0.filter.minimumRating = 4 }.log.text == ["a: y z"])
    #expect(
      try read(text) { $0.filter.conditions = [try! .init("event!=view"), try! .init("rating>4")] }.log.text == ["a: z"]
    )
    let error = #expect(throws: LogError.self) { try read(text) { $0.filter.kinds = ["sale"] } }
    #expect("\(error!)".hasSuffix("no event is of the kind \"sale\"; the kinds are \"view\", \"cart\", \"purchase\""))
  }

  // MARK: Other shapes

  @Test(arguments: [
    "0 6 5 2\n1 2 6 7 5\n2 5 2\n", "0,6,5,2\n1,2,6,7,5\n2,5,2\n",
    "user,items\n0,\"[6, 5, 2]\"\n1,\"[2, 6, 7, 5]\"\n2,\"[5, 2]\"\n",
    "user_id;items\n0;6|5|2\n1;2|6|7|5\n2;5|2\n",
    "{\"user\": 0, \"items\": [6, 5, 2]}\n{\"user\": 1, \"items\": [2, 6, 7, 5]}\n{\"user\": 2, \"items\": [5, 2]}\n",
    "{\"session\": 0, \"events\": [{\"aid\": 6, \"ts\": 1600000000}, {\"aid\": 5, \"ts\": 1600000001}, {\"aid\": 2, \"ts\": 1600000002}]}\n{\"session\": 1, \"events\": [{\"aid\": 2, \"ts\": 1600000000}, {\"aid\": 6, \"ts\": 1600000001}, {\"aid\": 7, \"ts\": 1600000002}, {\"aid\": 5, \"ts\": 1600000003}]}\n{\"session\": 2, \"events\": [{\"aid\": 5, \"ts\": 1600000000}, {\"aid\": 2, \"ts\": 1600000001}]}\n",
  ])
  func listsAndSequencesAreEvents(text: String) throws {
    #expect(try read(text).log.text == ["0: 6 5 2", "1: 2 6 7 5", "2: 5 2"])
  }

  @Test(arguments: [
    "[{\"user\": \"a\", \"item\": 1}, {\"user\": \"a\", \"item\": 2}]",
    "[\n {\n  \"user\": \"a\",\n  \"item\": 1\n },\n {\n  \"user\": \"a\",\n  \"item\": 2\n }\n]\n",
    "[[\"a\", 1], [\"a\", 2], [\"b\", 2]]", "[\"a\", 1]\n[\"a\", 2]\n[\"b\", 2]\n",
  ])
  func arraysOfJSONAreRead(text: String) throws {
    #expect(try read(text, name: "log.json").log.text[0] == "a: 1 2")
  }

  @Test(arguments: [
    ("{\n \"user\": \"a\",\n \"item\": 1\n}\n", "jq -c . "), ("{'user': 'a', 'item': 1}\n", "ast.literal_eval"),
    ("{u'user': u'a'}\n", "ast.literal_eval"), ("{\"events\": [{\"user\": 1, \"item\": 2}]}", "jq -c '.[][]'"),
    ("{\"user\": {\"0\": \"a\"}, \"item\": {\"0\": \"x\"}}", "pandas"), ("1:\n5,3,2005-09-06\n", "awk"),
    ("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "git lfs pull"),
    ("<!DOCTYPE html>\n<html><body>404</body></html>\n", "HTML"),
    ("-- MySQL dump 10.13\nCREATE TABLE x;\n", "SQL dump"),
    ("INSERT INTO log VALUES (1, 2);\n", "SQL dump"),
    ("u\u{0}s\u{0}e\u{0}r\u{0},\u{0}i\u{0}t\u{0}\n\u{0}a\u{0},\u{0}b\u{0}", "UTF-16LE"),
    (" user | item \n------+------\n a    | x\n", "psql --csv"),
    ("[{\"user\": 1, \"item\": 2}, {\"user\": 1", "jq length"),
  ])
  func whatIsNoLogIsRefusedWithTheCommandThatConvertsIt(text: String, advice: String) throws {
    let failure = try TemporaryLog(text).failure()
    #expect(failure.hasPrefix("LOG") && failure.contains(advice), "\(failure)")
  }
}
