import Evaluation
import RankingMetrics
import Training

extension Page {
  /// The page of a single training run.
  init(run: RunRecord, examples: ListExamples? = nil) {
    let metric = SharedSections.headline(of: run.results)
    self.init(
      title: run.name, subtitle: SharedSections.subtitle(of: run.log), warnings: run.warnings,
      sections: [
        Self.results(of: run, metric), Self.start(of: run), Self.learning(of: run),
        Self.ranking(of: run), metric.flatMap { SharedSections.cohorts(of: Self.cohorts(of: run), metric: $0) },
        Self.lists(of: run), examples?.section, Self.cost(of: run),
        SharedSections.data(run.provenance?.protocolLines, run.provenance?.shape),
        SharedSections.protocolTable(run.protocol), SharedSections.configuration(run.configuration, of: run.name),
      ].compactMap { $0 }, program: run.program)
  }

  /// Of the model, and of each baseline that has any.
  private static func cohorts(of run: RunRecord) -> [(name: String, cohorts: [Cohort])] {
    [(run.name, run.evaluation?.cohorts ?? [])]
      + run.baselines.filter { !$0.cohorts.isEmpty }.map { ($0.name, $0.cohorts) }
  }

  private static func results(of run: RunRecord, _ metric: MetricKey?) -> Section? {
    guard let metric else { return nil }
    let rivals = [EvaluationSummary(name: run.name, results: run.results)] + run.baselines
    let few = SharedSections.fewFigures(of: rivals.map(\.results), first: metric)
    let table = DataTable(
      id: "results-table", caption: "Test figures on the same users, with 95 % intervals where computed",
      corner: "model", columns: few.map(\.description),
      rows: rivals.map { rival in (rival.name, few.map { SharedSections.text(of: rival.results.first($0)) }) })
    let rows = rivals.enumerated().compactMap { index, rival in
      rival.results.first(metric).map {
        IntervalChart.Row(
          label: rival.name, value: $0.value, low: $0.low, high: $0.high, text: FigureText.metric($0.value),
          series: index == 0 ? 0 : 6)
      }
    }
    let best = rows.max { $0.value < $1.value }?.label ?? run.name
    return Section(
      id: "results", heading: "Results",
      figures: [
        Figure(
          id: "results-chart", title: "\(metric) beside the baselines",
          description: "A bar per model with its 95 % interval; \(best) is highest.",
          chart: IntervalChart(rows: rows, manner: .bars, axis: metric.description),
          table: DataTable(
            id: "results-chart-table", caption: metric.description, corner: "model", columns: [metric.description],
            rows: rows.map { ($0.label, [$0.text]) }))
      ],
      tables: [table, SharedSections.everyFigure(of: rivals.map { ($0.name, $0.results) })])
  }

  private static func learning(of run: RunRecord) -> Section? {
    guard !run.epochs.isEmpty else { return nil }
    let validation = SharedSections.keys(in: run.epochs.map(\.validation))
    let metric = validation.contains(MetricKey(.ndcg, 10)) ? MetricKey(.ndcg, 10) : validation.first
    var boundaries: [LineChart.Boundary] = []
    for (index, epoch) in run.epochs.enumerated() where index == 0 || run.epochs[index - 1].stage != epoch.stage {
      boundaries.append(LineChart.Boundary(x: Double(index) + 0.5, label: epoch.stage))
    }
    let costs = run.cost?.epochs ?? []
    let rows = run.epochs.enumerated().map { index, epoch in
      (
        "\(index + 1)",
        [
          epoch.stage, String(epoch.epoch), FigureText.metric(epoch.loss),
          metric.flatMap { epoch.validation.first($0) }.map { FigureText.metric($0.value) } ?? "–",
          costs.indices.contains(index) ? FigureText.duration(seconds: costs[index].seconds) : "–",
          costs.indices.contains(index) ? FigureText.count(FigureText.whole(costs[index].tokensPerSecond)) : "–",
        ]
      )
    }
    func figure(_ id: String, _ title: String, _ axis: String, _ points: [LineChart.Point]) -> Figure {
      Figure(
        id: id, title: title,
        description: "\(axis) from \(FigureText.metric(points.first?.y ?? 0)) in the first measured epoch to "
          + "\(FigureText.metric(points.last?.y ?? 0)) in the last, \(points.count) measured.",
        chart: LineChart(
          series: [LineChart.Series(points: points, style: 0)], horizontal: .numbers, horizontalTitle: "epoch",
          verticalTitle: axis, boundaries: boundaries),
        table: DataTable(
          id: "\(id)-table", caption: title, corner: "epoch",
          columns: ["stage", "epoch of the stage", "loss", metric?.description ?? "validation", "time", "tokens/s"],
          rows: rows))
    }
    let loss = figure("loss", "Training loss per epoch", "loss", SharedSections.curve(of: run) { $0.loss })
    let pairs = SharedSections.curve(of: run) { $0.nextSegmentAccuracy }
    let segments =
      pairs.isEmpty
      ? nil
      : figure("next-segment", "Segments rightly told from random ones", "next-segment accuracy", pairs)
    let quality = metric.map { name in
      figure(
        "validation", "\(name) on the validation users", name.description,
        SharedSections.curve(of: run) { $0.validation.first(name)?.value })
    }
    return Section(id: "learning", heading: "Learning", figures: [quality, loss, segments].compactMap { $0 })
  }

  private static func cost(of run: RunRecord) -> Section? {
    guard let cost = run.cost else { return nil }
    return Section(
      id: "cost", heading: "Cost",
      tables: [
        DataTable(
          id: "cost-table", caption: "What the run took", corner: "cost", columns: ["figure"], areNumbers: false,
          rows: [
            ("training", [FigureText.duration(seconds: cost.trainingSeconds)]),
            (
              "scoring a user",
              [cost.microsecondsPerUser.map { "\(FigureText.count(FigureText.whole($0))) µs" } ?? "not measured"]
            ),
            ("threads", [String(cost.threads)]), ("processor", [cost.processor ?? "not recorded"]),
            ("seed", [String(run.seed)]), ("ended", [cost.date ?? "not recorded"]),
            ("command", [cost.command ?? "not recorded"]),
          ])
      ])
  }
}
