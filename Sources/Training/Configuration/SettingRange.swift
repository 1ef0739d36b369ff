/// What a number of a configuration may be, whether it comes from a file, from `--set`, from a flag or from a model.
package struct SettingRange: Sendable, Equatable {
  package let lower, upper: Double
  var isWhole = false
  /// Whether the bounds themselves are allowed.
  var withoutLower = false
  var withoutUpper = false

  func contains(_ value: Double) -> Bool {
    (!isWhole || value == value.rounded()) && (withoutLower ? value > lower : value >= lower)
      && (withoutUpper ? value < upper : value <= upper)
  }

  /// `a whole number from 1 to 65536`, `a number above 0 and below 1`
  package var text: String {
    func number(_ value: Double) -> String { value == value.rounded() ? "\(Int(value))" : "\(value)" }
    let from = "a \(isWhole ? "whole number" : "number") \(withoutLower ? "above" : "from") \(number(lower))"
    if withoutLower { return "\(from) and \(withoutUpper ? "below" : "up to") \(number(upper))" }
    return "\(from) to \(withoutUpper ? "below " : "")\(number(upper))"
  }

  static func whole(_ range: ClosedRange<Int>) -> SettingRange {
    SettingRange(lower: Double(range.lowerBound), upper: Double(range.upperBound), isWhole: true)
  }

  static let share = SettingRange(lower: 0, upper: 1)
  static let belowOne = SettingRange(lower: 0, upper: 1, withoutUpper: true)
  static let factor = SettingRange(lower: 0, upper: 1_000_000)
  static let count = whole(1...1_000_000)
  static let countOrNone = whole(0...1_000_000)
}
