/// What a model recommends, in words: made for one page, kept in no record.
package struct ListExamples: Sendable {
  /// A user, known by the last items alone.
  package struct User: Sendable {
    /// The newest last.
    package var history: [String]
    /// The best first.
    package var list: [String]

    package init(history: [String], list: [String]) { (self.history, self.list) = (history, list) }
  }

  package struct Neighbors: Sendable {
    package var item: String
    /// The nearest first.
    package var nearest: [String]

    package init(item: String, nearest: [String]) { (self.item, self.nearest) = (item, nearest) }
  }

  /// An item on the map of the item table.
  package struct Place: Sendable {
    package var item: String
    package var x, y: Double
    /// What colors it; nil where nothing is known.
    package var category: String?

    package init(item: String, x: Double, y: Double, category: String? = nil) {
      (self.item, self.x, self.y, self.category) = (item, x, y, category)
    }
  }

  /// The seed that drew the users.
  package var seed: UInt64
  package var users: [User]
  /// Of popular items, the most popular first.
  package var neighbors: [Neighbors]
  /// The most popular first.
  package var places: [Place]
  /// What categories are, such as genres; nil where there are none.
  package var colored: String?
  /// The share of the table's variance that both axes of the map hold.
  package var variance: Double

  package init(
    seed: UInt64, users: [User], neighbors: [Neighbors], places: [Place], colored: String?, variance: Double
  ) {
    self.seed = seed
    self.users = users
    self.neighbors = neighbors
    self.places = places
    self.colored = colored
    self.variance = variance
  }
}

extension ListExamples {
  /// Categories that have a color of their own; the rest share one.
  private static let most = 7

  /// The section of a page.
  var section: Section {
    var counts: [String: Int] = [:]
    for place in places { if let category = place.category { counts[category, default: 0] += 1 } }
    let named = Array(counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key).prefix(Self.most))
    func series(_ category: String?) -> Int { category.flatMap { named.firstIndex(of: $0) } ?? Self.most }
    var legend = named.enumerated().map { LegendEntry($1, series: $0, isLine: false) }
    if !named.isEmpty, places.contains(where: { series($0.category) == Self.most }) {
      legend.append(LegendEntry("others", series: Self.most, isLine: false))
    }
    let points = places.map {
      MapChart.Point(name: $0.item, x: $0.x, y: $0.y, series: named.isEmpty ? 0 : series($0.category))
    }
    let colors = colored.map { ", colored by \($0)" } ?? ""
    let map = Figure(
      id: "item-map", title: "The item table from above\(colors)",
      description:
        "A point for each of the \(places.count) most popular items, at its row's place on the two axes along "
        + "which the rows differ most; the axes hold \(Int((100 * variance).rounded())) % of what they differ by.",
      chart: MapChart(points: points), legend: legend,
      table: DataTable(
        id: "item-map-table", caption: "The \(min(places.count, 30)) most popular of them", corner: "item",
        columns: [colored ?? "category"], areNumbers: false,
        rows: places.prefix(30).map { ($0.item, [$0.category ?? "–"]) }))
    return Section(
      id: "examples", heading: "What it recommends",
      introduction:
        "\(users.count) users drawn by seed \(seed), known here by their items alone, and what stands nearest to popular items "
        + "in the item table. Two axes show little of a wide table: what is far apart is different, what is close may be.",
      figures: places.count < 3 ? [] : [map],
      tables: [
        DataTable(
          id: "examples-users", caption: "What users had last, the newest last, and what the model puts first",
          corner: "user", columns: ["last items", "recommended"], areNumbers: false,
          rows: users.enumerated().map {
            ("\($0 + 1)", [$1.history.joined(separator: " → "), Self.numbered($1.list)])
          }),
        DataTable(
          id: "examples-neighbors", caption: "What is nearest to popular items, by the cosine of their rows",
          corner: "item", columns: ["nearest"], areNumbers: false,
          rows: neighbors.map { ($0.item, [Self.numbered($0.nearest)]) }),
      ])
  }

  private static func numbered(_ items: [String]) -> String {
    items.enumerated().map { "\($0 + 1). \($1)" }.joined(separator: "  ")
  }
}

/// Many points on a plane whose axes have no unit; the first of them are named as far as names fit.
private struct MapChart: Chart {
  struct Point {
    var name: String
    var x, y: Double
    var series: Int
  }

  let points: [Point]

  /// Points that are named at most, and letters of a name.
  private static let named = 12
  private static let letters = 22

  func svg(id: String, title: String, description: String) -> String {
    let (horizontal, vertical) = (
      LinearScale(fitting: points.map(\.x), includingZero: false),
      LinearScale(fitting: points.map(\.y), includingZero: false)
    )
    let area = PlotArea(scale: vertical, height: 380)
    var drawing = Drawing(width: PlotArea.width, height: area.bottom + 16)
    let left = 12.0
    let centers = points.map {
      (x: left + horizontal.fraction(of: $0.x) * (area.right - left), y: area.y($0.y))
    }
    for (point, center) in zip(points, centers).reversed() {
      SeriesStyle(point.series).mark(&drawing, at: center, radius: 3.5)
    }
    let names = points.map { point in
      point.name.count <= Self.letters ? point.name : point.name.prefix(Self.letters - 1) + "…"
    }
    let places = LabelPlacement.places(for: names, at: centers, in: area, clearance: 5)
    for (name, place) in zip(names, places).filter({ $1 != nil }).prefix(Self.named) {
      guard let place else { continue }
      drawing.text(name, style: "label halo", x: place.x, y: place.y, anchor: place.anchor)
    }
    return drawing.svg(id: id, title: title, description: description)
  }
}
