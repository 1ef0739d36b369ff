import DurableFiles
import SequentialModels
import Training

/// Variants of one experiment, to be trained with the same seeds and evaluated on the same users. A value that can be
/// written down, interrupted and resumed.
package struct ComparisonPlan: Codable, Sendable, Equatable {
  /// One way of doing it.
  package struct Variant: Codable, Sendable, Equatable {
    /// What tables call it: `mean`, or the value of the key that is varied.
    package var name: String
    /// What this variant trains itself; its seed is replaced by each of the comparison's.
    package var experiment: Experiment

    package init(name: String, experiment: Experiment) {
      self.name = name
      self.experiment = experiment
    }
  }

  package var name: String
  /// What differs between the variants: `pooling`, or a configuration key.
  package var factor: String
  package var variants: [Variant]
  /// What is trained once and where every variant starts from; nil where each trains whole.
  package var pretraining: Experiment?
  package var seeds: [UInt64]

  package init(
    name: String, factor: String, variants: [Variant], pretraining: Experiment? = nil, seeds: [UInt64]
  ) {
    self.name = name
    self.factor = factor
    self.variants = variants
    self.pretraining = pretraining
    self.seeds = seeds
  }

  /// All runs, seed by seed, so that an interrupted comparison has evaluated every variant equally often.
  package var runs: [(variant: Variant, seed: UInt64)] {
    seeds.flatMap { seed in variants.map { (variant: $0, seed: seed) } }
  }
}

/// A comparison that cannot be made, or not be resumed.
package enum ComparisonError: Error, CustomStringConvertible, Equatable {
  case tooFewVariants(Int)
  case sameVariant(String)
  /// `last` reads an item's own state, which a bidirectional encoder was never trained for.
  case needsCausal(String)
  case nothingToShare
  /// The directory holds the runs of something else.
  case otherComparison(path: String, differs: [String])
  case foreign(path: String)
  case interrupted(finished: Int, of: Int, path: String)

  /// Whether no log could give what the command wants.
  package var isBadUsage: Bool {
    switch self {
    case .tooFewVariants, .sameVariant, .needsCausal, .nothingToShare: true
    case .otherComparison, .foreign, .interrupted: false
    }
  }

  package var description: String {
    switch self {
    case .tooFewVariants(let count):
      "\(Counted(count, "variant")) to compare; name two or more, separated by commas"
    case .sameVariant(let name): "“\(name)” stands twice among the variants; name each once"
    case .needsCausal(let name):
      "“\(name)” scores the last item's own state, which masked training never trains; compare causal models with "
        + "--vary model.pooling=… --recipe causal"
    case .nothingToShare:
      "the recipe has no masked stage before the one that trains the pooling, so there is no encoder to share; add "
        + "--from-scratch to train every variant whole"
    case .otherComparison(let path, let differs):
      "\(path) holds the runs of another comparison: \(differs.joined(separator: "; ")); name another --output, or give "
        + "the same log and configuration to resume it"
    case .foreign(let path): "\(path) holds files but no comparison, so it is left alone; name another --output"
    case .interrupted(let finished, let all, let path):
      "the comparison was stopped; \(finished) of \(all) runs are in \(path), and the same command resumes it"
    }
  }
}
