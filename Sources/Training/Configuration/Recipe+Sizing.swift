import Interactions
import SequentialModels

extension Recipe {
  /// The recipe with its sizes chosen for `log`: what `cloze train` starts from before files and flags are laid over it.
  ///
  /// - Length: the 95th percentile of the histories, between 20 and 200; few histories are cut and no position stays
  ///   untrained.
  /// - Width: at most 64 below 200,000 events. A wider model learns the histories of few users by heart and does well as
  ///   long as it is evaluated behind them, and worse one event later.
  /// - Windows: below 200,000 events the next item is named in windows cut anew in every epoch, for the same reason.
  /// - Epochs: as many steps as the recipe takes on MovieLens-1M, in at most three times the epochs. Small logs need many
  ///   passes; on large ones a stage that names the next item everywhere has seen enough after a few, down to a third of
  ///   the epochs, and then learns by heart. Masks are learnt slowly and keep theirs.
  package func experiment(for log: InteractionLog) -> Experiment {
    var experiment = experiment
    let lengths = (0..<log.userCount).map { log.range(of: UserID($0)).count }.filter { $0 > 1 }.sorted()
    guard !lengths.isEmpty else { return experiment }
    let common = lengths[min(lengths.count - 1, lengths.count * 95 / 100)]
    let isSmall = log.eventCount < Self.manyEvents
    if isSmall { experiment.model.hidden = min(experiment.model.hidden, 64) }
    experiment.model.length = min(max((common + 9) / 10 * 10, 20), 200)
    let longest = experiment.model.length
    for index in experiment.stages.indices {
      let stage = experiment.stages[index]
      if isSmall && stage.objectives.nextItem != nil && stage.windows == .all {
        experiment.stages[index].windows = .shifted
      }
      let windows = lengths.reduce(0) { $0 + (stage.windows == .recent ? 1 : ($1 + longest - 1) / longest) }
      let prefixes = (stage.objectives.tail?.prefixes ?? 0) * lengths.count
      let steps = max(1, (windows + prefixes) / stage.batch)
      let wanted = (stage.epochs * Self.referenceSteps + steps / 2) / steps
      let least = stage.objectives.nextItem == nil ? stage.epochs : (stage.epochs + 2) / 3
      experiment.stages[index].epochs = min(max(wanted, least), 3 * stage.epochs)
    }
    return experiment
  }

  /// Events from which on a wide model pays, and windows that stay the same do no harm.
  private static let manyEvents = 200_000
  /// Steps of an epoch on MovieLens-1M, all windows of 200 in batches of 32: what the recipes' epochs were chosen on.
  private static let referenceSteps = 269
}
