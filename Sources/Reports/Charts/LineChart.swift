/// Series of figures over a count (epochs) or over named parts in their order (cohorts).
struct LineChart: Chart {
  struct Point {
    var x: Double
    var y: Double
    var low: Double?
    var high: Double?
  }

  struct Series {
    var points: [Point]
    /// Its place in the legend.
    var style: Int
  }

  /// A vertical line with a word, such as the epoch at which a stage begins.
  struct Boundary {
    var x: Double
    var label: String
  }

  enum HorizontalAxis {
    case numbers
    /// Points lie at the decimal logarithms of whole numbers.
    case powers
    /// Point `x = i` belongs to the part with the i-th name.
    case names([String])
  }

  let series: [Series]
  let horizontal: HorizontalAxis
  let horizontalTitle: String
  let verticalTitle: String
  var includesZero = false
  /// Whether heights are decimal logarithms of whole numbers.
  var isLogarithmic = false
  var boundaries: [Boundary] = []

  func svg(id: String, title: String, description: String) -> String {
    let points = series.flatMap(\.points)
    let heights = points.flatMap { [$0.y, $0.low ?? $0.y, $0.high ?? $0.y] }
    let vertical =
      isLogarithmic
      ? LinearScale(powersUpTo: heights.max() ?? 1) : LinearScale(fitting: heights, includingZero: includesZero)
    let area = PlotArea(scale: vertical)
    let labels = horizontalLabels(in: area)
    var drawing = Drawing(width: PlotArea.width, height: area.bottom + labels.depth + 26)
    area.drawFrame(&drawing, vertical: verticalTitle, horizontal: horizontalTitle)
    for label in labels.texts {
      drawing.text(
        label.text, x: label.x, y: area.bottom + 18, anchor: labels.areTurned ? .end : .middle,
        turned: labels.areTurned)
    }
    for boundary in boundaries {
      let x = labels.position(boundary.x)
      drawing.line("boundary", from: (x, area.top - 6), to: (x, area.bottom))
      drawing.text(boundary.label, style: "label halo", x: x + 4, y: area.top + 4)
    }
    for (place, one) in series.enumerated() { draw(one, place, &drawing, area, labels) }
    return drawing.svg(id: id, title: title, description: description)
  }

  private func draw(
    _ one: Series, _ place: Int, _ drawing: inout Drawing, _ area: PlotArea, _ labels: HorizontalLabels
  ) {
    let style = SeriesStyle(one.style)
    let aside = labels.areNames ? 5 * (Double(place) - Double(series.count - 1) / 2) : 0
    let finite = one.points.filter(\.y.isFinite)
    let places = finite.map { (x: labels.position($0.x) + aside, y: area.y($0.y)) }
    // Parts of the users are no points of a line.
    if !labels.areNames { drawing.path("curve \(style.name)", through: places) }
    for (point, place) in zip(finite, places) {
      guard let low = point.low, let high = point.high else { continue }
      drawing.line("whisker thin \(style.name)", from: (place.x, area.y(low)), to: (place.x, area.y(high)))
    }
    if labels.areNames || places.count <= 12 {
      for place in places { style.mark(&drawing, at: place) }
    } else if let last = places.last {
      style.mark(&drawing, at: last)
    }
  }
}
