import Interactions
import Testing

@Suite struct ColumnTests {
  @Test(arguments: [
    "user,item,timestamp", "User ID,Item-Id,Time Stamp", "userId,movieId,ts", "reviewerID,asin,unixReviewTime",
    "user_id,item_id,datetime", "customer_id,product_id,created_at", "visitorid,itemid,event_time",
  ])
  func usualNamesAreFound(header: String) throws {
    let (log, report) = try TemporaryLog(header + "\nann,x,1700000000\n").read()
    #expect(log.text == ["ann: x"])
    #expect(report.layout.columns[.time]?.number == 3)
    #expect(report.layout.hasHeader)
  }

  @Test func aHeaderOfUnusualNamesIsSeenByTheNumbersBelowIt() throws {
    let log = try TemporaryLog("who,what,when\n1,2,1700000000\n3,4,1700000001\n")
    #expect(
      log.failure()
        == "LOG: no user and no item column is known among \"who\", \"what\", \"when\"; name them, such as "
        + "--columns user=who,item=what")
  }

  @Test func withoutAHeaderTheLastColumnOfTimesIsTheTime() throws {
    let (_, report) = try TemporaryLog("7,8,5,1700000000\n7,9,4,1700000001\n").read()
    #expect(report.layout.columns.mapValues(\.number) == [.user: 1, .item: 2, .time: 4])
    let untimed = try TemporaryLog("7,8,5,17\n7,9,4,18\n").read().report
    #expect(untimed.layout.columns.mapValues(\.number) == [.user: 1, .item: 2])
  }

  @Test func anUnknownColumnIsNamedBesideTheKnownOnes() throws {
    let log = try TemporaryLog("user,item\n1,2\n")
    #expect(
      log.failure(ReadingOptions(columns: try ColumnSelection("user=person")))
        == "LOG: --columns asks for user=person, but the columns are \"user\", \"item\"")
  }

  @Test(arguments: [
    ("user", "\"user\" is not ROLE=COLUMN in \"user\""), ("user=", "\"user=\" is not ROLE=COLUMN in \"user=\""),
    ("usr=a", "\"usr\" is no role in \"usr=a\""), ("user=a,user=b", "user is named twice in \"user=a,user=b\""),
    ("item=none", "a log needs its item in \"item=none\""),
  ])
  func aMalformedSelectionSaysWhatItExpected(text: String, reason: String) {
    let error = #expect(throws: LogError.self) { try ColumnSelection(text) }
    #expect(
      error?.description == reason + "; expected user=…,item=…,time=…,group=… with names or numbers from 1")
  }
}
