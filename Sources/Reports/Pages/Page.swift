/// A page as its template reads it: text is plain here and escaped there; only stored properties can be seen from there.
struct Page {
  var title: String
  /// The line under the title: which log, how large.
  var subtitle: String
  var verdict: String?
  let warnings: [String]
  let hasWarnings: Bool
  var sections: [Section]
  /// The program that made the figures.
  var program: String

  init(
    title: String, subtitle: String, verdict: String? = nil, warnings: [String], sections: [Section], program: String
  ) {
    self.title = title
    self.subtitle = subtitle
    self.verdict = verdict
    self.warnings = warnings
    hasWarnings = !warnings.isEmpty
    self.sections = sections
    self.program = program
  }
}

/// A part of a page under a heading of its own.
struct Section {
  var id: String
  var heading: String
  var introduction: String?
  var figures: [Figure] = []
  var tables: [DataTable] = []
}

/// A picture with its legend, and its figures as a table.
struct Figure {
  var id: String
  var title: String
  var legend: [LegendEntry]
  let hasLegend: Bool
  /// Ready markup.
  var picture: String
  var table: DataTable

  init(id: String, title: String, description: String, chart: some Chart, legend: [LegendEntry] = [], table: DataTable)
  {
    self.id = id
    self.title = title
    self.legend = legend
    hasLegend = !legend.isEmpty
    self.picture = chart.svg(id: id, title: title, description: description)
    self.table = table
  }
}

/// A series' name beside its piece of line.
struct LegendEntry {
  var name: String
  /// Ready markup.
  var key: String

  /// - Parameter isLine: whether the chart joins the points of a series.
  init(_ name: String, series: Int, isLine: Bool) {
    self.name = name
    self.key = SeriesStyle(series).key(ofLine: isLine)
  }
}

/// A table whose first column names the rows.
struct DataTable {
  struct Cell {
    var text: String
    var isNumber: Bool
  }

  struct Row {
    var name: String
    var cells: [Cell]
  }

  var id: String
  var caption: String
  /// The title of the first column.
  var corner: String
  var columns: [Cell]
  var rows: [Row]
  /// Whether only the caption shows until the reader opens it.
  var isFolded: Bool

  /// A table of `rows`, each a name and a text per column; the columns hold figures unless said otherwise.
  init(
    id: String, caption: String, corner: String, columns: [String], areNumbers: Bool = true, isFolded: Bool = false,
    rows: [(name: String, cells: [String])]
  ) {
    self.id = id
    self.caption = caption
    self.corner = corner
    self.isFolded = isFolded
    self.columns = columns.map { Cell(text: $0, isNumber: areNumbers) }
    self.rows = rows.map { row in
      precondition(row.cells.count == columns.count, "a row of \(row.cells.count) cells for \(columns.count) columns")
      return Row(name: row.name, cells: row.cells.map { Cell(text: $0, isNumber: areNumbers) })
    }
  }
}
