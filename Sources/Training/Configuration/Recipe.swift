import Interactions
import NeuralNetwork
import SequentialModels

/// A named experiment: a starting point that files and flags change.
package enum Recipe: String, CaseIterable, Sendable {
  /// Masked pretraining (0.3), then tuning on the masked tail: BERT4Rec as this project understands it.
  case bert4rec
  /// Causal attention, the next item at every position, read off the last item's own state without a head: SASRec with
  /// cross-entropy.
  case causal
  /// Causal attention with a `[MASK]` query at every position: the tail objective on every prefix in one pass.
  case maskedPrefixes

  /// Masked pretraining, the next item at every position, then a `[MASK]` behind every prefix as well, scored side by side
  /// with the state of the last item, which is all that counts at first.
  case joined

  /// Masked tokens and nothing else: what `cloze pretrain` starts from.
  case masked

  /// Masked items alone, then the pooled vector of each history and of eight of its prefixes: what `cloze compare` tunes
  /// poolings by, since its first stage serves them all alike.
  case pooled

  /// SASRec as it is published with cross-entropy over all items: hidden 64, one head, no head transform, batches of 128.
  case sasrec
  /// Masked pretraining, the next item at every position, then the masked tail of every prefix: what is scored is the
  /// `[MASK]` at the tail, by an encoder that has learned from every position.
  case staged

  /// What `cloze train` does when nothing else is given, on most logs.
  package static let standard = Recipe.causal

  /// What it does on logs of long histories of items that are frequent, where the masked tail beside the last item was found
  /// to be ahead; see `experiments/joined`.
  package static let standardForLongHistories = Recipe.joined

  /// What `cloze train` does with `log` when no recipe is named.
  ///
  /// - Parameter stagesAreSet: whether keys of stages are: they mean the stages of `standard`, whatever the log.
  package static func standard(for log: InteractionLog, stagesAreSet: Bool = false) -> Recipe {
    !stagesAreSet && LogShape(log).hasLongHistoriesOfFrequentItems ? standardForLongHistories : standard
  }

  /// What it trains and scores, in a few words.
  package var summary: String {
    switch self {
    case .bert4rec: "masked items, then the masked tail"
    case .causal, .sasrec: "the next item at every position, scored by the last item's state"
    case .maskedPrefixes: "a mask behind every prefix, scored by the masked tail"
    case .joined:
      "masked items, the next item, then a mask behind every prefix, too, scored by the masked tail beside the last "
        + "item's state"
    case .masked: "masked tokens"
    case .pooled: "masked items, then pooled prefixes"
    case .staged: "masked items, the next item, then a mask behind every prefix, scored by the masked tail"
    }
  }

  package var experiment: Experiment {
    switch self {
    case .bert4rec:
      Experiment(
        model: ModelConfiguration(),
        stages: [
          TrainingStage(
            name: "pretrain", objectives: Objectives(mlm: .init(), tail: .init()), epochs: 40, batch: 32,
            windows: .all),
          Self.tuning,
        ])
    case .causal:
      Experiment(
        model: ModelConfiguration(
          hidden: 128, dropout: 0.25, attention: .causal, pooling: .last, head: .direct),
        stages: [
          TrainingStage(
            name: "train", objectives: Objectives(nextItem: .init()), epochs: 15, batch: 32, windows: .all)
        ])
    case .joined:
      Experiment(
        model: ModelConfiguration(
          hidden: 128, dropout: 0.25, attention: .causal, pooling: .concat(.tail, .last), head: .direct),
        stages: [
          TrainingStage(
            name: "pretrain", objectives: Objectives(mlm: .init()), attention: .bidirectional, pooling: .tail,
            epochs: 2, batch: 32, windows: .all),
          TrainingStage(
            name: "next", objectives: Objectives(nextItem: .init()), pooling: .last, epochs: 9, batch: 32,
            learningRate: LearningRateSchedule(floor: 0.5), windows: .all, patience: 0),
          TrainingStage(
            name: "tune", objectives: Objectives(maskedPrefixes: .init(), nextItem: .init()), epochs: 7, batch: 32,
            learningRate: LearningRateSchedule(peak: 5e-4), windows: .all),
        ])
    case .masked:
      Experiment(
        model: ModelConfiguration(),
        stages: [
          TrainingStage(name: "pretrain", objectives: Objectives(mlm: .init()), epochs: 40, batch: 32, windows: .all)
        ])
    case .maskedPrefixes:
      Experiment(
        model: ModelConfiguration(attention: .causal),
        stages: [
          TrainingStage(
            name: "train", objectives: Objectives(maskedPrefixes: .init()), epochs: 20, batch: 32, windows: .all)
        ])
    case .pooled:
      Experiment(
        model: ModelConfiguration(),
        stages: [
          TrainingStage(name: "pretrain", objectives: Objectives(mlm: .init()), epochs: 20, batch: 32, windows: .all),
          Self.tuning,
        ])
    case .sasrec:
      Experiment(
        model: ModelConfiguration(heads: 1, attention: .causal, pooling: .last, head: .direct),
        stages: [
          TrainingStage(
            name: "train", objectives: Objectives(nextItem: .init()), epochs: 60, batch: 128,
            learningRate: LearningRateSchedule(decay: .constant), patience: 20)
        ])
    case .staged:
      Experiment(
        model: ModelConfiguration(hidden: 128, dropout: 0.25, attention: .causal),
        stages: [
          TrainingStage(
            name: "pretrain", objectives: Objectives(mlm: .init()), attention: .bidirectional, epochs: 2, batch: 32,
            windows: .all),
          TrainingStage(
            name: "next", objectives: Objectives(nextItem: .init()), pooling: .last, epochs: 9, batch: 32,
            learningRate: LearningRateSchedule(floor: 0.2), windows: .all, patience: 0),
          TrainingStage(
            name: "tune", objectives: Objectives(maskedPrefixes: .init()), epochs: 5, batch: 32,
            learningRate: LearningRateSchedule(peak: 5e-4), windows: .all, patience: 0),
        ])
    }
  }

  /// Broad and slow on purpose: small batches of few prefixes at a rate of 1e-3 undo what masks have taught.
  private static let tuning = TrainingStage(
    name: "tune", objectives: Objectives(tail: .init(prefixes: 8)), epochs: 5, batch: 128,
    learningRate: LearningRateSchedule(peak: 5e-4))
}

extension Recipe {
  /// What versions before 0.2 called some recipes.
  private static let renamed: [String: Recipe] = ["plain": .bert4rec, "queries": .maskedPrefixes]

  /// The recipe called `name`.
  ///
  /// - Throws: `ConfigurationError.wrongValue` with all names, or with the new name of an old one.
  package init(named name: String) throws(ConfigurationError) {
    if let recipe = Recipe(rawValue: name) {
      self = recipe
      return
    }
    if let now = Self.renamed[name] {
      throw .wrongValue("recipe", fault: "“\(name)” is called “\(now.rawValue)” since version 0.2")
    }
    let names = Recipe.allCases.map(\.rawValue)
    let guess = NearestName.suggestion(for: name, among: names).map { "; did you mean “\($0)”?" } ?? ""
    throw .wrongValue("recipe", fault: "“\(name)” is none of \(names.joined(separator: ", "))\(guess)")
  }
}
