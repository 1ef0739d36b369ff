import Foundation

/// What a column means to a log.
package enum ColumnRole: String, CaseIterable, Codable, Sendable {
  case user, item, time, group
  /// What happened: a view, a purchase.
  case kind
  /// How much the user liked it, or how often it was.
  case rating
  /// The time of day, beside a column of dates.
  case clock

  /// The role whose columns go to `slot`; nil for those of filters.
  package init?(slot: Int) {
    guard Self.allCases.indices.contains(slot) else { return nil }
    self = Self.allCases[slot]
  }

  /// The place of the role in `allCases`.
  var slot: Int {
    switch self {
    case .user: 0
    case .item: 1
    case .time: 2
    case .group: 3
    case .kind: 4
    case .rating: 5
    case .clock: 6
    }
  }
}

extension ColumnRole: CodingKeyRepresentable {}

extension ColumnRole {
  /// A column name without what writers spell differently: case, blanks, `_`, `-`, `.`, `#`, what stands in parentheses, and
  /// RecBole's `:type`.
  static func plain(_ name: String) -> String {
    let untyped = name.split(separator: ":", maxSplits: 1).first ?? ""
    var plain = ""
    var depth = 0
    for character in folded(untyped) {
      switch character {
      case "(": depth += 1
      case ")": depth -= 1
      case " ", "_", "-", ".", "#", "\"", "'", "/": continue
      default: if depth == 0 { plain.append(character) }
      }
    }
    return plain
  }

  /// In small letters, and without what stands above or below them: `Usuário` is `usuario`.
  private static func folded(_ name: Substring) -> String {
    let lower = name.lowercased()
    return lower.utf8.allSatisfy { $0 < 0x80 } ? lower : lower.folding(options: .diacriticInsensitive, locale: nil)
  }

  /// The words of a column name, cut at what is no letter and where a capital begins: `orderDate_utc` is order, date, utc.
  static func words(of name: String) -> [String] {
    var words: [String] = []
    var word = ""
    var isSmall = false
    for character in name {
      if character.isLetter {
        if character.isUppercase, isSmall {
          words.append(word)
          word = ""
        }
        isSmall = character.isLowercase
        word += character.lowercased()
      } else {
        if !word.isEmpty { words.append(word) }
        word = ""
        isSmall = false
      }
    }
    return word.isEmpty ? words : words + [word]
  }

  /// Whether `names` look like a header: one of them usually stands over a user or an item.
  static func isHeader(_ names: [String]) -> Bool {
    [ColumnRole.user, .item].contains { $0.position(in: names) != nil }
  }

  /// Where the most telling usual name of an item's id stands in `names`.
  package static func itemPosition(in names: [String]) -> Int? { item.position(in: names) }

  /// Where the most telling usual name of this role stands in `names`.
  func position(in names: [String]) -> Int? { positions(in: names).first }

  /// Where usual names of this role stand in `names`, most telling first.
  ///
  /// Where all names are `table.column`, as Hive writes them, the column counts.
  func positions(in names: [String]) -> [Int] {
    func positions(_ plain: [String]) -> [Int] {
      usualNames.flatMap { name in plain.indices.filter { plain[$0] == name } }
    }
    let whole = positions(names.map(Self.plain))
    guard whole.isEmpty, names.count > 1, names.allSatisfy({ $0.contains(".") }) else { return whole }
    return positions(names.map { Self.plain(String($0.split(separator: ".").last ?? "")) })
  }

  /// The name without what says only that it is an id: `movieId` and `movie` have one stem.
  static func stem(_ name: String) -> String {
    var stem = plain(name)
    if stem == "parentasin" { return "asin" }
    for ending in ["uniqueid", "id", "idx", "index", "code", "key", "number", "nummer", "name", "hash"]
    where stem.hasSuffix(ending) && stem.utf8.count > ending.utf8.count {
      stem.removeLast(ending.count)
      break
    }
    return ["u", "usr", "users"].contains(stem) ? "user" : ["i", "items"].contains(stem) ? "item" : stem
  }

  /// Names that usually stand over such a column, most telling first, as `plain` writes them.
  var usualNames: [String] {
    switch self {
    case .user: Self.userNames
    case .item: Self.itemNames
    case .time: Self.timeNames
    case .group:
      [
        "sessionid", "session", "usersession", "visitid", "gasessionid", "basketid", "basket", "orderid", "order",
        "groupid", "group", "transactionid", "invoiceno", "invoice", "invoiceid",
      ]
    case .kind:
      [
        "eventtype", "event", "eventname", "behaviortype", "behaviourtype", "behavior", "behaviour", "actiontype",
        "action", "interactiontype", "interaction", "activitytype", "activity", "kind", "type", "ereignis",
      ]
    case .rating:
      [
        "rating", "ratings", "stars", "score", "overall", "reviewscore", "rate", "userrating", "bewertung", "weight",
        "playcount", "plays", "count",
      ]
    case .clock:
      [
        "time", "clock", "timeofday", "hour", "hourofday", "hours", "uhrzeit", "zeit", "heure", "hora", "ora",
        "eventtime", "tm", "timeframe", "hr",
      ]
    }
  }

  /// Names of columns that hold a list of items in each row.
  static let listNames: Set<String> = [
    "items", "itemids", "itemlist", "itemidlist", "itemseq", "itemsequence", "sequence", "seq", "history", "histories",
    "itemhistory", "products", "productids", "movies", "movieids", "tracks", "songs", "articles", "articleids",
    "videos",
    "events", "interactions", "clicks", "purchases", "asins", "skus", "books",
  ]

  private static let userNames = [
    "userid", "user", "uid", "userindex", "useridx", "usersid", "users", "usrid", "usr", "username", "customerid",
    "customer", "custid", "customeruniqueid", "visitorid", "visitor", "reviewerid", "reviewer", "memberid", "member",
    "msno", "accountid", "account", "clientid", "client", "buyerid", "buyer", "shopperid", "consumerid", "subscriberid",
    "playerid", "personid", "person", "profileid", "userpseudoid", "fullvisitorid", "steamid", "authorid", "userhash",
    "userkey", "usercode", "usernumber", "deviceid", "cookieid", "kundeid", "kundenid", "kundennummer", "kundennr",
    "kunde", "kundin", "nutzerid", "nutzer", "benutzerid", "benutzer", "utilisateurid", "utilisateur", "clienteid",
    "cliente", "usuarioid", "usuario", "utente", "gebruiker", "klant", "uzytkownik", "klient",
    "kullanici", "пользователь", "клиент", "用户", "用户id", "ユーザー", "ユーザーid", "사용자",
  ]

  private static let itemNames = [
    "itemid", "item", "iid", "itemindex", "itemidx", "itemsid", "itemcode", "itemkey", "itemnumber", "parentasin",
    "asin", "movieid", "movie", "productid", "product", "articleid", "article", "bookid", "book", "isbn", "trackid",
    "track", "songid", "song", "artistid", "artist", "videoid", "video", "contentid", "content", "businessid",
    "business", "venueid", "venue", "locationid", "placeid", "place", "poiid", "poi", "pageid", "page", "gameid",
    "game", "appid", "app", "animeid", "anime",
    "newsid", "news", "aid", "sku", "skuid", "stockcode", "goodsid", "recipeid", "courseid", "jobid", "adid",
    "listingid", "hotelid", "offerid", "podcastid", "showid", "productcode", "artikelid", "artikelnummer", "artikelnr",
    "artikel", "produktid", "produkt", "articulo", "producto", "produit", "prodotto", "articolo", "produto", "towar",
    "urun", "товар", "продукт", "商品", "商品id", "物品", "アイテム", "アイテムid", "상품",
  ]

  private static let timeNames = [
    "timestamp", "eventtimestamp", "eventtime", "time", "ts", "datetime", "timestampms", "timems", "unixreviewtime",
    "unixtime", "unixtimestamp", "epoch", "eventdatetime", "eventdate", "date", "orderpurchasetimestamp",
    "invoicedate", "purchasedate", "purchasetime", "orderdate", "ordertime", "listenedat", "playedat", "watchedat",
    "clickedat", "viewedat", "purchasedat", "ratedat", "visitedat", "tdat", "transactiondt", "transactiondate",
    "transactiontime", "servertime", "utctime", "visittime", "clicktime", "viewtime", "ratingtime", "reviewtime",
    "reviewdate", "ratingdate", "checkintime", "starttime", "endtime", "createdat", "created", "creationdate",
    "occurredat", "occuredat", "loggedat", "timecreated", "timest", "timestamps", "ticks", "zeitstempel", "zeitpunkt",
    "zeit",
    "datum", "horodatage", "fecha", "fechahora", "hora", "data", "datahora", "tijd", "tarih", "время", "дата",
    "时间", "时间戳", "日期", "日時", "시간", "t",
  ]
}
