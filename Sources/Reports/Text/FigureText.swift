import DurableFiles
import Foundation

/// Figures as a reader sees them.
package enum FigureText {
  /// Four decimals, as ranking metrics are published: `0.1537`.
  package static func metric(_ value: Double) -> String { String(format: "%.4f", value) }

  /// A signed difference: `+0.0021`, `−0.0310`.
  package static func difference(_ value: Double) -> String {
    (value < 0 ? "−" : "+") + metric(abs(value))
  }

  /// The nearest whole number: the largest there is for what lies beyond, 0 for no number.
  static func whole(_ value: Double) -> Int {
    Int(exactly: value.rounded()) ?? (value.isNaN ? 0 : value < 0 ? .min : .max)
  }

  /// A whole number in groups of three: `999,611`.
  package static func count(_ value: Int) -> String {
    let digits = String(value.magnitude)
    let grouped = digits.enumerated().map { index, digit in
      index > 0 && (digits.count - index).isMultiple(of: 3) ? ",\(digit)" : String(digit)
    }
    return (value < 0 ? "−" : "") + grouped.joined()
  }

  /// A number of things: `999,611 users`, `1 user`.
  package static func count(_ value: Int, _ what: String) -> Counted { Counted(value, what, written: count(value)) }

  /// A p-value: `0.012`, or `< 0.001`.
  package static func p(_ value: Double) -> String { value < 0.001 ? "< 0.001" : String(format: "%.3f", value) }

  /// A length of time in its two largest units: `0.42 s`, `45 s`, `3 min 20 s`, `2 h 5 min`.
  package static func duration(seconds: Double) -> String {
    if seconds < 10 { return String(format: "%.2f s", seconds) }
    let whole = whole(seconds)
    if whole < 60 { return "\(whole) s" }
    return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  /// A label of an axis whose neighboring labels lie `step` apart, with just the decimals that tell them apart.
  static func tick(_ value: Double, step: Double) -> String {
    var decimals = 0
    var scaled = step
    while abs(scaled - scaled.rounded()) > 1e-6 * scaled, decimals < 9 {
      (scaled, decimals) = (scaled * 10, decimals + 1)
    }
    let text = String(format: "%.\(decimals)f", abs(value))
    let isZero = text.allSatisfy { $0 == "0" || $0 == "." }
    return (value < 0 && !isZero ? "−" : "") + (decimals == 0 ? count(whole(abs(value))) : text)
  }
}
