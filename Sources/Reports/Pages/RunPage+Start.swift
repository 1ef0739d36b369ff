import Training

extension Page {
  /// What came from a checkpoint and what is new; nil for a run from fresh weights.
  static func start(of run: RunRecord) -> Section? {
    guard let start = run.start else { return nil }
    let items =
      start.knownItems.map {
        [
          ("items of the log that it knew", [FigureText.count($0)]),
          ("new rows", [FigureText.count(start.newItems)]),
          ("of the new rows, drawn at random", [FigureText.count(start.drawnItems)]),
        ]
      } ?? []
    return Section(
      id: "start", heading: "Start",
      tables: [
        DataTable(
          id: "start-table", caption: "What came from \(start.from)", corner: "what", columns: ["figure"],
          areNumbers: false,
          rows: [
            ("tensors", [FigureText.count(start.tensors)]), ("rows of items", [FigureText.count(start.rows)]),
          ] + items + [
            ("positions", [FigureText.count(start.positions)]),
            ("new positions", [FigureText.count(start.newPositions)]),
            ("tensors that started fresh", [start.fresh.isEmpty ? "none" : start.fresh.joined(separator: ", ")]),
          ])
      ])
  }
}
