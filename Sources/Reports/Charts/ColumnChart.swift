/// How many there are of each of some classes in their order; classes are no points of a line.
struct ColumnChart: Chart {
  struct Column {
    var name: String
    var value: Double
    /// The value as text.
    var text: String
  }

  let columns: [Column]
  let horizontalTitle: String
  let verticalTitle: String
  /// Whether names are said of a few columns only, as for parts of a time.
  var namesFew = false

  func svg(id: String, title: String, description: String) -> String {
    let vertical = LinearScale(fitting: columns.map(\.value), includingZero: true)
    let area = PlotArea(scale: vertical)
    let part = (area.right - area.left) / Double(max(1, columns.count))
    let longest = columns.map { Drawing.width(of: $0.name) }.max() ?? 0
    let areTurned = !namesFew && longest > part - 4
    let depth = areTurned ? 20 + 0.57 * longest : 22
    var drawing = Drawing(width: PlotArea.width, height: area.bottom + depth + 26)
    area.drawFrame(&drawing, vertical: verticalTitle, horizontal: horizontalTitle)
    for (index, column) in columns.enumerated() {
      let x = area.left + part * Double(index)
      let gap = min(3, part / 8)
      drawing.rectangle(
        "bar s0", x: x + gap, y: area.y(column.value), width: part - 2 * gap, height: area.bottom - area.y(column.value)
      )
      if namesFew {
        let isLast = index == columns.count - 1
        if index == 0 || isLast {
          drawing.text(
            column.name, x: isLast ? x + part : x, y: area.bottom + 18, anchor: isLast ? .end : .start)
        }
      } else {
        drawing.text(
          column.name, x: x + part / 2, y: area.bottom + 18, anchor: areTurned ? .end : .middle, turned: areTurned)
      }
    }
    return drawing.svg(id: id, title: title, description: description)
  }
}
