import SequentialModels

/// What of a checkpoint keeps its bytes while the rest learns.
package enum Freeze: String, Codable, Sendable, CaseIterable {
  /// The tables of items, positions and segments; rows that the checkpoint lacked learn.
  case embeddings
  /// The tables and all blocks; what stands on them learns, and rows that the checkpoint lacked.
  case encoder
  case none
}

extension Experiment {
  /// This experiment with `part` frozen in every stage; parts that were frozen and are not now learn at factor 1.
  package func freezing(_ part: Freeze) -> Experiment {
    var experiment = self
    for index in experiment.stages.indices {
      func factor(_ old: Double, _ isFrozen: Bool) -> Double { isFrozen ? 0 : old == 0 ? 1 : old }
      let rates = experiment.stages[index].rates
      experiment.stages[index].rates.embeddings = factor(rates.embeddings, part != .none)
      experiment.stages[index].rates.blocks = factor(rates.blocks, part == .encoder)
    }
    return experiment
  }
}
