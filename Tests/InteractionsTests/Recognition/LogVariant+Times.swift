import Interactions

extension LogVariant {
  private func padded(_ number: Int, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// The columns of the time, one or two, as they are written.
  func times(_ event: Event) -> [String] {
    let seconds = event.day * 86_400 + event.clock
    let iso = Array(ISO8601.text(Int64(seconds) * 1_000_000))
    let (date, clock) = (String(iso[0..<10]), String(iso[11..<19]))
    let parts = date.split(separator: "-").map(String.init)
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let month = names[Int(parts[1])! - 1]
    let bare = String(Int(clock.replacing(":", with: "").prefix(4))!)
    switch style {
    case .none: return []
    case .seconds: return [String(seconds)]
    case .milliseconds: return ["\(seconds)123"]
    case .microseconds: return ["\(seconds)000456"]
    case .nanoseconds: return ["\(seconds)000000789"]
    case .decimals: return ["\(seconds).5"]
    case .iso: return ["\(date)T\(clock)Z"]
    case .isoBlank: return ["\(date) \(clock)"]
    case .isoZone: return ["\(date)T\(clock).250+02:00"]
    case .isoDate: return [date]
    case .digits: return [parts.joined()]
    case .digitsAndClock: return [parts.joined() + clock.replacing(":", with: "")]
    case .slashes: return ["\(parts[0])/\(parts[1])/\(parts[2])"]
    case .dayFirst: return ["\(Int(parts[2])!)/\(Int(parts[1])!)/\(parts[0]) \(clock.prefix(5))"]
    case .monthFirst: return ["\(Int(parts[1])!)/\(Int(parts[2])!)/\(parts[0]) \(clock)"]
    case .dots: return ["\(parts[2]).\(parts[1]).\(parts[0])"]
    case .cDate: return ["Tue \(month) \(parts[2]) \(clock) +0000 \(parts[0])"]
    case .monthName: return ["\(Int(parts[2])!) \(month) \(parts[0])"]
    case .dateAndClock: return [date, String(clock.prefix(5))]
    case .digitsAndHours: return [parts.joined(), bare]
    case .zoneless: return ["\(date)T\(clock)"]
    }
  }

  mutating func timeNames() -> [String] {
    switch times(events[0]).count {
    case 0: []
    case 2:
      [pick(["date", "event_date", "Datum"]), pick(["time", "clock", "hour"])].map { $0 == "hour" ? "time" : $0 }
    default:
      [
        pick([
          "timestamp", "ts", "time", "Event Time", "datetime", "played_at", "t_dat", "created_at", "listened_at",
          "unixReviewTime", "purchase_date", "zeit", "when_it_was", "UTC_TIME", "order_purchase_timestamp", "seen",
        ])
      ]
    }
  }

  /// What the time of an event is when it is read, in microseconds; nil where the variant has none.
  func instant(_ event: Event) -> Int64? {
    let day = Int64(event.day) * 86_400_000_000
    let second = day + Int64(event.clock) * 1_000_000
    let minute = day + Int64(event.clock / 60 * 60) * 1_000_000
    switch style {
    case .none: return nil
    case .milliseconds: return second + 123_000
    case .microseconds: return second + 456
    case .decimals: return second + 500_000
    case .isoZone: return second + 250_000 - 7_200_000_000
    case .isoDate, .digits, .slashes, .dots, .monthName: return day
    case .dayFirst, .dateAndClock, .digitsAndHours: return minute
    default: return second
    }
  }
}
