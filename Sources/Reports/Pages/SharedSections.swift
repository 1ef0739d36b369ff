import Evaluation
import RankingMetrics
import Training

/// The parts that a run's page and a comparison's page have in common.
enum SharedSections {
  /// The figure charts are about: NDCG@10 where it was measured.
  static func headline(of results: [MeasuredValue]) -> MetricKey? {
    (results.first(.ndcg, at: 10) ?? results.first)?.key
  }

  static func subtitle(of log: LogIdentity) -> String {
    """
    \(log.name): \(FigureText.count(log.users, "user")), \(FigureText.count(log.items, "item")), \
    \(FigureText.count(log.events, "event")) (fingerprint \(log.fingerprint.prefix(12))).
    """
  }

  /// A figure with its interval where there is one: `0.1537 (0.1490–0.1584)`.
  static func text(of value: MeasuredValue?) -> String {
    guard let value else { return "–" }
    guard let low = value.low, let high = value.high else { return FigureText.metric(value.value) }
    return "\(FigureText.metric(value.value)) (\(FigureText.metric(low))–\(FigureText.metric(high)))"
  }

  /// The few figures that stand in a table with a row per model: `metric` first, and what is usually published beside it.
  static func fewFigures(of lists: some Sequence<[MeasuredValue]>, first metric: MetricKey) -> [MetricKey] {
    let measured = keys(in: lists)
    return [metric]
      + [RankMetric.hitRate, .ndcg, .reciprocalRank].map { MetricKey($0, 10) }.filter {
        $0 != metric && measured.contains($0)
      }
  }

  /// A row per figure, a column per model.
  static func everyFigure(of models: [(name: String, results: [MeasuredValue])]) -> DataTable {
    DataTable(
      id: "figures-table", caption: "Every test figure, with its 95 % interval over users where computed",
      corner: "figure", columns: models.map(\.name), isFolded: true,
      rows: keys(in: models.map(\.results)).map { key in
        (key.description, models.map { text(of: $0.results.first(key)) })
      })
  }

  /// Every figure in order of first appearance.
  static func keys(in lists: some Sequence<[MeasuredValue]>) -> [MetricKey] {
    var seen: Set<MetricKey> = []
    return lists.joined().map(\.key).filter { seen.insert($0).inserted }
  }

  /// What the epochs of a run say about `metric`, counted through all stages from 1.
  static func curve(of run: RunRecord, _ figure: (EpochRecord) -> Double?) -> [LineChart.Point] {
    run.epochs.enumerated().compactMap { index, epoch in
      figure(epoch).map { LineChart.Point(x: Double(index + 1), y: $0) }
    }
  }

  /// One chart per way of dividing the users, one line per named list of cohorts.
  static func cohorts(of parts: [(name: String, cohorts: [Cohort])], metric: MetricKey) -> Section? {
    var dimensions: [String] = []
    for record in parts.flatMap(\.cohorts) where !dimensions.contains(record.dimension) {
      dimensions.append(record.dimension)
    }
    let figures = dimensions.enumerated().map { index, dimension in
      cohortFigure("cohorts-\(index)", parts, dimension, metric)
    }
    guard !figures.isEmpty else { return nil }
    return Section(
      id: "cohorts", heading: "Who is served how well",
      introduction: "Bars are 95 % intervals over users; a cohort with few users has a wide one.", figures: figures)
  }

  private static func cohortFigure(
    _ id: String, _ parts: [(name: String, cohorts: [Cohort])], _ dimension: String, _ metric: MetricKey
  ) -> Figure {
    var names: [(cohort: String, users: Int)] = []
    for record in parts.flatMap(\.cohorts) where record.dimension == dimension {
      if !names.contains(where: { $0.cohort == record.part }) { names.append((record.part, record.users)) }
    }
    let value = { (cohorts: [Cohort], name: String) in
      cohorts.first { $0.dimension == dimension && $0.part == name }?.values.first(metric)
    }
    let series = parts.enumerated().map { place, part in
      let points = names.enumerated().compactMap { index, name in
        value(part.cohorts, name.cohort).map {
          LineChart.Point(x: Double(index), y: $0.value, low: $0.low, high: $0.high)
        }
      }
      return LineChart.Series(points: points, style: place)
    }
    let title = "\(metric) by \(dimension)"
    return Figure(
      id: id, title: title,
      description: "\(title) for \(parts.map(\.name).joined(separator: ", ")); the table below holds the figures.",
      chart: LineChart(
        series: series, horizontal: .names(names.map(\.cohort)), horizontalTitle: dimension,
        verticalTitle: metric.description,
        includesZero: true),
      legend: parts.count > 1
        ? parts.enumerated().map { LegendEntry($0.element.name, series: $0.offset, isLine: false) } : [],
      table: DataTable(
        id: "\(id)-table", caption: "\(title), with 95 % intervals", corner: dimension,
        columns: ["users"] + parts.map(\.name),
        rows: names.map { name in
          (name.cohort, [FigureText.count(name.users)] + parts.map { text(of: value($0.cohorts, name.cohort)) })
        }))
  }

  static func protocolTable(_ lines: [ProtocolLine]) -> Section? {
    guard !lines.isEmpty else { return nil }
    return Section(
      id: "protocol", heading: "Evaluation protocol",
      introduction: "What these figures mean, and what they may be compared with.",
      tables: [
        DataTable(
          id: "protocol-table", caption: "How the figures were made", corner: "what", columns: ["how"],
          areNumbers: false, rows: lines.map { ($0.name, [$0.value]) })
      ])
  }

  static func configuration(_ configuration: JSONValue, of name: String) -> Section {
    Section(
      id: "configuration", heading: "Configuration",
      tables: [
        DataTable(
          id: "configuration-table", caption: "Every setting of \(name)", corner: "setting", columns: ["value"],
          areNumbers: false, rows: configuration.leaves.map { ($0.path.isEmpty ? "–" : $0.path, [$0.text]) })
      ])
  }
}
