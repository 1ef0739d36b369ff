import Comparison
import Evaluation
import RankingMetrics
import Reports

/// What a user reads on stderr while a comparison runs: a row as each run ends.
struct ComparisonLines: Sendable {
  private let progress: Progress

  init(_ progress: Progress) { self.progress = progress }

  func show(_ event: ComparisonJob.Event) {
    switch event {
    case .pretraining: progress.keep("pretraining the encoder that all variants share")
    case .pretrained: progress.keep("the shared encoder is there already")
    case .runBegan(let variant, let seed, let number, let all):
      progress.update("run \(number) of \(all): \(variant), seed \(seed)")
    case .training(.stepped(let stage, let epoch, let done, _, _)):
      progress.update("\(stage) epoch \(epoch): \(Int(done * 100)) %")
    case .training(let event):
      switch event {
      case .resumed, .checkpointFailed, .stopping, .validationEnded: TrainingLines(progress).show(event)
      default: break
      }
    case .runEnded(let run, let kept):
      let figures = [MetricKey(.ndcg, 10), MetricKey(.hitRate, 10)].compactMap { key in
        run.record.results.first(key).map { "\(key) \(FigureText.metric($0.value))" }
      }
      progress.keep(
        "\(run.record.name): "
          + (figures + [run.record.cost.map { FigureText.duration(seconds: $0.trainingSeconds) }].compactMap(\.self))
          .joined(separator: ", ") + (kept ? " (kept)" : ""))
    }
  }
}
