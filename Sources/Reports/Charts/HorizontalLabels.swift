/// Where points lie along the lower edge of a line chart, and what is written there.
struct HorizontalLabels {
  var texts: [(text: String, x: Double)]
  /// Names too long for their part of the axis are slanted.
  var areTurned: Bool
  var areNames: Bool
  /// Height the labels take.
  var depth: Double
  var position: (Double) -> Double
}

extension LineChart {
  func horizontalLabels(in area: PlotArea) -> HorizontalLabels {
    let width = area.right - area.left
    switch horizontal {
    case .names(let names):
      let part = width / Double(max(1, names.count))
      let position = { (index: Double) in area.left + part * (index + 0.5) }
      let longest = names.map(Drawing.width(of:)).max() ?? 0
      let areTurned = longest > part - 4
      return HorizontalLabels(
        texts: names.enumerated().map { ($0.element, position(Double($0.offset))) }, areTurned: areTurned,
        areNames: true, depth: areTurned ? 20 + 0.57 * longest : 22, position: position)
    case .powers:
      let scale = LinearScale(powersUpTo: series.flatMap { $0.points.map(\.x) }.max() ?? 1)
      let position = { (value: Double) in area.left + scale.fraction(of: value) * width }
      return HorizontalLabels(
        texts: scale.spacedTicks(along: width).map { (scale.label(of: $0), position($0)) }, areTurned: false,
        areNames: false, depth: 22, position: position)
    case .numbers:
      let scale = LinearScale(fitting: series.flatMap { $0.points.map(\.x) }, includingZero: true)
      let position = { (value: Double) in area.left + scale.fraction(of: value) * width }
      let ticks = scale.spacedTicks(along: width).filter { scale.step >= 1 || $0 == $0.rounded() }
      return HorizontalLabels(
        texts: ticks.map { (FigureText.tick($0, step: max(1, scale.step)), position($0)) }, areTurned: false,
        areNames: false, depth: 22, position: position)
    }
  }
}
