import Interactions
import Testing

/// Times as they come out of a log, in microseconds since 1970.
@Suite struct TimeTests {
  private func microseconds(_ times: String..., form: TimeForm? = nil) throws -> [Int64]? {
    let rows = times.enumerated().map { "u,\($0.offset),\"\($0.element)\"\n" }
    var options = ReadingOptions()
    options.timeForm = form
    let (log, report) = try TemporaryLog("user,item,time\n" + rows.joined()).read(options)
    return report.rows.dropped == 0 ? log.times : nil
  }

  /// A log whose first event has this time and whose others have usual ones.
  private func among(_ text: String) throws -> ReadingSummary {
    let others = (0..<20).map { "ann,\($0),17000000\(10 + $0)\n" }.joined()
    return try TemporaryLog("user,item,time\nann,x,\(text)\n" + others).read().report
  }

  @Test(arguments: [
    ("964982703", 964_982_703_000_000), ("964982703.5", 964_982_703_500_000),
    ("964982703.1234567", 964_982_703_123_456),
    ("9.64982703E8", 964_982_703_000_000), (" 964982703 ", 964_982_703_000_000),
    ("964982703001", 964_982_703_001_000), ("964982703001.25", 964_982_703_001_250),
    ("964982703001002", 964_982_703_001_002), ("964982703001002003", 964_982_703_001_002),
  ])
  func unixTimesAreToldApartByMagnitude(text: String, expected: Int64) throws {
    #expect(try microseconds(text) == [expected])
  }

  @Test(arguments: [
    ("0", TimeUnit.seconds, 0), ("-1", .seconds, -1_000_000), ("99999999999", .seconds, 99_999_999_999_000_000),
    ("-1.25", .seconds, -1_250_000), ("12", .days, 1_036_800_000_000), ("17", .milliseconds, 17_000),
    ("-1", .nanoseconds, -1),
  ])
  func aUnitThatIsNamedTakesAnyNumber(text: String, unit: TimeUnit, expected: Int64) throws {
    #expect(try microseconds(text, form: .unix(unit)) == [expected])
  }

  @Test(arguments: ["0", "-1", "0.0"]) func noTimeAmongTimesIsMissing(text: String) throws {
    #expect(try among(text).rows.droppedByReason == [.missingTime: 1])
  }

  @Test(arguments: [("5", "Unix"), ("86400", "Unix"), ("99999999999", "Unix"), ("2021", "years"), ("44256", "Excel")])
  func numbersThatAreNoTimesOfOurDaysNeedAUnit(text: String, word: String) throws {
    let failure = try TemporaryLog("user,item,time\nann,x,\(text)\nann,y,\(text)\n").failure()
    #expect(failure.hasPrefix("LOG: column \"time\" should be the time, but holds "))
    #expect(failure.contains(word) && failure.hasSuffix("--columns time=none"), "\(failure)")
  }

  /// Expected values from Python's `datetime`.
  @Test(arguments: [
    ("1970-01-01", 0), ("2000-02-29T12:30", 951_827_400_000_000), ("2000-02-29 12:30:15", 951_827_415_000_000),
    ("2018-09-24T14:27:30Z", 1_537_799_250_000_000), ("2018-09-24T14:27:30.25+02:00", 1_537_792_050_250_000),
    ("2018-09-24T14:27:30,1234567-0330", 1_537_811_850_123_456), ("2018-09-24 14:27:30 UTC", 1_537_799_250_000_000),
    ("1969-12-31T23:59:59.5Z", -500_000), ("0001-01-01", -62_135_596_800_000_000),
    ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999), ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
  ])
  func isoTimesAreReadExactly(text: String, expected: Int64) throws {
    #expect(try microseconds(text) == [expected])
  }

  @Test(arguments: [
    0, 951_827_415_000_000, -500_000, -62_135_596_800_000_000, 253_402_300_799_999_999, 1_537_792_050_250_000,
  ])
  func textAndTimeAreEachOthersInverse(time: Int64) throws {
    #expect(try microseconds(ISO8601.text(time)) == [time])
  }

  @Test(arguments: ["", " ", "NaN", "nan", "null", "NULL", "NaT", "\\N", "N/A"])
  func aMissingTimeIsABadRow(text: String) throws {
    let report = try among(text)
    #expect(report.rows.droppedByReason == [.missingTime: 1])
    #expect(report.firstBadRows.first?.column == 3)
  }

  @Test(arguments: [
    "soon", "2018-02-30", "2018-13-01", "2018-00-10", "2018-01-01T24:00", "2018-01-01T10:61",
    "2018-01-01T10:00:00.Z", "1e400", "inf", "1.5.2", "0x10", "99999999999999999999", "2018-01-01T10:00:00+25:00",
    "Foo 3 2018",
  ])
  func anUnreadableTimeIsABadRow(text: String) throws {
    #expect(try among(text).rows.droppedByReason == [.unreadableTime: 1])
  }

  @Test(arguments: [
    ("1700000000", "1700000000000", "Unix milliseconds", "Unix seconds"),
    ("1700000000000000", "1700000000000000000", "Unix nanoseconds", "Unix microseconds"),
    ("2023-11-14", "1700000000", "Unix seconds", "ISO 8601"),
  ])
  func twoUnitsInOneFileAreRefused(first: String, second: String, found: String, earlier: String) throws {
    let log = try TemporaryLog("user,item,time\nann,w,0\nann,x,\(first)\nann,y,\(second)\n")
    let text =
      "LOG, line 4: the time \"\(second)\" is in \(found), but line 3 is in \(earlier); bring the column to one form"
    #expect(log.failure() == text)
  }

  @Test func ordersTwoEventsOneMicrosecondApart() throws {
    let (log, _) = try TemporaryLog("user,item,time\nann,late,1700000000000002\nann,early,1700000000000001\n").read()
    #expect(log.text == ["ann: early late"])
  }

  /// What lies beyond cannot be written, and has no difference from others.
  @Test(arguments: [
    ("-62135596800", TimeUnit.seconds, -62_135_596_800_000_000 as Int64?), ("-62135596801", .seconds, nil),
    ("253402300799", .seconds, 253_402_300_799_000_000), ("253402300800", .seconds, nil),
    ("9223372036854775807", .microseconds, nil), ("-9223372036854775808", .microseconds, nil),
    ("-9223372036854775807", .nanoseconds, -9_223_372_036_854_776),
  ])
  func timesLieInTheYears1To9999(text: String, unit: TimeUnit, expected: Int64?) throws {
    var options = ReadingOptions()
    options.timeForm = .unix(unit)
    let (log, report) = try TemporaryLog("user,item,time\nu,a,\(text)\nu,b,0\n").read(options)
    #expect(Set(try #require(log.times)) == Set([0, expected].compactMap(\.self)))
    #expect(report.rows.dropped == (expected == nil ? 1 : 0))
  }

  /// Damaged records hold any number.
  @Test func theEndsOfTheNumbersHaveATextToo() {
    #expect(ISO8601.text(.min) == "-290308-12-21T19:59:05.224192Z")
    #expect(ISO8601.text(.max) == "294247-01-10T04:00:54.775807Z")
  }
}
