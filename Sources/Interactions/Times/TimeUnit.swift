/// What a whole number counts since 1970-01-01 UTC.
package enum TimeUnit: String, Codable, CaseIterable, Sendable {
  case nanoseconds, microseconds, milliseconds, seconds
  /// Never inferred: named with `--time-unit`.
  case minutes, hours, days

  /// Those that are told apart by their magnitude.
  static let inferred: [TimeUnit] = [.seconds, .milliseconds, .microseconds, .nanoseconds]

  /// The unit in which a Unix time of this magnitude lies between the years 1973 and 5138; seconds also before 1973.
  static func of(magnitude: UInt64) -> TimeUnit {
    switch magnitude {
    case ..<100_000_000_000: .seconds
    case ..<100_000_000_000_000: .milliseconds
    case ..<100_000_000_000_000_000: .microseconds
    default: .nanoseconds
    }
  }

  /// Microseconds per unit; 0 for nanoseconds, of which a thousand are one.
  var scale: Int64 {
    switch self {
    case .nanoseconds: 0
    case .microseconds: 1
    case .milliseconds: 1_000
    case .seconds: 1_000_000
    case .minutes: 60_000_000
    case .hours: 3_600_000_000
    case .days: 86_400_000_000
    }
  }

  /// `whole` units and `millionths` of one in microseconds; what is finer is cut off, towards the past where the whole is
  /// negative; nil where that is no time of `EventTime.range`.
  func microseconds(_ whole: Int64, millionths: Int64 = 0) -> Int64? {
    if self == .nanoseconds { return whole.floorDivided(by: 1_000) }
    let (scaled, overflow) = whole.multipliedReportingOverflow(by: scale)
    if overflow || !EventTime.range.contains(scaled) { return nil }
    return millionths == 0 ? scaled : scaled + millionths * scale / 1_000_000
  }
}

/// The times that events can have, in microseconds since 1970-01-01 UTC.
package enum EventTime {
  /// The years 1 to 9999, which can be written; any two of them have a difference.
  package static let range: ClosedRange<Int64> = -62_135_596_800_000_000...253_402_300_799_999_999
}
