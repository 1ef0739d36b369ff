import Evaluation
import RankingMetrics
import Training

extension Page {
  /// HR and NDCG over the cutoffs, and where the targets stood.
  static func ranking(of run: RunRecord) -> Section? {
    let models = ([run.evaluation].compactMap(\.self) + run.baselines).filter { !$0.results.isEmpty }
    var figures = [RankMetric.hitRate, .ndcg].compactMap { curve(of: $0, models) }
    if let bands = run.evaluation?.rankBands, !bands.isEmpty { figures.append(ranks(bands)) }
    guard !figures.isEmpty else { return nil }
    return Section(id: "ranking", heading: "How far down the answers stand", figures: figures)
  }

  private static func curve(of metric: RankMetric, _ models: [EvaluationSummary]) -> Figure? {
    let cutoffs = Set(
      models.flatMap(\.results).compactMap { value -> Int? in
        if case .ranking(metric, let cutoff) = value.key { cutoff } else { nil }
      }
    ).sorted()
    guard cutoffs.count > 1 else { return nil }
    let series = models.enumerated().map { place, model in
      LineChart.Series(
        points: cutoffs.compactMap { cutoff in
          model.results.first(metric, at: cutoff).map { LineChart.Point(x: Double(cutoff), y: $0.value) }
        }, style: place)
    }
    let title = "\(metric.rawValue)@k over k"
    return Figure(
      id: "over-k-\(metric.rawValue.lowercased())", title: title,
      description: "\(title) for \(models.map(\.name).joined(separator: ", ")); the table below holds the figures.",
      chart: LineChart(
        series: series, horizontal: .numbers, horizontalTitle: "k", verticalTitle: "\(metric.rawValue)@k",
        includesZero: true),
      legend: models.enumerated().map { LegendEntry($0.element.name, series: $0.offset, isLine: true) },
      table: DataTable(
        id: "over-k-\(metric.rawValue.lowercased())-table", caption: title, corner: "model",
        columns: cutoffs.map { "k = \($0)" },
        rows: models.map { model in
          (model.name, cutoffs.map { SharedSections.text(of: model.results.first(metric, at: $0)) })
        }))
  }

  private static func ranks(_ bands: [RankBand]) -> Figure {
    let title = "Ranks of the answers"
    return Figure(
      id: "ranks", title: title,
      description: "How many targets stood at which ranks: "
        + bands.map { "\($0) \(FigureText.count($0.targets))" }.joined(separator: ", ") + ".",
      chart: ColumnChart(
        columns: bands.map {
          ColumnChart.Column(name: "\($0)", value: Double($0.targets), text: FigureText.count($0.targets))
        }, horizontalTitle: "rank", verticalTitle: "targets"),
      table: DataTable(
        id: "ranks-table", caption: title, corner: "rank", columns: ["targets"],
        rows: bands.map { ("\($0)", [FigureText.count($0.targets)]) }))
  }

  /// What the lists are like, apart from whether they are right.
  static func lists(of run: RunRecord) -> Section? {
    let models = ([run.evaluation].compactMap(\.self) + run.baselines).filter { $0.lists != nil }
    guard let k = models.first?.lists?.k else { return nil }
    let hasCold = models.contains { $0.lists?.coldCoverage != nil }
    func percent(_ share: Double) -> String { "\(FigureText.tick(share * 100, step: 0.1)) %" }
    return Section(
      id: "lists", heading: "What is recommended",
      introduction: "Of the first \(k) places of every list. Coverage is the share of items that stand in any; a Gini "
        + "coefficient of 0 says that all stand equally often; novelty is in bits, more for items of fewer users.",
      tables: [
        DataTable(
          id: "lists-table", caption: "The lists of each model", corner: "model",
          columns: ["coverage"] + (hasCold ? ["of cold items"] : []) + [
            "Gini", "mean popularity", "novelty", "share of the \(k) most frequent",
          ],
          rows: models.compactMap { model in
            model.lists.map { lists in
              (
                model.name,
                [percent(lists.coverage)] + (hasCold ? [lists.coldCoverage.map(percent) ?? "–"] : []) + [
                  FigureText.tick(lists.gini, step: 0.001),
                  FigureText.tick(lists.meanPopularity, step: 0.1), FigureText.tick(lists.novelty, step: 0.01),
                  percent(lists.concentration),
                ]
              )
            }
          })
      ])
  }
}
