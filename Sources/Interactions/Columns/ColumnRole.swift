/// What a column means to a log.
package enum ColumnRole: String, CaseIterable, Codable, Sendable {
  case user, item, time, group

  /// Names that usually stand over such a column, most telling first; compared without case, blanks, `_`, `-` and `.`.
  var usualNames: [String] {
    switch self {
    case .user:
      [
        "userid", "user", "uid", "userindex", "useridx", "username", "usersid", "customerid", "customer", "custid",
        "customeruniqueid", "visitorid", "visitor", "reviewerid", "reviewer", "memberid", "member", "msno", "accountid",
        "account", "clientid", "client", "buyerid", "buyer", "shopperid", "consumerid", "subscriberid", "playerid",
        "personid", "person", "profileid", "userpseudoid", "fullvisitorid", "steamid", "authorid", "userhash",
        "userkey", "usercode", "usernumber", "deviceid", "cookieid", "kundeid", "kundennummer", "kunde", "kundin",
        "nutzerid", "nutzer", "benutzerid", "benutzer", "utilisateurid", "utilisateur", "clienteid", "cliente",
        "usuarioid", "usuario", "utente", "gebruiker", "klant", "uzytkownik", "klient",
      ]
    case .item:
      [
        "itemid", "item", "iid", "itemindex", "itemidx", "parentasin", "asin", "movieid", "movie", "productid",
        "product", "articleid", "article", "bookid", "book", "isbn", "trackid", "track", "songid", "song", "artistid",
        "artist", "videoid", "video", "contentid", "content", "businessid", "business", "venueid", "venue",
        "locationid", "poiid", "poi", "gameid", "game", "appid", "app", "animeid", "anime", "newsid", "news", "aid",
        "sku", "skuid", "stockcode", "goodsid", "recipeid", "courseid", "jobid", "adid", "listingid", "hotelid",
        "offerid", "podcastid", "showid", "itemcode", "productcode", "itemkey", "artikelid", "artikelnummer", "artikel",
        "produktid", "produkt", "articulo", "producto", "produit", "prodotto", "articolo", "produto", "towar",
      ]
    case .time:
      [
        "timestamp", "time", "ts", "datetime", "date", "unixreviewtime", "unixtime", "eventtime", "eventtimestamp",
        "eventdate", "createdat", "created", "occurredat", "invoicedate", "purchasedate", "orderdate",
        "orderpurchasetimestamp", "listenedat", "playedat", "watchedat", "clickedat", "tdat", "transactiondt",
        "transactiondate", "servertime", "endtime", "starttime", "utctime", "reviewtime", "timestampms", "timems",
        "epoch", "zeit", "zeitpunkt", "datum", "zeitstempel", "horodatage", "fecha", "hora", "data", "t",
      ]
    case .group: ["groupid", "group", "sessionid", "session", "usersession", "basketid", "basket", "orderid", "order"]
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
