import Foundation
import Interactions
import SequentialModels

/// A recipe with its sizes chosen for a log, and why they are what they are.
package struct SizedRecipe: Sendable, Equatable {
  package var experiment: Experiment
  /// What the log has led to, in the order in which it was chosen.
  package private(set) var choices: [SizeChoice] = []

  package init(experiment: Experiment) { self.experiment = experiment }

  /// One clause each, such as `length 20 for 95 % of the histories`.
  package var reasons: [String] { choices.compactMap(\.clause) }

  /// Says why keys have the values that they have.
  ///
  /// - Parameter clause: for the first line of a training; nil for what does not belong there.
  mutating func choose(_ paths: String..., clause: String? = nil, why: String) {
    choices.append(SizeChoice(paths: paths, clause: clause, why: why))
  }
}

/// Keys that have the values they have because of the log.
package struct SizeChoice: Sendable, Equatable {
  package let paths: [String]
  /// `length 20 for 95 % of the histories`
  package let clause: String?
  /// `for 95 % of the histories`
  package let why: String
}

extension Recipe {
  /// The recipe with its sizes chosen for `log`: what `cloze train` starts from before files and flags are laid over it.
  package func experiment(for log: InteractionLog) -> Experiment { sized(for: log).experiment }

  /// The recipe with its sizes chosen for `log`.
  ///
  /// - Length: the 95th percentile of the histories, between 20 and 200; few histories are cut and no position stays
  ///   untrained.
  /// - Width: at most 64 below 200,000 events. A wider model learns the histories of few users by heart and does well as
  ///   long as it is evaluated right behind them, and worse one event later.
  /// - Windows: below 200,000 events the next item is named in windows cut anew in every epoch, for the same reason.
  /// - Epochs: as many steps as the recipe takes on MovieLens-1M, in at most three times the epochs. Small logs need many
  ///   passes; on large ones a stage that names the next item everywhere has seen enough after a few, down to a third of
  ///   the epochs, and then learns by heart. Masks are learnt slowly and keep theirs.
  /// - Short histories of rare items (`causal` and `joined`): dropout, weight decay, the full width and at least 18 passes
  ///   that name the next item, fewer where the catalog is so large that they would take long, with label smoothing, tables
  ///   that learn twice as fast as the rest, and a fifth of the targets further ahead; see `experiments/sparse-logs`.
  /// - Many long histories (`causal` and `joined`): a third block.
  package func sized(for log: InteractionLog) -> SizedRecipe {
    var sized = SizedRecipe(experiment: experiment)
    let shape = LogShape(log)
    guard let length = shape.commonLength else { return sized }
    sized.experiment.model.length = length
    let covers = "for 95 % of the histories"
    sized.choose("model.length", clause: "length \(length) \(covers)", why: covers)
    let followsShape = self == .causal || self == .joined
    let isSparse = followsShape && shape.isSparse
    if isSparse {
      sized.regularize(shape)
    } else {
      sized.narrow(shape)
      if followsShape && shape.hasManyLongHistories {
        sized.experiment.model.layers = 3
        sized.choose("model.layers", clause: "3 layers for many long histories", why: "for many long histories")
      }
    }
    sized.chooseWindows(shape)
    sized.chooseEpochs(shape, isSparse: isSparse)
    return sized
  }
}

extension SizedRecipe {
  /// More dropout, weight decay and label smoothing and faster tables, where rows of items see few targets.
  fileprivate mutating func regularize(_ shape: LogShape) {
    experiment.model.dropout = 0.5
    let (mean, targets) = (String(format: "%.1f", shape.meanLength), String(format: "%.1f", shape.targetsPerItem))
    let why = "for short histories of rare items (\(mean) events on average, \(targets) targets an item)"
    choose(
      "model.dropout",
      clause:
        "dropout 0.5, weight decay 0.2, label smoothing 0.1, twice the rate for tables and a fifth of the targets up to 3 items further ahead \(why)",
      why: why)
    for index in experiment.stages.indices {
      experiment.stages[index].optimizer.weightDecay = 0.2
      choose("stages.\(index).optimizer.weightDecay", why: why)
      guard experiment.stages[index].objectives.nameEveryNextItem else { continue }
      experiment.stages[index].labelSmoothing = 0.1
      experiment.stages[index].rates.embeddings = 2
      experiment.stages[index].futureTargets = FutureTargets(share: 0.2, within: 3)
      let stage = "stages.\(index)"
      choose("\(stage).labelSmoothing", "\(stage).rates.embeddings", why: why)
      choose("\(stage).futureTargets.share", "\(stage).futureTargets.within", why: why)
    }
  }

  fileprivate mutating func narrow(_ shape: LogShape) {
    if !shape.isSmall || experiment.model.hidden <= 64 { return }
    experiment.model.hidden = 64
    choose("model.hidden", clause: "hidden 64 for fewer than 200,000 events", why: "for fewer than 200,000 events")
  }

  fileprivate mutating func chooseWindows(_ shape: LogShape) {
    for index in experiment.stages.indices where shape.isSmall {
      let stage = experiment.stages[index]
      let namesNextItem = stage.objectives.nextItem != nil || experiment.model.pooling.joinsTailAndLast
      if namesNextItem && stage.windows == .all {
        experiment.stages[index].windows = .shifted
        choose("stages.\(index).windows", why: "cut anew in every epoch, for fewer than 200,000 events")
      }
    }
  }

  fileprivate mutating func chooseEpochs(_ shape: LogShape, isSparse: Bool) {
    let longest = experiment.model.length
    let naming = experiment.stages.reduce(0) { $0 + ($1.objectives.nameEveryNextItem ? $1.epochs : 0) }
    for index in experiment.stages.indices {
      let stage = experiment.stages[index]
      let windows = shape.lengths.reduce(0) { $0 + (stage.windows == .recent ? 1 : ($1 + longest - 1) / longest) }
      let prefixes = (stage.objectives.tail?.prefixes ?? 0) * shape.lengths.count
      let steps = max(1, (windows + prefixes) / stage.batch)
      let wanted = (stage.epochs * Self.referenceSteps + steps / 2) / steps
      var least = stage.objectives.nextItem == nil ? stage.epochs : (stage.epochs + 2) / 3
      let isRegularized = isSparse && stage.objectives.nameEveryNextItem
      if isRegularized { least = max(1, (passes(shape) * stage.epochs + naming / 2) / naming) }
      let most = max(3 * stage.epochs, least)
      experiment.stages[index].epochs = min(max(wanted, least), most)
      choose(
        "stages.\(index).epochs",
        why: wanted < least && isRegularized
          ? "\(least) passes at least for short histories of rare items"
          : "as many steps as \(stage.epochs) epochs of MovieLens-1M, in \(least) to \(most) epochs of \(steps)")
    }
    let epochs = experiment.stages.map { "\($0.epochs)" }.joined(separator: " + ")
    choose(clause: "\(epochs) epoch\(epochs == "1" ? "" : "s")", why: "")
  }

  /// Passes over short histories of rare items: 18, fewer where scoring all items as often would take more than `most` operations.
  private func passes(_ shape: LogShape) -> Int {
    let pass = 6 * Double(shape.targets) * Double(max(1, shape.items)) * Double(experiment.model.hidden)
    return min(18, max(8, Int(Self.most / max(1, pass))))
  }

  /// Floating-point operations of the softmax over all items: about half an hour on two cores.
  private static let most = 2e14
  /// Steps of an epoch on MovieLens-1M, all windows of 200 in batches of 32: what the recipes' epochs were chosen on.
  private static let referenceSteps = 269
}
