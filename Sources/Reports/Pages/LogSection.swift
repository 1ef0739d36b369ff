import Evaluation
import Foundation
import Training

extension SharedSections {
  /// What the log looks like, and what was read and what became of it; nil where the record does not say it.
  static func data(_ lines: [ProtocolLine]?, _ shape: LogShapeLines?) -> Section? {
    guard let lines else { return nil }
    return Section(
      id: "data", heading: "Data", figures: shape.map(figures) ?? [],
      tables: [
        DataTable(
          id: "data-table", caption: "What was read, and what became of it", corner: "what", columns: ["found"],
          areNumbers: false, rows: lines.map { ($0.name, [$0.value]) })
      ])
  }

  private static func figures(of shape: LogShapeLines) -> [Figure] {
    func columns(
      _ id: String, _ title: String, _ horizontal: String, _ vertical: String, _ bins: [(String, Int)],
      few: Bool = false
    ) -> Figure {
      Figure(
        id: id, title: title, description: "\(title); the table below holds the figures.",
        chart: ColumnChart(
          columns: bins.map { ColumnChart.Column(name: $0.0, value: Double($0.1), text: FigureText.count($0.1)) },
          horizontalTitle: horizontal, verticalTitle: vertical, namesFew: few),
        table: DataTable(
          id: "\(id)-table", caption: title, corner: horizontal, columns: [vertical],
          rows: bins.map { ($0.0, [FigureText.count($0.1)]) }))
    }
    var figures = [
      columns(
        "history-lengths", "Users by the length of their history", "events of a user", "users", shape.historyLengths)
    ]
    if shape.popularity.count > 1 {
      figures.append(
        Figure(
          id: "popularity", title: "Events of items by their place, most frequent first, both on logarithmic axes",
          description: "The events of the items at places 1, 2, 4, and so on; the table below holds the figures.",
          chart: LineChart(
            series: [
              LineChart.Series(
                points: shape.popularity.map {
                  LineChart.Point(x: log10(Double($0.place)), y: log10(Double($0.events)))
                },
                style: 0)
            ], horizontal: .powers, horizontalTitle: "place of the item", verticalTitle: "events", isLogarithmic: true),
          table: DataTable(
            id: "popularity-table", caption: "Events of items by their place", corner: "place", columns: ["events"],
            rows: shape.popularity.map { (FigureText.count($0.place), [FigureText.count($0.events)]) })))
    }
    if !shape.eventsOverTime.isEmpty {
      let title =
        "Events over time"
        + (shape.ties.map { "; \(FigureText.count($0)) share their time with the same user's event before" } ?? "")
      figures.append(columns("events-over-time", title, "from", "events", shape.eventsOverTime, few: true))
    }
    return figures
  }
}
