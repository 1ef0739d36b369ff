import Comparison
import DurableFiles
import Evaluation
import RankingMetrics
import Training

extension Page {
  /// The page of a comparison; a variant keeps its colour and marker through all charts.
  init(comparison: ComparisonRecord) {
    let parts = comparison.variants.map { (name: $0.name, cohorts: $0.cohorts) }
    let best = comparison.variants.first
    self.init(
      title: comparison.name, subtitle: SharedSections.subtitle(of: comparison.log), verdict: comparison.verdict,
      warnings: comparison.warnings,
      sections: [
        Self.variants(of: comparison), Self.learning(of: comparison),
        SharedSections.cohorts(of: parts, metric: comparison.metric), Self.cost(of: comparison),
        Self.runs(of: comparison),
        SharedSections.data(comparison.provenance?.protocolLines, comparison.provenance?.shape),
        SharedSections.protocolTable(comparison.protocol),
        best?.runs.first.map {
          SharedSections.configuration($0.configuration, of: "\(best?.name ?? ""), the first of its runs")
        },
      ].compactMap { $0 }, program: best?.runs.first?.program ?? Program.name)
  }

  private static func variants(of comparison: ComparisonRecord) -> Section {
    let metric = comparison.metric
    let keys = SharedSections.fewFigures(of: comparison.variants.map(\.results), first: metric)
    let results = comparison.variants.enumerated().compactMap { place, variant in
      variant.results.first(metric).map {
        IntervalChart.Row(
          label: variant.name, value: $0.value, low: $0.low, high: $0.high, text: spread(of: metric, variant),
          series: place)
      }
    }
    let differences = comparison.variants.enumerated().compactMap { place, variant in
      variant.difference.map {
        IntervalChart.Row(
          label: variant.name, value: $0.value, low: $0.low, high: $0.high,
          text: "\(FigureText.difference($0.value)), p \(pText($0.p))", series: place)
      }
    }
    var figures = [
      Figure(
        id: "variants-chart", title: "\(metric) by \(comparison.factor)",
        description: "A point per variant with its 95 % interval; best first: "
          + results.map { "\($0.label) \($0.text)" }.joined(separator: ", ") + ".",
        chart: IntervalChart(rows: results, manner: .points, axis: metric.description),
        table: DataTable(
          id: "variants-chart-table", caption: "\(metric), mean over seeds and 95 % interval",
          corner: comparison.factor, columns: [metric.description],
          rows: comparison.variants.map { ($0.name, [SharedSections.text(of: $0.results.first(metric))]) }))
    ]
    if !differences.isEmpty, let best = comparison.variants.first {
      figures.append(
        Figure(
          id: "differences-chart", title: "Difference to \(best.name)",
          description: "Paired differences of \(metric) on the same users with their 95 % intervals; an interval "
            + "that holds zero cannot be told from \(best.name).",
          chart: IntervalChart(rows: differences, manner: .points, axis: "difference in \(metric)"),
          table: DataTable(
            id: "differences-chart-table", caption: "Paired differences to \(best.name)", corner: comparison.factor,
            columns: ["difference"], rows: differences.map { ($0.label, [$0.text]) })))
    }
    let table = DataTable(
      id: "variants-table", caption: "Mean ± standard deviation over seeds; differences are paired over users",
      corner: comparison.factor, columns: keys.map(\.description) + ["difference to the best", "p (Holm)", "seeds"],
      rows: comparison.variants.map { variant in
        let difference = variant.difference.map {
          "\(FigureText.difference($0.value)) (\(FigureText.difference($0.low)) to \(FigureText.difference($0.high)))"
        }
        return (
          variant.name,
          keys.map { spread(of: $0, variant) } + [
            difference ?? "best", variant.difference.map { FigureText.p($0.p) } ?? "–", String(variant.runs.count),
          ]
        )
      })
    return Section(
      id: "results", heading: "Results", figures: figures,
      tables: [table, SharedSections.everyFigure(of: comparison.variants.map { ($0.name, $0.results) })])
  }

  /// `0.1537 ± 0.0012`.
  private static func spread(of metric: MetricKey, _ variant: VariantRecord) -> String {
    guard let value = variant.results.first(metric) else { return "–" }
    let deviation = variant.standardDeviations[metric].map { " ± \(FigureText.metric($0))" } ?? ""
    return FigureText.metric(value.value) + deviation
  }

  private static func pText(_ p: Double) -> String {
    let text = FigureText.p(p)
    return text.hasPrefix("<") ? text : "= \(text)"
  }

  private static func learning(of comparison: ComparisonRecord) -> Section? {
    let metric = comparison.metric
    let last = comparison.variants.flatMap { variant in
      variant.runs.map { run in
        (
          "\(variant.name), seed \(run.seed)",
          [
            String(run.epochs.count),
            run.epochs.compactMap { $0.validation.first(metric)?.value }.max().map(FigureText.metric) ?? "–",
            run.epochs.last.map { FigureText.metric($0.loss) } ?? "–",
          ]
        )
      }
    }
    func figure(_ id: String, _ title: String, _ axis: String, _ value: (EpochRecord) -> Double?) -> Figure? {
      let series = comparison.variants.enumerated().flatMap { place, variant in
        variant.runs.map { LineChart.Series(points: SharedSections.curve(of: $0, value), style: place) }
      }.filter { !$0.points.isEmpty }
      if series.isEmpty { return nil }
      return Figure(
        id: id, title: "\(title), a line per run",
        description: "\(title) per epoch for \(comparison.variants.map(\.name).joined(separator: ", ")).",
        chart: LineChart(series: series, horizontal: .numbers, horizontalTitle: "epoch", verticalTitle: axis),
        legend: legend(of: comparison, isLine: true),
        table: DataTable(
          id: "\(id)-table", caption: "Where the runs arrived", corner: "run",
          columns: ["epochs", "best validation \(metric)", "last loss"], rows: last))
    }
    let figures = [
      figure("learning-chart", "\(metric) on the validation users", metric.description) {
        $0.validation.first(metric)?.value
      },
      figure("loss", "Training loss", "loss") { $0.loss },
    ].compactMap(\.self)
    return figures.isEmpty ? nil : Section(id: "learning", heading: "Learning", figures: figures)
  }

  private static func legend(of comparison: ComparisonRecord, isLine: Bool) -> [LegendEntry] {
    comparison.variants.enumerated().map { LegendEntry($0.element.name, series: $0.offset, isLine: isLine) }
  }

  private static func cost(of comparison: ComparisonRecord) -> Section {
    func figure(_ id: String, _ title: String, _ axis: String, _ cost: (RunCost) -> Double?) -> Figure? {
      let points = comparison.variants.enumerated().compactMap { place, variant -> ScatterChart.Point? in
        guard let x = variant.cost.flatMap(cost), let value = variant.results.first(comparison.metric) else {
          return nil
        }
        return ScatterChart.Point(
          name: variant.name, x: x, y: value.value, low: value.low, high: value.high, series: place)
      }
      guard !points.isEmpty else { return nil }
      return Figure(
        id: id, title: title,
        description: "A point per variant: "
          + points.map { "\($0.name) \(axis) \(FigureText.whole($0.x))" }
          .joined(separator: ", ") + ".",
        chart: ScatterChart(points: points, horizontalTitle: axis, verticalTitle: comparison.metric.description),
        legend: legend(of: comparison, isLine: false),
        table: DataTable(
          id: "\(id)-table", caption: title, corner: comparison.factor, columns: [axis, comparison.metric.description],
          rows: points.map { ($0.name, [FigureText.count(FigureText.whole($0.x)), FigureText.metric($0.y)]) }))
    }
    let machine = comparison.variants.first?.cost
    return Section(
      id: "cost", heading: "Cost against quality",
      introduction: machine.map { cost in
        "Measured with \(Counted(cost.threads, "thread"))"
          + (cost.processor.map { " on \($0)" } ?? "") + "; means over seeds."
      },
      figures: [
        figure("training-cost", "Quality over training time", "seconds of training", \.trainingSeconds),
        figure("scoring-cost", "Quality over scoring time", "µs per user scored", \.microsecondsPerUser),
      ].compactMap { $0 })
  }

  private static func runs(of comparison: ComparisonRecord) -> Section {
    let keys = SharedSections.fewFigures(
      of: comparison.variants.flatMap { $0.runs.map(\.results) }, first: comparison.metric)
    return Section(
      id: "runs", heading: "Every run",
      tables: [
        DataTable(
          id: "runs-table", caption: "Test figures of each run", corner: "run",
          columns: keys.map(\.description) + ["epochs", "training"],
          rows: comparison.variants.flatMap { variant in
            variant.runs.map { run in
              (
                "\(variant.name), seed \(run.seed)",
                keys.map { key in run.results.first(key).map { FigureText.metric($0.value) } ?? "–" } + [
                  String(run.epochs.count),
                  run.cost.map { FigureText.duration(seconds: $0.trainingSeconds) } ?? "–",
                ]
              )
            }
          })
      ])
  }
}
