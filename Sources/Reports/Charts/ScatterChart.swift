/// Named points over two figures, such as quality over cost.
struct ScatterChart: Chart {
  struct Point {
    var name: String
    var x: Double
    var y: Double
    var low: Double?
    var high: Double?
    var series: Int
  }

  let points: [Point]
  let horizontalTitle: String
  let verticalTitle: String

  func svg(id: String, title: String, description: String) -> String {
    let horizontal = LinearScale(fitting: points.map(\.x), includingZero: true)
    let vertical = LinearScale(
      fitting: points.flatMap { [$0.y, $0.low ?? $0.y, $0.high ?? $0.y] }, includingZero: false)
    let area = PlotArea(scale: vertical)
    var drawing = Drawing(width: PlotArea.width, height: area.bottom + 48)
    let x = { (value: Double) in area.left + horizontal.fraction(of: value) * (area.right - area.left) }

    area.drawFrame(&drawing, vertical: verticalTitle, horizontal: horizontalTitle)
    for tick in horizontal.spacedTicks(along: area.right - area.left) {
      drawing.text(
        horizontal.label(of: tick), x: x(tick), y: area.bottom + 18, anchor: tick == horizontal.high ? .end : .middle)
    }
    let centers = points.map { (x: x($0.x), y: area.y($0.y)) }
    for (point, center) in zip(points, centers) {
      let style = SeriesStyle(point.series)
      if let low = point.low, let high = point.high {
        drawing.line("whisker thin \(style.name)", from: (center.x, area.y(low)), to: (center.x, area.y(high)))
      }
      style.mark(&drawing, at: center, radius: 5.5)
    }
    for (point, place) in zip(points, LabelPlacement.places(for: points.map(\.name), at: centers, in: area)) {
      guard let place else { continue }
      drawing.text(point.name, style: "label halo", x: place.x, y: place.y, anchor: place.anchor)
    }
    return drawing.svg(id: id, title: title, description: description)
  }
}
