/// What a column means to a log.
package enum ColumnRole: String, CaseIterable, Codable, Sendable {
  case user, item, time, group

  /// Names that usually stand over such a column, most telling first; compared without case, blanks, `_`, `-` and `.`.
  var usualNames: [String] {
    switch self {
    case .user:
      [
        "user", "userid", "uid", "userindex", "customer", "customerid", "visitor", "visitorid", "reviewerid",
        "member", "memberid", "account", "accountid", "client", "clientid", "person", "personid", "profileid",
      ]
    case .item:
      [
        "item", "itemid", "iid", "itemindex", "movie", "movieid", "asin", "product", "productid", "article",
        "articleid", "book", "bookid", "isbn", "track", "trackid", "song", "songid", "artist", "artistid", "video",
        "videoid", "content", "contentid", "business", "businessid", "poi", "poiid", "sku", "stockcode",
      ]
    case .time:
      [
        "timestamp", "time", "ts", "datetime", "date", "unixreviewtime", "unixtime", "eventtime", "createdat",
        "created", "occurredat", "invoicedate", "t",
      ]
    case .group: ["group", "groupid", "session", "sessionid", "basket", "basketid", "order", "orderid"]
    }
  }

  /// A column name without what people write differently: case, blanks, `_`, `-`, `.` and RecBole's `:type`.
  static func plain(_ name: String) -> String {
    let untyped = name.split(separator: ":", maxSplits: 1).first ?? ""
    return String(untyped.lowercased().filter { !" _-.".contains($0) })
  }

  /// Whether `names` look like a header: one of them usually stands over a user or an item.
  static func isHeader(_ names: [String]) -> Bool {
    let usual = ColumnRole.user.usualNames + ColumnRole.item.usualNames
    return names.contains { usual.contains(plain($0)) }
  }

  /// Where the usual name of this role stands in `names`.
  func position(in names: [String]) -> Int? {
    let plain = names.map(Self.plain)
    return usualNames.lazy.compactMap { plain.firstIndex(of: $0) }.first
  }
}
