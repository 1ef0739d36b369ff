/// The rectangle in which a chart draws its marks, with a vertical scale and labels below.
struct PlotArea {
  static let width = 480.0

  let left: Double
  let right = PlotArea.width - 12
  let top = 26.0
  let bottom: Double
  let scale: LinearScale

  /// A plot of `height` units whose left margin holds the labels of `scale`.
  init(scale: LinearScale, height: Double = 220) {
    self.scale = scale
    left = 10 + (scale.ticks.map { Drawing.width(of: scale.label(of: $0)) }.max() ?? 0)
    bottom = top + height
  }

  func y(_ value: Double) -> Double { bottom - scale.fraction(of: value) * (bottom - top) }

  /// Draws the grid, the labels of the vertical scale and the names of both axes.
  func drawFrame(_ drawing: inout Drawing, vertical: String, horizontal: String) {
    drawing.text(vertical, style: "label strong", x: 0, y: 13)
    for tick in scale.ticks {
      drawing.line(tick == scale.low ? "axis" : "grid", from: (left, y(tick)), to: (right, y(tick)))
      drawing.text(scale.label(of: tick), x: left - 6, y: y(tick) + 4.5, anchor: .end)
    }
    drawing.text(horizontal, style: "label strong", x: right, y: drawing.height - 5, anchor: .end)
  }
}
