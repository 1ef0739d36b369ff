import Foundation

/// How the series at a place of the legend looks: dash and marker together differ for the first sixteen, so that no two
/// of them rest on colour alone.
struct SeriesStyle {
  /// The colours of the style sheet; a dash comes back every fourth of them.
  private static let colors = 8

  private let index: Int

  init(_ index: Int) { self.index = index }

  /// The style class that carries the colour and the dash.
  var name: String { "s\(index % Self.colors)" }

  /// Where a dash comes back, the marker is the next one.
  private var marker: Int { (index + index / 4) % 4 }

  /// Draws the marker of this series.
  func mark(_ drawing: inout Drawing, at center: (x: Double, y: Double), radius: Double = 4.5) {
    let style = "mark \(name)"
    if marker == 0 { return drawing.circle(style, at: center, radius: radius) }
    let (corners, start): (Int, Double) = [(4, .pi / 4), (3, -.pi / 2), (4, 0)][marker - 1]
    drawing.path(
      style,
      through: (0..<corners).map { corner in
        let angle = start + 2 * .pi * Double(corner) / Double(corners)
        return (center.x + 1.25 * radius * cos(angle), center.y + 1.25 * radius * sin(angle))
      }, isClosed: true)
  }

  /// What stands before the name in a legend: the marker, on a piece of line where the chart draws lines.
  func key(ofLine isLine: Bool) -> String {
    var drawing = Drawing(width: isLine ? 34 : 14, height: 14)
    if isLine { drawing.line("curve \(name)", from: (1, 7), to: (33, 7)) }
    mark(&drawing, at: (drawing.width / 2, 7))
    return drawing.decoration(style: isLine ? "key" : "key point")
  }
}
