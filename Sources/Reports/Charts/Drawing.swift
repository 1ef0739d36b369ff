import Foundation

/// The marks of one picture, in SVG user units from its top left corner; every text in it is escaped.
struct Drawing {
  enum Anchor: String { case start, middle, end }

  let width: Double
  let height: Double
  private var marks: [String] = []

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// The picture, named for a screen reader by the elements `id-title` and `id-description` it holds.
  func svg(id: String, title: String, description: String) -> String {
    """
    <svg viewBox="0 0 \(Self.length(width)) \(Self.length(height))" role="img" aria-labelledby="\(id)-title \
    \(id)-description"><title id="\(id)-title">\(Self.escape(title))</title><desc id="\(id)-description">\
    \(Self.escape(description))</desc>\(marks.joined())</svg>
    """
  }

  /// The marks alone, for a picture that says nothing of its own (a legend's key).
  func decoration(style: String) -> String {
    """
    <svg class="\(style)" viewBox="0 0 \(Self.length(width)) \(Self.length(height))" aria-hidden="true">\
    \(marks.joined())</svg>
    """
  }

  mutating func line(_ style: String, from: (x: Double, y: Double), to: (x: Double, y: Double)) {
    marks.append(
      """
      <line class="\(style)" x1="\(Self.length(from.x))" y1="\(Self.length(from.y))" x2="\(Self.length(to.x))" \
      y2="\(Self.length(to.y))"/>
      """)
  }

  mutating func rectangle(_ style: String, x: Double, y: Double, width: Double, height: Double) {
    marks.append(
      """
      <rect class="\(style)" x="\(Self.length(x))" y="\(Self.length(y))" width="\(Self.length(max(0, width)))" \
      height="\(Self.length(height))"/>
      """)
  }

  mutating func path(_ style: String, through points: [(x: Double, y: Double)], isClosed: Bool = false) {
    guard points.count > 1 else { return }
    let corners = points.map { "\(Self.length($0.x)) \(Self.length($0.y))" }.joined(separator: "L")
    marks.append("<path class=\"\(style)\" d=\"M\(corners)\(isClosed ? "Z" : "")\"/>")
  }

  mutating func circle(_ style: String, at center: (x: Double, y: Double), radius: Double) {
    marks.append(
      """
      <circle class="\(style)" cx="\(Self.length(center.x))" cy="\(Self.length(center.y))" \
      r="\(Self.length(radius))"/>
      """)
  }

  /// Writes `text` with its baseline at `y`; `turned` slants it upwards to the right about its anchor.
  mutating func text(
    _ text: String, style: String = "label", x: Double, y: Double, anchor: Anchor = .start, turned: Bool = false
  ) {
    let turn = turned ? " transform=\"rotate(-35 \(Self.length(x)) \(Self.length(y)))\"" : ""
    marks.append(
      """
      <text class="\(style)" x="\(Self.length(x))" y="\(Self.length(y))" \
      text-anchor="\(anchor.rawValue)"\(turn)>\(Self.escape(text))</text>
      """)
  }

  /// The width `text` takes at most, in user units, at the size of letters that the charts have on narrow pages.
  static func width(of text: String) -> Double { 8.4 * Double(text.count) }

  private static func length(_ value: Double) -> String {
    let text = String(format: "%.1f", value)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func escape(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
