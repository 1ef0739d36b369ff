/// One figure per row with its interval: bars from zero, or points where only differences matter.
struct IntervalChart: Chart {
  enum Manner { case bars, points }

  struct Row {
    var label: String
    var value: Double
    var low: Double?
    var high: Double?
    /// The figure as text.
    var text: String
    var series: Int
  }

  let rows: [Row]
  let manner: Manner
  let axis: String

  func svg(id: String, title: String, description: String) -> String {
    let scale = LinearScale(
      fitting: rows.flatMap { [$0.value, $0.low ?? $0.value, $0.high ?? $0.value] }, includingZero: manner == .bars)
    let (left, right, rowHeight) = (8.0, PlotArea.width - 20, 42.0)
    let bottom = 8 + rowHeight * Double(rows.count)
    var drawing = Drawing(width: PlotArea.width, height: bottom + 44)
    let x = { (value: Double) in left + scale.fraction(of: value) * (right - left) }

    // The outer labels lie within the drawing, half their width nearer to their neighbors.
    for tick in scale.spacedTicks(along: (right - left) / 1.5) {
      drawing.text(
        scale.label(of: tick), x: x(tick), y: bottom + 17,
        anchor: tick == scale.low ? .start : tick == scale.high ? .end : .middle)
    }
    drawing.text(axis, style: "label strong", x: right, y: bottom + 38, anchor: .end)

    for (index, row) in rows.enumerated() {
      let top = 8 + rowHeight * Double(index)
      let middle = top + 28
      let style = SeriesStyle(row.series)
      for tick in scale.ticks {
        drawing.line(tick == 0 ? "axis" : "grid", from: (x(tick), middle - 9), to: (x(tick), middle + 9))
      }
      drawing.text(row.label, style: "label strong", x: left, y: top + 14)
      drawing.text(row.text, x: right, y: top + 14, anchor: .end)
      if manner == .bars {
        drawing.rectangle(
          "bar \(style.name)", x: min(x(0), x(row.value)), y: middle - 7, width: abs(x(row.value) - x(0)), height: 14)
      }
      if let low = row.low, let high = row.high {
        let whisker = manner == .bars ? "whisker" : "whisker \(style.name)"
        if manner == .bars { drawing.line("ground", from: (x(low) - 2, middle), to: (x(high) + 2, middle)) }
        drawing.line(whisker, from: (x(low), middle), to: (x(high), middle))
        for end in [low, high] { drawing.line(whisker, from: (x(end), middle - 4), to: (x(end), middle + 4)) }
      }
      if manner == .points { style.mark(&drawing, at: (x(row.value), middle)) }
    }
    return drawing.svg(id: id, title: title, description: description)
  }
}
