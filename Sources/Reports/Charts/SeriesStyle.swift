import Foundation

/// How the series at a place of the legend looks: colour, dash and marker differ, so that no two rest on colour alone.
struct SeriesStyle {
  static let count = 8

  private let index: Int

  init(_ index: Int) { self.index = index % Self.count }

  /// The style class that carries the colour and the dash.
  var name: String { "s\(index)" }

  /// Draws the marker of this series.
  func mark(_ drawing: inout Drawing, at center: (x: Double, y: Double), radius: Double = 4.5) {
    let style = "mark \(name)"
    if index % 4 == 0 { return drawing.circle(style, at: center, radius: radius) }
    let (corners, start): (Int, Double) = [(4, .pi / 4), (3, -.pi / 2), (4, 0)][index % 4 - 1]
    drawing.path(
      style,
      through: (0..<corners).map { corner in
        let angle = start + 2 * .pi * Double(corner) / Double(corners)
        return (center.x + 1.25 * radius * cos(angle), center.y + 1.25 * radius * sin(angle))
      }, isClosed: true)
  }

  /// The piece of line with a marker that stands before the name in a legend.
  var key: String {
    var drawing = Drawing(width: 34, height: 14)
    drawing.line("curve \(name)", from: (1, 7), to: (33, 7))
    mark(&drawing, at: (17, 7))
    return drawing.decoration
  }
}
