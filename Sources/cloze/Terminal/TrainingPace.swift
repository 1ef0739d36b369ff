import Reports
import Synchronization
import Training

/// Says once, in the first seconds of a stage, how long it would take where that is long, with the setting that helps:
/// measured on the user's machine, before an hour of it is lost.
package final class TrainingPace: Sendable {
  private struct State {
    var stage: TrainingStage?
    /// Where the epoch stood after the first step, which has warmed the machine up.
    var first: (done: Double, at: ContinuousClock.Instant)?
    var isSaid = false
  }

  /// A stage that would take so long is worth a word.
  private static let long = Duration.seconds(3_600)
  private static let measured = Duration.seconds(10)
  /// From so many items on the loss over all of them is most of a step.
  private static let manyItems = 50_000

  private let items: Int
  private let now: @Sendable () -> ContinuousClock.Instant
  private let state = Mutex(State())

  /// - Parameter items: those of the catalog.
  package init(items: Int, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
    (self.items, self.now) = (items, now)
  }

  package func begin(_ stage: TrainingStage) { state.withLock { $0 = State(stage: stage) } }

  /// What is to be said after a step that leaves the share `done` of the epoch behind; nil mostly.
  package func sentence(after done: Double) -> String? {
    state.withLock { state in
      guard let stage = state.stage, !state.isSaid else { return nil }
      guard let first = state.first, done > first.done else {
        state.first = (done, now())
        return nil
      }
      let time = now() - first.at
      if time < Self.measured { return nil }
      state.isSaid = true
      let epoch = time / .seconds(1) / (done - first.done)
      let all = epoch * Double(stage.epochs)
      if all < Self.long / .seconds(1) { return nil }
      let help =
        stage.loss.kind == .full && items >= Self.manyItems
        ? "; --loss sampledSoftmax scores a few drawn items in each step instead of all \(items)"
        : "; --epochs sets fewer"
      return
        "\(stage.name) takes about \(FigureText.duration(seconds: epoch)) an epoch, its validation not counted, so "
        + "\(FigureText.duration(seconds: all)) for all \(stage.epochs)\(help)"
    }
  }
}
