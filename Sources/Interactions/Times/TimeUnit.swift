/// How a log writes its times.
package enum TimeUnit: String, Codable, CaseIterable, Sendable {
  case seconds, milliseconds, microseconds, nanoseconds, iso8601

  package var name: String { self == .iso8601 ? "ISO 8601" : "Unix \(rawValue)" }

  /// The unit in which a Unix time of this magnitude lies between the years 1973 and 5138; seconds also before 1973.
  static func of(magnitude: UInt64) -> TimeUnit {
    switch magnitude {
    case ..<100_000_000_000: .seconds
    case ..<100_000_000_000_000: .milliseconds
    case ..<100_000_000_000_000_000: .microseconds
    default: .nanoseconds
    }
  }

  /// How many digits behind the decimal point of a time in this unit reach down to a microsecond.
  var decimals: Int {
    switch self {
    case .seconds, .iso8601: 6
    case .milliseconds: 3
    case .microseconds, .nanoseconds: 0
    }
  }

  /// `whole` units in microseconds; what is finer than a microsecond is cut off towards the past.
  func microseconds(_ whole: Int64) -> Int64 {
    switch self {
    case .seconds, .iso8601: whole * 1_000_000
    case .milliseconds: whole * 1_000
    case .microseconds: whole
    case .nanoseconds: whole >= 0 ? whole / 1_000 : -((-whole + 999) / 1_000)
    }
  }
}
