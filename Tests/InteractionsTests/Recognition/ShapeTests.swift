import Interactions
import Testing

/// Habits of the programs and users that write logs: each is read as it is meant, or refused with a line that works.
@Suite struct ShapeTests {
  private struct Event {
    let user: String
    let item: String
    let number: Int
    var time: Int { 1_600_000_000 + number * 90_000 }
    var written: String { String(ISO8601.text(Int64(time) * 1_000_000).prefix(19)) }
    var date: String { String(written.prefix(10)) }
    var clock: String { String(written.suffix(8)) }
  }

  private static func rows(
    _ user: String = "u", _ item: String = "i", _ ending: String = "\n", _ row: (Event) -> String
  ) -> String {
    (0..<30).map { row(Event(user: "\(user)\($0 % 4)", item: "\(item)\($0 * 3 % 7)", number: $0)) + ending }.joined()
  }

  /// Whether the log has the events of `rows`, each user's in their order.
  private func isWhole(_ text: String, _ user: String = "u", _ item: String = "i", dropped: Int = 0) throws -> Bool {
    let (log, report) = try TemporaryLog(text, name: "log").read()
    var expected: [String: [String]] = [:]
    _ = Self.rows(user, item) { event in
      expected[event.user, default: []].append(event.item)
      return ""
    }
    let found = (0..<log.userCount).map {
      (log.users[$0].text, log.history(of: UserID($0)).map { log.items[$0.index].text })
    }
    return Dictionary(uniqueKeysWithValues: found) == expected && report.rows.dropped == dropped
  }

  @Test func separatorsAndLineEnds() throws {
    let header = "user,item,time\n"
    let texts: [String] = [
      "user,item,time,\n" + Self.rows { "\($0.user),\($0.item),\($0.time)," },
      Self.rows { "\($0.user),\($0.item),\($0.time)," },
      header + Self.rows { "\($0.user),\($0.item),\($0.time)\($0.number % 2 == 0 ? "\r" : "")" },
      header + "\n   \n" + Self.rows { "\($0.user),\($0.item),\($0.time)\($0.number % 9 == 0 ? "\n  " : "")" } + "  ",
      "user  item time\n" + Self.rows { " \($0.user)   \($0.item) \($0.time)" },
      "user||item||time\n" + Self.rows { "\($0.user)||\($0.item)||\($0.time)" },
      "user;item;price;time\n" + Self.rows { "\($0.user);\($0.item);\($0.number),5;\($0.time)" },
      "user,item,price,time\n" + Self.rows { "\($0.user),\($0.item),\"1,\(200 + $0.number)\",\($0.time)" },
      "user\titem\trating\ttime\n" + Self.rows { "\($0.user)\t\($0.item)\t\($0.number % 5),5\t\($0.time)" },
      "\u{FEFF}\"user\",\"item\",\"time\"\r\n"
        + Self.rows("u", "i", "\r\n") { "\"\($0.user)\",\"\($0.item)\",\"\($0.time)\"" },
      "\"user\",\"item\",\"time\"\n" + Self.rows { "\($0.user),\($0.item),\($0.time)" },
      "\"user\"\t\"item\"\t\"time\"\n" + Self.rows { "\"\($0.user)\"\t\"\($0.item)\"\t\"\($0.time)\"" },
    ]
    for text in texts { #expect(try isWhole(text), "\(text.prefix(80))") }
  }

  @Test func headersAndWhatStandsAroundThem() throws {
    let header = "user,item,time\n"
    let body = Self.rows { "\($0.user),\($0.item),\($0.time)" }
    let half = body.index(body.startIndex, offsetBy: body.count / 2)
    let middle = body[half...].firstIndex(of: "\n")!
    let (first, second) = (String(body[...middle]), String(body[body.index(after: middle)...]))
    #expect(try isWhole("# exported on 2024-01-01, by hand\n" + header + body))
    #expect(try isWhole(header + first + header + second, dropped: 1))
    #expect(try isWhole("\u{FEFF}" + header + first + "\u{FEFF}" + header + second, dropped: 1))
    #expect(try isWhole("\u{FEFF}" + first + "\u{FEFF}" + second))
    #expect(try isWhole(header + "string,string,bigint\n" + body, dropped: 1))
    #expect(try isWhole(header + body + "(30 rows)\n", dropped: 1))
    for corner in ["", "Unnamed: 0", "index", "id"] {
      let numbered = Self.rows { "\($0.number),\($0.user),\($0.item),\($0.time)" }
      #expect(try isWhole("\(corner),user,item,time\n" + numbered), "\(corner)")
    }
    for names in ["log.user_id,log.item_id,log.ts", "用户,商品,时间", "Usuário,Artículo,Data", " user , item , time "] {
      #expect(try isWhole(names + "\n" + body), "\(names)")
    }
  }

  @Test func idsOfAllKindsStayAsTheyAre() throws {
    for (user, item) in [
      ("Kim Lee ", "/shop/p 1/x"), ("-1", "-2"), ("00", "0"), ("ü", "🎬"), ("a:b", "c=d"), ("1e", "2e"), ("=1+", "@"),
    ] {
      let body = Self.rows(user, item) { "\($0.user),\($0.item),\($0.time)" }
      #expect(try isWhole("user,item,time\n" + body, user, item), "\(user)")
    }
    let floats = "user,item,time\n" + Self.rows("2", "3") { "\($0.user).0,\($0.item).0,\($0.time).0" }
    #expect(try TemporaryLog(floats).read().log.users.names == ["20.0", "21.0", "22.0", "23.0"])
  }

  @Test func timesOfAllKinds() throws {
    let header = "user,item,time\n"
    let texts: [String] = [
      header + Self.rows { "\($0.user),\($0.item),\($0.time).25" },
      header + Self.rows { "\($0.user),\($0.item),\($0.written)\($0.number % 2 == 0 ? "+02:00" : "+0130")" },
      header + Self.rows { "\($0.user),\($0.item),\($0.written.replacing("T", with: " ")) UTC" },
      "user,item,date,hour\n" + Self.rows { "\($0.user),\($0.item),\($0.date),\(Int($0.clock.prefix(2))!)" },
      "created_at,user_id,updated_at,item_id\n"
        + Self.rows { "\($0.time),\($0.user),\($0.time + 1_000 * ($0.number % 3)),\($0.item)" },
      "user\tpage\ttime\n" + Self.rows { "\($0.user)\t\($0.item)\t\($0.written)Z" },
    ]
    for text in texts { #expect(try isWhole(text), "\(text.prefix(80))") }
    let zeros = header + Self.rows { "\($0.user),\($0.item),\($0.number == 7 ? 0 : $0.time)" }
    #expect(try TemporaryLog(zeros).read().report.rows.droppedByReason == [.missingTime: 1])
  }

  @Test func columnsInUnusualPlaces() throws {
    let texts: [String] = [
      "rating,user,item,timestamp\n" + Self.rows { "\($0.number % 5 + 1),\($0.user),\($0.item),\($0.time)" },
      "session_id,user_id,item_id,ts\n" + Self.rows { "s\($0.user)\($0.number / 12),\($0.user),\($0.item),\($0.time)" },
      Self.rows { "\($0.time),\($0.user),\($0.item)" }, Self.rows { "\($0.user),\($0.time),\($0.item)" },
      Self.rows { "\($0.user),\($0.item),1,\($0.time)" },
      Self.rows { "\($0.user)::\($0.item)::Comedy|Drama::\($0.number % 5 + 1)::\($0.time)" },
    ]
    for text in texts { #expect(try isWhole(text), "\(text.prefix(80))") }
    let open: [String] = [
      Self.rows("1", "10") { "\($0.number % 5 + 1),\($0.user),\($0.item),\($0.time)" },
      Self.rows("90", "30") { "\(Int($0.user)! * 7 + 5_000),\($0.user),\($0.item),\($0.time)" },
    ]
    for text in open {
      let failure = try TemporaryLog(text).failure()
      #expect(failure.hasSuffix("such as --columns user=2,item=3"), "\(failure)")
    }
  }

  @Test func numbersAndRatingsInTheUsualPlaces() throws {
    let texts: [String] = [
      Self.rows("", "") { "\($0.user),\($0.item),\($0.number % 5 + 1),\($0.time)" },
      Self.rows("", "") { "\($0.user) \($0.item) \($0.number % 5 + 1)" },
      Self.rows("", "") { "\($0.user),\($0.item),\($0.number % 9).5,\($0.time)" },
    ]
    for text in texts { #expect(try isWhole(text, "", ""), "\(text.prefix(80))") }
    #expect(
      try isWhole(
        Self.rows("b80344", "SOAKI") { "\($0.user)\t\($0.item)\t\($0.number % 3 == 0 ? 1 + $0.number : 1)" }, "b80344",
        "SOAKI"))
  }

  @Test func jsonAsProgramsWriteIt() throws {
    #expect(
      try isWhole(
        Self.rows {
          #"{"_id": {"$oid": "5f5e\#($0.number)"}, "userId": {"$numberLong": "\#($0.user)"}, "itemId": "\#($0.item)", "createdAt": {"$date": "\#($0.written).000Z"}}"#
        }))
    #expect(
      try isWhole(
        Self.rows {
          #"{"event": "view", "user": {"id": "\#($0.user)", "age": 3}, "product": {"id": "\#($0.item)"}, "meta": {"ts": \#($0.time)}}"#
        }))
    #expect(try isWhole(Self.rows { "[\"\($0.user)\",\"\($0.item)\",\($0.time)]" }))
    let array = Self.rows("u", "i", ",\n") { "  {\n\"user\": \"\($0.user)\", \"item\": \"\($0.item)\"}" }
    #expect(try isWhole("[\n" + array.dropLast(2) + "\n]\n"))
  }

  /// Blanks stand in names, so a list of one length behind one is as well a row of columns.
  @Test func aUserAndAListBehindABlankIsRefused() throws {
    let text = (0..<9).map { "\($0) \($0 * 3 % 7),\($0 * 2 % 5),\($0 % 4)\n" }.joined()
    #expect(throws: LogError.self) { try TemporaryLog(text).read() }
  }

  @Test(arguments: ["\t", ";", "|"]) func aUserAndAListBetweenTwoSeparators(separator: String) throws {
    let text = (0..<9).map { "\($0)\(separator)\($0 * 3 % 7),\($0 * 2 % 5),\($0 % 4)\n" }.joined()
    let (log, report) = try TemporaryLog(text).read()
    #expect(log.userCount == 9 && log.eventCount == 27 && report.layout.holdsLists == true)
    #expect(log.text[5] == "5: 1 0 1")
  }

  @Test func wordsAndSignsForMissingIDsAreSaid() throws {
    let text =
      "user,item,time\n"
      + Self.rows { "\($0.number == 3 ? "?" : $0.user),\($0.number == 7 ? "-" : $0.item),\($0.time)" }
    #expect(try TemporaryLog(text).read().report.missingWords == ["?": 1, "-": 1])
  }

  @Test func aPeriodThatIsNotTheTimeIsSaid() throws {
    let text = "user,item,month\n" + Self.rows { "\($0.user),\($0.item),20200\($0.number / 10 + 1)" }
    let (log, report) = try TemporaryLog(text).read()
    #expect(log.times == nil)
    #expect(
      report.notes == [
        "\"month\" is not taken for the time; where it says when events were, --columns time=month with --time-unit or --time-format takes it"
      ])
    var options = ReadingOptions(columns: try ColumnSelection("time=month"))
    options.timeForm = TimeForm(rawValue: "%Y%m")
    #expect(try TemporaryLog(text).read(options).log.times?.first == 1_577_836_800_000_000)
  }

  @Test func sequencesUnderAHeader() throws {
    let text = "session,item1,item2,item3\n" + (0..<9).map { "s\($0),i\($0 % 3),i\($0 % 4),i\($0 % 5)\n" }.joined()
    let (log, report) = try TemporaryLog(text).read()
    #expect(log.userCount == 9 && log.eventCount == 27 && report.layout.hasHeader)
    #expect(log.text[4] == "s4: i1 i0 i4")
  }

  /// Items that are numbered from 1 on are no places of items: they come again, or a longer line has more.
  @Test(arguments: ["u1 i1 i2 i3\nu2 i2 i3\nu3 i1\nu4 i4 i5 i6\n", "u1 i1 i2 i3\nu2 i9 i8\nu3 i7\nu4 i4 i5 i6 i8\n"])
  func sequencesOfNumberedItemsHaveNoHeader(text: String) throws {
    let (log, report) = try TemporaryLog(text).read()
    #expect(log.text[0] == "u1: i1 i2 i3" && log.userCount == 4 && !report.layout.hasHeader)
  }

  private static let refusals: [(text: String, advice: String)] = [
    (
      (0..<9).map { user in
        "\(user) " + (0..<7).map { "\(1000 + user * 701 % 997 * (7 + $0) % 9001)" }.joined(separator: " ") + "\n"
      }
      .joined(), "lines may be a user and 7 items or a user, an item and other columns; say --format sequences or"
    ),
    (
      "user,item\n" + rows { "\($0.user),1.\($0.number + 10)E+12" },
      "holds numbers that a spreadsheet has rounded, such as 1.10E+12"
    ),
    (
      "user,item,time\n" + rows { "\($0.user),\($0.item),1.\(600 + $0.number)E+09" },
      "holds numbers that a spreadsheet has rounded"
    ),
    (
      rows { "user=\($0.user) item=\($0.item) time=\($0.time)" },
      "is lines of name=value pairs; leave the names out: sed -E "
    ),
    (
      rows { "{\"user\": \"\($0.user)\", \"item\": 1}," },
      "is JSON objects with commas behind them; take the commas away: sed "
    ),
    (
      "\"user,item\"\n" + rows { "\"\($0.user),\($0.item)\"" },
      "is rows that stand in quotes as a whole; take the quotes away: sed "
    ),
    (
      "user,item,time\n" + rows { "'\($0.user)','\($0.item)',\($0.time)" },
      "stand in single quotes, such as 'u0'; take the quotes away"
    ),
    (
      "%%MatrixMarket matrix coordinate real general\n4 7 30\n" + rows("", "") { "\($0.user) \($0.item) 1" },
      "is a Matrix Market file"
    ),
    ((0..<9).map { "\($0) 4:1 7:1 \($0):1\n" }.joined(), "is lines of item:value pairs, as LIBSVM has them"),
    (
      rows { "- user: \($0.user)\n  item: \($0.item)" },
      "is a YAML document; bring its events onto lines: python3 -c "
    ),
    (
      "@relation log\n@attribute user string\n@data\n" + rows { "\($0.user),\($0.item)" },
      "is an ARFF file of Weka; keep its rows: sed "
    ),
    (
      (0..<9).map { "\($0) -1 \($0 % 4) -1 2 -1 -2\n" }.joined(),
      "is a file of sequences for SPMF; leave its marks out"
    ),
    (
      "user,item,ticks\n" + rows { "\($0.user),\($0.item),63735580\($0.number + 10)00000000" },
      "no Unix time between 1990 and"
    ),
    ("{\"u1\": [1, 2, 3], \"u2\": [2, 3]}", "jq -c 'to_entries[] | {user: .key, items: .value}' LOG > LOG.jsonl"),
    (
      "{\"u1\": {\"i1\": 5, \"i2\": 3}, \"u2\": {\"i2\": 3}}",
      "| {user: $user, item: .key, rating: .value}' LOG > LOG.jsonl"
    ),
    (
      (0..<9).map { "milk,bread\($0 % 2 == 0 ? ",tea,jam" : $0 % 3 == 0 ? ",tea" : "")\n" }.joined(),
      "awk '{print NR \",\" $0}' LOG"
    ),
    (
      "user,item,time\n" + rows { "\($0.user),\($0.item),\($0.time)\($0.number > 20 ? "000" : "")" },
      "bring the column to one form"
    ),
    ("user,item,date\n" + rows { "\($0.user),\($0.item),\($0.date.suffix(8))" }, "name its form with --time-format"),
  ]

  @Test(arguments: refusals)
  func whatCannotBeReadIsRefusedByWhatItIs(text: String, advice: String) throws {
    let failure = try TemporaryLog(text).failure()
    #expect(failure.hasPrefix("LOG") && failure.contains(advice), "\(failure)")
  }

  @Test func controlCharactersInIDsAreKeptAndSaid() throws {
    let text = "user,item\na,x\nb\u{0},x\na,y\u{1B}\n\"a\nb\",\"x\ty\"\n"
    let (log, report) = try TemporaryLog(text).read()
    #expect(log.users.names == ["a", "b\u{0}", "a\nb"] && log.items.names == ["x", "y\u{1B}", "x\ty"])
    #expect(
      report.notes == [
        #"2 users hold control characters, such as "b\0""#, #"2 items hold control characters, such as "y\u{1B}""#,
      ])
  }

  @Test func aFilterComparesNumbersAsTheirColumnWritesThem() throws {
    func taken(_ prices: [String], _ change: (inout ReadingOptions) -> Void = { _ in }) throws -> Int {
      var options = ReadingOptions()
      options.filter.conditions = [try EventFilter.Condition("price>=1000")]
      change(&options)
      let body = prices.map { "u;i;\($0)\n" }.joined()
      return try TemporaryLog("user;item;price\n" + body).read(options).report.rows.used
    }
    #expect(try taken(["1,234.50", "999.00", "12.25"]) == 1)
    #expect(try taken(["1.234,50", "999,00", "12,25"]) == 1)
    #expect(try taken(["1,234,567", "999", "12"]) == 1)
    #expect(try taken(["1234.5", "999.123"]) == 1)
    #expect(try taken(["1,234", "999"]) { $0.decimal = .point } == 1)
    #expect(try taken(["1,234", "999"]) { $0.decimal = .comma } == 0)
    let error = #expect(throws: LogError.self) { try taken(["1,234", "999"]) }
    #expect(
      "\(error!)".hasSuffix(
        "numbers such as 1,234 in column \"price\" may have thousands or decimals behind the comma, and no row shows which; say --decimal point or --decimal comma"
      ))
  }
}
