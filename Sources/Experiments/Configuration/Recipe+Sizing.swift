import Interactions
import SequentialModels

extension Recipe {
  /// The recipe with its sizes chosen for `log`: what `cloze train` starts from before files and flags are laid over it.
  ///
  /// - Length: the 95th percentile of the histories, between 20 and 200; few histories are cut and no position stays
  ///   untrained.
  /// - Epochs: some 5,000 steps in the first stage, between 20 and 100 epochs. Small logs need many passes, large ones
  ///   have seen enough after twenty.
  package func experiment(for log: InteractionLog) -> Experiment {
    var experiment = experiment
    let lengths = (0..<log.userCount).map { log.range(of: UserID($0)).count }.filter { $0 > 1 }.sorted()
    guard !lengths.isEmpty else { return experiment }
    let common = lengths[min(lengths.count - 1, lengths.count * 95 / 100)]
    experiment.model.length = min(max((common + 9) / 10 * 10, 20), 200)
    let longest = experiment.model.length
    for index in experiment.stages.indices {
      let stage = experiment.stages[index]
      let windows = lengths.reduce(0) { $0 + (stage.windows == .all ? ($1 + longest - 1) / longest : 1) }
      let steps = max(1, windows / stage.batch)
      experiment.stages[index].epochs = min(max(Self.steps / steps, stage.epochs), 5 * stage.epochs)
    }
    return experiment
  }

  /// Steps that a first stage should take at least.
  private static let steps = 5_000
}
