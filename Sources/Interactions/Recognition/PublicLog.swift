/// A public log that its columns give away, where names and values alone would not tell what they mean.
///
/// Most public logs need no entry: their columns have usual names or stand in the usual place.
struct PublicLog {
  let title: String
  /// Where its columns stand, from 0.
  var roles: [(ColumnRole, Int)] = []
  var timeForm: TimeForm?
  var clock: ClockForm?
  /// Roles that no column of it should get.
  var without: Set<ColumnRole> = []
  /// What to do first, where its file alone is no log.
  var refusal: String?

  /// The public log that the evidence shows; nil for all others.
  static func known(_ evidence: RoleAssignment.Evidence) -> PublicLog? {
    guard let names = evidence.names else { return headerless(evidence) }
    let plain = names.map(ColumnRole.plain)
    if evidence.format == .recbole, let augmented = augmented(names, file: evidence.file) { return augmented }
    return headed.first { $0.columns.isSubset(of: plain) && $0.lacks.isDisjoint(with: plain) }.map { entry in
      var log = entry.log
      for (role, name) in entry.roles {
        if let position = plain.firstIndex(of: name) { log.roles.append((role, position)) }
      }
      return log
    }
  }

  private struct Entry: Sendable {
    let columns: Set<String>
    var lacks: Set<String> = []
    var roles: [(ColumnRole, String)] = []
    let log: PublicLog
  }

  private static var headed: [Entry] {
    [
      Entry(
        columns: ["sessionid", "userid", "itemid", "timeframe", "eventdate"],
        roles: [(.user, "sessionid"), (.item, "itemid"), (.time, "eventdate"), (.clock, "timeframe")],
        log: PublicLog(title: "Diginetica", timeForm: .iso8601, clock: .milliseconds, without: [.group])),
      Entry(
        columns: ["timestamp", "visitorid", "event", "itemid", "transactionid"],
        roles: [(.user, "visitorid"), (.item, "itemid"), (.time, "timestamp"), (.kind, "event")],
        log: PublicLog(title: "RetailRocket", without: [.group])),
      Entry(
        columns: ["userid", "videoid", "playduration", "watchratio", "timestamp"],
        roles: [(.user, "userid"), (.item, "videoid"), (.time, "timestamp")], log: PublicLog(title: "KuaiRec")),
      Entry(
        columns: ["userid", "itemid", "catid", "brandid", "timestamp", "actiontype"],
        roles: [(.user, "userid"), (.item, "itemid"), (.time, "timestamp"), (.kind, "actiontype")],
        log: PublicLog(title: "Tmall", timeForm: .monthAndDay)),
      Entry(
        columns: ["customeruniqueid", "productid", "orderpurchasetimestamp"],
        roles: [
          (.user, "customeruniqueid"), (.item, "productid"), (.time, "orderpurchasetimestamp"), (.group, "orderid"),
        ],
        log: PublicLog(title: "Olist")),
      Entry(
        columns: ["orderid", "customerid", "orderstatus", "orderpurchasetimestamp"], lacks: ["productid"],
        log: PublicLog(
          title: "Olist's table of orders, which names no items",
          refusal: "join it with the order items by order_id and with the customers by customer_id first")),
      Entry(
        columns: ["orderid", "orderitemid", "productid", "shippinglimitdate"],
        lacks: ["customerid", "customeruniqueid"],
        log: PublicLog(
          title: "Olist's table of order items, which names no users",
          refusal: "join it with the orders by order_id and with the customers by customer_id first")),
      Entry(
        columns: ["orderid", "productid", "addtocartorder", "reordered"], lacks: ["userid"],
        log: PublicLog(
          title: "Instacart's table of ordered products, which names no users",
          refusal:
            "join it with orders.csv by order_id first, or take orders as users: --columns user=order_id,item=product_id"
        )),
      Entry(
        columns: ["orderid", "userid", "evalset", "ordernumber"], lacks: ["productid"],
        log: PublicLog(
          title: "Instacart's table of orders, which names no items",
          refusal: "join it with order_products__prior.csv by order_id first")),
    ]
  }

  /// RecBole's sequential files: in each row a history, `item_id_list:token_seq`, and the item that comes next, `item_id:token`.
  /// Events are in neither column alone.
  private static func augmented(_ names: [String], file: String) -> PublicLog? {
    func position(_ name: String) -> Int? { names.firstIndex(of: name) }
    for (item, name) in names.enumerated() where name.hasSuffix(":token") {
      guard let list = position("\(name.dropLast(":token".count))_list:token_seq"),
        let user = names.indices.first(where: { $0 != item && names[$0].hasSuffix(":token") })
      else { continue }
      let file = ShellWord.quoted(file)
      return PublicLog(
        title: "RecBole's histories with the next item of each beside it",
        refusal: "join them first, the longest of each user: "
          + "awk -F'\\t' -v OFS='\\t' '{sub(/\\r$/,\"\")}NR==1{print $\(user + 1),\"items:token_seq\";next}"
          + "{n=split($\(list + 1),a,\" \")}!($\(user + 1) in m)||n>=m[$\(user + 1)]{m[$\(user + 1)]=n;"
          + "h[$\(user + 1)]=$\(list + 1)\" \"$\(item + 1)}END{for(u in m)print u,h[u]}' \(file) > \(file).joined.inter"
      )
    }
    return nil
  }

  /// Logs without header that only their values give away.
  private static func headerless(_ evidence: RoleAssignment.Evidence) -> PublicLog? {
    let profiles = evidence.profiles
    if (4...5).contains(profiles.count), profiles[0].isNumeric, profiles[2].isNumeric,
      profiles[1].time?.form == .iso8601,
      profiles[1].values.allSatisfy({ $0.last == UInt8(ascii: "Z") && $0.contains(0x2E) }),
      let range = profiles[2].range, range.lowerBound >= 100_000_000
    {
      return PublicLog(title: "YooChoose", roles: [(.user, 0), (.time, 1), (.item, 2)])
    }
    if profiles.count == 5, profiles[..<3].allSatisfy(\.isNumeric), profiles[4].time?.form == .unix(.seconds),
      profiles[3].values.allSatisfy({ ["pv", "buy", "cart", "fav"].contains(String(decoding: $0, as: UTF8.self)) })
    {
      return PublicLog(title: "Taobao", roles: [(.user, 0), (.item, 1), (.kind, 3), (.time, 4)])
    }
    if profiles.count == 8, profiles[0].isNumeric, areHexadecimal(profiles[1], 24), areHexadecimal(profiles[2], 24),
      profiles[7].time?.form == .monthName
    {
      return PublicLog(title: "Foursquare", roles: [(.user, 0), (.item, 1), (.time, 7)])
    }
    if profiles.count == 4, areHexadecimal(profiles[0], 40), areHexadecimal(profiles[1], 36), profiles[3].isNumeric {
      return PublicLog(title: "Last.fm 360K", roles: [(.user, 0), (.item, 1), (.rating, 3)], without: [.time])
    }
    if profiles.count == 5, profiles[0].isNumeric, share(profiles[1], of: "A9") >= 0.95,
      profiles[2].time != nil || profiles[2].forms[.calendar(.monthDayYear)] != nil,
      profiles[4].share(profiles[4].values.count { $0.suffix(2) == [0x2D, 0x30] || $0.suffix(2) == [0x2D, 0x31] })
        >= 0.95
    {
      let program =
        #"awk -F'\t' '{n=split($5,a," ");for(i=1;i<=n;i++)if(a[i]~/-1$/)print $2"\t"substr(a[i],1,length(a[i])-2)"\t"$3}'"#
      let file = ShellWord.quoted(evidence.file)
      return PublicLog(
        title: "MIND's behaviors.tsv, whose rows are impressions",
        refusal: "take the clicks out first: \(program) \(file) > clicks.tsv, then read clicks.tsv with "
          + "--time-format '%m/%d/%Y %I:%M:%S %p'")
    }
    return nil
  }

  /// Whether nearly all values that are there have `count` hexadecimal digits, also with `-` between them.
  private static func areHexadecimal(_ profile: ColumnProfile, _ count: Int) -> Bool {
    let fitting = profile.values.count { value in
      value.count == count
        && value.allSatisfy { Byte.isDigit($0) || ($0 | 0x20) &- UInt8(ascii: "a") < 6 || $0 == UInt8(ascii: "-") }
    }
    return !profile.isEmpty && profile.share(fitting) >= 0.95
  }

  private static func share(_ profile: ColumnProfile, of shape: String) -> Double {
    profile.share(profile.shapes[Array(shape.utf8)] ?? 0)
  }

  /// Where user and item stand in Amazon's ratings without header, whose order changed over the years; nil where the first
  /// two columns are not Amazon's ids.
  static func amazonOrder(_ profiles: [ColumnProfile]) -> (user: Int, item: Int)? {
    func isItem(_ id: [UInt8]) -> Bool { id.count == 10 && id.allSatisfy(isCapital) }
    func isUser(_ id: [UInt8]) -> Bool {
      (11...30).contains(id.count) && id[0] == UInt8(ascii: "A") && id.allSatisfy(isCapital)
    }
    guard profiles.count >= 2, profiles[0].present > 0, profiles[1].present > 0 else { return nil }
    func all(_ column: Int, _ test: ([UInt8]) -> Bool) -> Bool {
      profiles[column].share(profiles[column].values.count(where: test)) >= 0.9
    }
    if all(0, isItem), all(1, isUser) { return (1, 0) }
    if all(0, isUser), all(1, isItem) { return (0, 1) }
    return nil
  }

  private static func isCapital(_ byte: UInt8) -> Bool { Byte.isDigit(byte) || byte &- UInt8(ascii: "A") < 26 }
}
