import Glibc

/// In which form the values of a column are times, and how sure that is.
struct TimeEvidence: Equatable {
  let form: TimeForm
  /// The share of the values that are in this form, of those that are neither missing nor 0 or −1.
  let share: Double
  /// Forms that fit as many values; which one it is the values do not say.
  let rivals: [TimeForm]

  /// The form of most values; nil where none is a time.
  init?(_ profile: ColumnProfile) {
    let order = TimeForm.recognized + TimeUnit.inferred.map { TimeForm.unix($0) }
    var best: (form: TimeForm, count: Int)?
    for form in order {
      let count = profile.forms[form] ?? 0
      if count > best?.count ?? 0 { best = (form, count) }
    }
    guard let best else { return nil }
    form = best.form
    let total = profile.present - profile.noTimes
    share = Double(best.count) / Double(max(1, total))
    let isOpen = form == .calendar(.dayMonthYear) && profile.forms[.calendar(.monthDayYear)] == best.count
    rivals = isOpen ? [.calendar(.monthDayYear)] : []
  }
}

/// What may be a Unix time where nobody says so.
enum PlausibleTimes {
  /// 1990-01-01, in seconds.
  static let first: Int64 = 631_152_000
  /// The end of next year, in seconds.
  static let last: Int64 = {
    let now = Int(Glibc.time(nil))
    let (year, _, _) = CivilDate.date(daysSince1970: now / 86_400)
    return Int64(CivilDate.daysSince1970(year: year + 2, month: 1, day: 1) ?? 0) * 86_400
  }()
  /// 2000-01-01, before which nobody counted nanoseconds; ticks of other systems look like them.
  private static let firstNanoseconds: Int64 = 946_684_800

  /// The unit in which `number` is a time between 1990 and the end of next year.
  static func unit(of number: UnixNumber) -> TimeUnit? {
    guard number.whole > 0 else { return nil }
    let unit = TimeUnit.of(magnitude: number.whole.magnitude)
    guard let time = number.microseconds(in: unit) else { return nil }
    let start = unit == .nanoseconds ? firstNanoseconds : first
    return time >= start * 1_000_000 && time < last * 1_000_000 ? unit : nil
  }
}

/// How a column of times of day is written, which a column of dates needs beside it.
package enum ClockForm: String, Codable, Sendable {
  /// `hh:mm[:ss]`, also with AM and PM
  case text = "hh:mm"
  /// `hhmm` as a number, so that 800 is eight o'clock
  case hoursAndMinutes = "hhmm"
  /// `hhmmss` as a number
  case hoursMinutesAndSeconds = "hhmmss"
  case hours
  /// Milliseconds since the date or the beginning of a session
  case milliseconds

  /// Microseconds since midnight; nil where the text is no time of day in this form.
  func microseconds(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    let range = Byte.trimmed(bytes, range)
    if self == .text {
      guard var text = TimeCursor(bytes, range), range.contains(where: { bytes[$0] == Byte.colon }),
        let clock = text.clock(), text.isAtEnd
      else { return nil }
      return clock
    }
    guard let number = UnixNumber(bytes, range), number.whole >= 0, number.millionths == 0 else { return nil }
    let value = number.whole
    switch self {
    case .text: return nil
    case .hours: return value < 24 ? value * 3_600_000_000 : nil
    case .milliseconds: return value < 86_400_000_000 ? value * 1_000 : nil
    case .hoursAndMinutes:
      guard value < 2_400, value % 100 < 60 else { return nil }
      return (value / 100 * 60 + value % 100) * 60_000_000
    case .hoursMinutesAndSeconds:
      guard value < 240_000, value / 100 % 100 < 60, value % 100 < 60 else { return nil }
      return (value / 10_000 * 3_600 + value / 100 % 100 * 60 + value % 100) * 1_000_000
    }
  }

  /// The form of a column of times of day; nil where its values do not say.
  static func of(_ profile: ColumnProfile, name: String) -> ClockForm? {
    if profile.isClock { return .text }
    guard profile.isNumeric, profile.share(profile.whole) >= 0.95, let range = profile.range, range.lowerBound >= 0
    else {
      return nil
    }
    if ["hour", "hours", "hourofday", "stunde", "heure", "hora"].contains(ColumnRole.plain(name)) {
      return range.upperBound < 24 ? .hours : nil
    }
    // Minutes or seconds of the day would have numbers that no clock shows.
    func fits(_ form: ClockForm) -> Bool {
      profile.values.allSatisfy { value in
        value.isEmpty || form.microseconds(value.span, 0..<value.count) != nil
      }
    }
    if range.upperBound < 2_400 {
      return range.upperBound >= 100 && profile.distinct >= 10 && fits(.hoursAndMinutes) ? .hoursAndMinutes : nil
    }
    return profile.distinct >= 10 && fits(.hoursMinutesAndSeconds) ? .hoursMinutesAndSeconds : nil
  }
}
