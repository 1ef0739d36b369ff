import Comparison
import Evaluation
import Foundation
import InteractionStore
import Reports
import Synchronization

/// What a person watching a comparison reads on stderr: a row as each run ends. Rows of new runs also go to the store.
final class ComparisonLines: Sendable {
  private let progress: Progress
  private let runs: RunTable?
  private let fingerprint: String
  private let began = Mutex(Date())

  init(_ progress: Progress, runs: RunTable?, fingerprint: String) {
    self.progress = progress
    self.runs = runs
    self.fingerprint = fingerprint
  }

  func show(_ event: ComparisonJob.Event) throws {
    switch event {
    case .pretraining: progress.keep("pretraining the encoder that all variants share")
    case .pretrained: progress.keep("the shared encoder is there already")
    case .runBegan(let variant, let seed, let number, let all):
      began.withLock { $0 = Date() }
      progress.update("run \(number) of \(all): \(variant), seed \(seed)")
    case .training(.stepped(let stage, let epoch, let done, _, _)):
      progress.update("\(stage) epoch \(epoch): \(Int(done * 100)) %")
    case .training(let event):
      switch event {
      case .wentOn, .notKept: TrainingLines(progress).show(event)
      default: break
      }
    case .runEnded(let run, let kept):
      let figures = ["NDCG@10", "HR@10"].compactMap { name in
        run.record.results.named(name).map { "\(name) \(FigureText.metric($0.value))" }
      }
      progress.keep(
        "\(run.record.name): \(figures.joined(separator: ", ")), "
          + "\(FigureText.duration(seconds: run.record.cost.trainingSeconds))\(kept ? " (kept)" : "")")
      if kept { return }
      try runs?.append(
        RunTable.Row(
          name: run.record.name, kind: "comparison", startedAt: began.withLock { $0 }, finishedAt: Date(),
          fingerprint: fingerprint, record: RecordFile.text(run.record)))
    }
  }
}
