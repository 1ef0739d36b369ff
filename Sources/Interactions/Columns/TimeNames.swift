/// What the name of a column says about the times in it.
enum TimeNames {
  /// How far a name speaks for or against the time of an event.
  enum Verdict {
    /// `played_at`, `t_dat`
    case event
    /// Nothing either way.
    case open
    /// `updated_at`, `delivered`: a later moment of the event, taken only where there is no other.
    case later
    /// `birthdate`, `release_date`: an attribute of the user or the item.
    case attribute
  }

  /// Names over which times must stand: where they do not, the file is refused.
  static let binding: Set<String> = [
    "timestamp", "eventtimestamp", "eventtime", "time", "ts", "datetime", "timestampms", "timems", "unixreviewtime",
    "unixtime", "unixtimestamp", "ticks", "eventdatetime", "eventdate", "date", "zeitstempel", "datum", "fecha",
  ]

  static func verdict(_ name: String) -> Verdict {
    let words = ColumnRole.words(of: name)
    if !attributes.isDisjoint(with: words) { return .attribute }
    if !later.isDisjoint(with: words) { return .later }
    if ColumnRole.time.usualNames.contains(ColumnRole.plain(name)) || !moments.isDisjoint(with: words) { return .event }
    return .open
  }

  /// Whether a column of this name may say when events were, although it holds no time that is known.
  static func isPeriod(_ name: String) -> Bool {
    let plain = ColumnRole.plain(name)
    return ["day", "month", "week", "year", "yearmonth", "quarter", "weeknumber", "daynumber", "dayno", "weekno"]
      .contains(plain)
  }

  /// Whether numbers under this name are ids, amounts or codes even where they look like Unix times.
  static func isNumber(_ name: String) -> Bool { !numbers.isDisjoint(with: ColumnRole.words(of: name)) }

  private static let moments: Set<String> = [
    "time", "date", "timestamp", "datetime", "ts", "at", "dt", "dat", "datum", "zeit", "epoch", "when", "moment",
    "timest", "unixtime", "fecha", "heure",
  ]
  private static let later: Set<String> = [
    "updated", "update", "modified", "deleted", "delivered", "delivery", "approved", "shipped", "shipping", "estimated",
    "limit", "ended", "finished", "returned", "refunded", "processed", "loaded", "ingested", "inserted", "exported",
  ]
  private static let attributes: Set<String> = [
    "birth", "born", "dob", "birthday", "birthdate", "release", "released", "publish", "published", "publication",
    "expiry", "expire", "expires", "expiration", "registered", "registration", "signup", "joined", "membership",
    "deadline", "due", "valid", "until", "since",
  ]
  private static let numbers: Set<String> = [
    "id", "ids", "code", "key", "number", "no", "nr", "num", "hash", "price", "amount", "cost", "phone", "zip",
    "count", "rating", "score", "value", "index", "idx", "category", "cat", "brand", "size", "quantity", "qty", "rank",
    "user", "item", "product", "seller", "store", "shop", "session", "duration", "length", "age", "weight", "lat",
    "lon",
  ]
}
