import Interactions
import Testing

/// Each public log of the page *How a log is read*, in small samples of its shape; all values are made up.
@Suite struct PublicLogTests {
  /// What a log came to: how it was understood, its first user's items, and its first time.
  private func read(_ rows: String) throws -> String {
    let (log, report) = try TemporaryLog(rows).read()
    #expect(report.rows.dropped == 0)
    // Three users in turn; item 0, 3, 6, 2, 5, 1, 4 and on.
    let items = log.history(of: UserID(0)).map { log.items[$0.index].text }
    #expect(log.userCount == 3 && log.itemCount == 7 && items.count >= 8, "\(items)")
    return report.understanding
  }

  /// One row for each of 24 events, of three users and seven items, a day apart.
  private func rows(_ header: String = "", _ row: (Row) -> String) -> String {
    (header.isEmpty ? "" : header + "\n")
      + (0..<24).map { row(Row(user: $0 % 3, item: $0 * 3 % 7, day: Moment($0), number: $0)) + "\n" }.joined()
  }

  private struct Row {
    let user: Int
    let item: Int
    let day: Moment
    let number: Int
  }

  /// The time of an event, as logs write it.
  private struct Moment {
    let unix: Int
    private let text: [Character]

    init(_ number: Int) {
      unix = 1_600_000_000 + number * 86_400
      text = Array(ISO8601.text(Int64(unix) * 1_000_000))
    }

    var date: String { String(text[..<10]) }
    var clock: String { String(text[11..<19]) }
    var month: Int { Int(String(text[5..<7]))! }
    var day: Int { Int(String(text[8..<10]))! }
    var digits: String { date.replacing("-", with: "") }
    var long: String { "\(["Sep", "Oct"][month - 9]) \(String(text[8..<10])) \(clock) +0000 2020" }
  }

  private static let unix = "(Unix seconds)"
  private static let unixByValues = "(Unix seconds, found by its values)"

  @Test func movieLens() throws {
    let places = "user = column 1, item = column 2, time = column 4 \(Self.unixByValues); 1 other column not used"
    #expect(
      try read(rows { "\($0.user + 196)\t\($0.item + 242)\t\($0.number % 5 + 1)\t\($0.day.unix)" }) == "TSV: " + places)
    #expect(
      try read(rows { "\($0.user + 1)::\($0.item + 1193)::\($0.number % 5 + 1)::\($0.day.unix)" }) == "MovieLens '::': "
        + places)
    #expect(
      try read(
        rows("userId,movieId,rating,timestamp") { "\($0.user + 1),\($0.item + 31),\($0.number % 9).5,\($0.day.unix)" })
        == "CSV: user = userId, item = movieId, time = timestamp \(Self.unix), rating = rating")
  }

  @Test func amazon() throws {
    let user: (Int) -> String = { "A1\($0)QWERTYUIOP" }
    let item: (Int) -> String = { "B00000000\($0)" }
    #expect(
      try read(rows { "\(user($0.user)),\(item($0.item)),5.0,\($0.day.unix)" })
        == "CSV: user = column 1 (found by its values), item = column 2 (found by its values), time = column 4 \(Self.unixByValues); 1 other column not used"
    )
    #expect(
      try read(rows { "\(item($0.item)),\(user($0.user)),5.0,\($0.day.unix)" })
        == "CSV: user = column 2 (found by its values), item = column 1 (found by its values), time = column 4 \(Self.unixByValues); 1 other column not used"
    )
    #expect(
      try read(
        rows {
          #"{"overall": 5.0, "verified": true, "reviewTime": "\#($0.day.month) \#($0.day.day), 2020", "reviewerID": "\#(user($0.user))", "#
            + #""asin": "\#(item($0.item))", "style": {"Size:": " L"}, "reviewText": "It fits, \"really\"", "unixReviewTime": \#($0.day.unix)}"#
        })
        == "JSON lines: user = reviewerID, item = asin, time = unixReviewTime \(Self.unix), rating = overall; 4 other columns not used"
    )
    #expect(
      try read(
        rows("user_id,parent_asin,rating,timestamp,history") {
          "\(user($0.user)),\(item($0.item)),5.0,\($0.day.unix)123,\(item(1)) \(item(2))"
        })
        == "CSV: user = user_id, item = parent_asin, time = timestamp (Unix milliseconds), rating = rating; 1 other column not used"
    )
    #expect(
      try read(
        rows {
          #"{"rating": 5.0, "title": "t", "images": [], "asin": "B11111111\#($0.number % 9)", "parent_asin": "\#(item($0.item))", "#
            + #""user_id": "\#(user($0.user))", "timestamp": \#($0.day.unix)123, "helpful_vote": 0}"#
        })
        == "JSON lines: user = user_id, item = parent_asin, time = timestamp (Unix milliseconds), rating = rating; 4 other columns not used"
    )
  }

  @Test func yooChoose() throws {
    let found = "CSV (YooChoose): user = column 1, item = column 3, time = column 2 (ISO 8601); "
    #expect(
      try read(rows { "\($0.user + 1),\($0.day.date)T\($0.day.clock).277Z,\($0.item + 214_536_502),0" })
        == found + "1 other column not used")
    #expect(
      try read(
        rows {
          "\($0.user + 420_374),\($0.day.date)T\($0.day.clock).277Z,\($0.item + 214_537_888),\(12_462 + $0.number),\($0.number % 2 + 1)"
        })
        == found + "2 other columns not used")
  }

  @Test func diginetica() throws {
    #expect(
      try read(
        rows("sessionId;userId;itemId;timeframe;eventdate") {
          "\($0.user + 1);NA;\($0.item + 81_766);\(($0.number + 1) * 5_267);\($0.day.date)"
        })
        == "CSV with ';' (Diginetica): user = sessionId, item = itemId, time = eventdate + timeframe (ISO 8601, milliseconds); 1 other column not used"
    )
  }

  @Test func retailRocket() throws {
    #expect(
      try read(
        rows("timestamp,visitorid,event,itemid,transactionid") {
          let bought = $0.number % 4 == 0
          return
            "\($0.day.unix)117,\($0.user + 257_597),\(bought ? "transaction" : "view"),\($0.item + 355_908),\(bought ? String($0.number) : "")"
        })
        == "CSV (RetailRocket): user = visitorid, item = itemid, time = timestamp (Unix milliseconds), kind = event; 1 other column not used; kinds view 75%, transaction 25% (--events chooses)"
    )
  }

  @Test func rees46() throws {
    #expect(
      try read(
        rows("event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session") {
          "\($0.day.date) \($0.day.clock) UTC,\($0.number % 2 == 0 ? "view" : "cart"),\($0.item + 44_600_062),210380745959538772\($0.item % 2),,shiseido,35.79,\($0.user + 541_312_140),72d76fde-8bb3-4e00-8c23-a032dfed\(1_000 + $0.user)"
        })
        == "CSV: user = user_id, item = product_id, time = event_time (ISO 8601), group = user_session, kind = event_type; 4 other columns not used; kinds cart 50%, view 50% (--events chooses)"
    )
  }

  @Test func otto() throws {
    let clicks: (Int) -> String = { user in
      (0..<8).map { #"{"aid": \#((user + $0 * 3) * 3 % 7), "ts": \#(1_659_304_800_025 + $0), "type": "clicks"}"# }
        .joined(separator: ", ")
    }
    #expect(
      try read((0..<3).map { #"{"session": \#($0 + 11), "events": [\#(clicks($0))]}"# + "\n" }.joined())
        == "JSON lines: user = session, items = aid, time = ts (Unix milliseconds), kind = type; kinds clicks 100% (--events chooses)"
    )
    #expect(
      try read(rows("session,aid,ts,type") { "\($0.user),\($0.item + 1_517_085),\($0.day.unix)025,\($0.number % 2)" })
        == "CSV: user = session, item = aid, time = ts (Unix milliseconds), kind = type; kinds 0 50%, 1 50% (--events chooses)"
    )
  }

  @Test func handM() throws {
    #expect(
      try read(
        rows("t_dat,customer_id,article_id,price,sales_channel_id") {
          "\($0.day.date),\(String(repeating: "0f", count: 31))0\($0.user),066371300\($0.item),0.0508\($0.number),2"
        })
        == "CSV: user = customer_id, item = article_id, time = t_dat (ISO 8601); 2 other columns not used")
  }

  @Test func lastFM() throws {
    #expect(
      try read(rows("userID\tartistID\tweight") { "\($0.user + 2)\t\($0.item + 51)\t\(13_883 - $0.number)" })
        == "TSV: user = userID, item = artistID, rating = weight; no time column, so the order of the rows counts")
    let name: (Int) -> String = { "3bd73256-3905-4f3a-97e2-8b341527f80\($0)" }
    #expect(
      try read(
        rows {
          "\(String(repeating: "ab", count: 19))0\($0.user)\t\(name($0.item))\tband \($0.item)\t\(2_137 + $0.number)"
        })
        == "TSV (Last.fm 360K): user = column 1, item = column 2, rating = column 4; 1 other column not used; no time column, so the order of the rows counts"
    )
    let tracks = rows {
      "user_00000\($0.user)\t\($0.day.date)T\($0.day.clock)Z\t\(name($0.item))\tBand \($0.item)\t\(name($0.number % 9))\tSong \($0.number % 9)"
    }
    #expect(try TemporaryLog(tracks).failure().hasSuffix("such as --columns user=1,item=3"))
  }

  @Test func checkIns() throws {
    #expect(
      try read(
        rows {
          "\($0.user)\t\($0.day.date)T\($0.day.clock)Z\t30.2359091167\t-97.79513958\($0.number)\t\($0.item + 22_847)"
        })
        == "TSV: user = column 1 (found by its values), item = column 5 (found by its values), time = column 2 (ISO 8601, found by its values); 2 other columns not used"
    )
    #expect(
      try read(
        rows {
          "\($0.user + 470)\t49bbd6c0f964a520f453000\($0.item)\t4bf58dd8d48988d12795000\($0.item % 2)\tArts & Crafts Store\t40.71981037\t-74.0025810\($0.number)\t-240\tTue \($0.day.long)"
        })
        == "TSV (Foursquare): user = column 1, item = column 2, time = column 8 (dates with the month's name); 5 other columns not used"
    )
  }

  @Test func yelp() throws {
    #expect(
      try read(
        rows {
          #"{"review_id": "r\#($0.number)x", "user_id": "U_\#($0.user)-a", "business_id": "B\#($0.item)_q", "stars": 4.0, "text": "ok,\nfine", "date": "\#($0.day.date) \#($0.day.clock)"}"#
        })
        == "JSON lines: user = user_id, item = business_id, time = date (ISO 8601), rating = stars; 2 other columns not used"
    )
  }

  @Test func steam() throws {
    #expect(
      try read(
        rows {
          "\($0.user + 151_603_712),\"Game, the \($0.item)th\",\($0.number % 2 == 0 ? "purchase,1.0" : "play,27\($0.number).4"),0"
        })
        == "CSV: user = column 1, item = column 2, kind = column 3 (found by its values); 2 other columns not used; kinds play 50%, purchase 50% (--events chooses); no time column, so the order of the rows counts"
    )
  }

  @Test func taobaoAndTmall() throws {
    #expect(
      try read(
        rows {
          "\($0.user + 1),\($0.item + 2_268_318),\($0.item % 3 + 2_520_377),\($0.number % 4 == 0 ? "buy" : "pv"),\($0.day.unix)"
        })
        == "CSV (Taobao): user = column 1, item = column 2, time = column 5 (Unix seconds), kind = column 4; 1 other column not used; kinds pv 75%, buy 25% (--events chooses)"
    )
    #expect(
      try read(
        rows("user_id,item_id,cat_id,seller_id,brand_id,time_stamp,action_type") {
          "\($0.user + 328_862),\($0.item + 323_294),833,2882,2661.0,\($0.day.month * 100 + $0.day.day),\($0.number % 2 * 2)"
        })
        == "CSV (Tmall): user = user_id, item = item_id, time = time_stamp (mmdd), kind = action_type; 3 other columns not used; kinds 0 50%, 2 50% (--events chooses)"
    )
  }

  @Test func kuaiRec() throws {
    #expect(
      try read(
        rows("user_id,video_id,play_duration,video_duration,time,date,timestamp,watch_ratio") {
          "\($0.user),\($0.item + 3_649),13838,10867,\($0.day.date) \($0.day.clock).391,\($0.day.digits),\($0.day.unix).391,1.27"
        })
        == "CSV (KuaiRec): user = user_id, item = video_id, time = timestamp (Unix seconds); 5 other columns not used")
  }

  @Test func ga4() throws {
    #expect(
      try read(
        rows {
          #"{"event_date": "\#($0.day.digits)", "event_timestamp": "\#($0.day.unix)000000", "event_name": "\#($0.number % 2 == 0 ? "view_item" : "purchase")", "#
            + #""user_pseudo_id": "\#($0.user + 1_005_123).160000\#($0.user)", "items": [{"item_id": "SKU\#($0.item)", "item_name": "x"}]}"#
        })
        == "JSON lines: user = user_pseudo_id, items = item_id, time = event_timestamp (Unix microseconds), kind = event_name; 2 other columns not used; kinds purchase 50%, view_item 50% (--events chooses)"
    )
  }

  @Test func olist() throws {
    #expect(
      try read(
        rows(
          "order_id,customer_id,customer_unique_id,product_id,order_purchase_timestamp,order_approved_at,order_estimated_delivery_date,price"
        ) {
          "e\($0.number)1f,9ef\($0.number),7c3\($0.user),424\($0.item),\($0.day.date) \($0.day.clock),\($0.day.date) 23:59:59,2020-12-18 00:00:00,58.90"
        })
        == "CSV (Olist): user = customer_unique_id, item = product_id, time = order_purchase_timestamp (ISO 8601), group = order_id; 4 other columns not used"
    )
  }

  @Test(arguments: [
    (
      "order_id,product_id,add_to_cart_order,reordered\n2,33120,1,1\n2,28985,2,1\n3,33754,1,1\n",
      "Instacart's table of ordered products, which names no users; join it"
    ),
    (
      "order_id,user_id,eval_set,order_number,order_dow,order_hour_of_day,days_since_prior_order\n1,7,prior,1,2,08,\n2,7,prior,2,3,07,15.0\n",
      "Instacart's table of orders, which names no items; join it"
    ),
    (
      "order_id,customer_id,order_status,order_purchase_timestamp\na1,b1,delivered,2017-10-02 10:56:33\na2,b2,delivered,2018-07-24 20:41:37\n",
      "Olist's table of orders, which names no items; join it"
    ),
    (
      "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price\na1,1,p1,s1,2017-09-19 09:45:35,58.90\na2,1,p2,s2,2017-05-03 11:05:13,239.90\n",
      "Olist's table of order items, which names no users; join it"
    ),
    ("1:\n1488844,3,2005-09-06\n822109,5,2005-05-13\n2:\n885013,4,2005-10-19\n", "the Netflix Prize's file of ratings"),
    ("{u'username': u'x', u'product_id': u'10', u'date': u'2017-12-17'}\n", "dictionaries as Python prints them"),
  ])
  func whatIsNoLogByItselfIsRefusedWithWhatToDo(text: String, found: String) throws {
    #expect(try TemporaryLog(text).failure().hasPrefix("LOG is " + found))
  }

  @Test func mind() throws {
    let impressions = rows {
      "\($0.number + 1)\tU\($0.user + 13_740)\t\($0.day.month)/\($0.day.day)/2020 9:0\($0.number % 9):00 AM\tN55189\tN\($0.item)-1 N35729-0"
    }
    #expect(
      try TemporaryLog(impressions).failure().hasPrefix(
        "LOG is MIND's behaviors.tsv, whose rows are impressions; take the clicks out first: awk "))
  }
}
