import NeuralNetwork
import SequentialModels
import Training

extension ComparisonPlan {
  /// Each of `poolings` on `base`: the masked stage before the first that trains the pooling is shared, unless
  /// `fromScratch`.
  ///
  /// Where any of them reads `[CLS]`, the sequences of all begin with it, so that one encoder serves all and none has a
  /// row more than another.
  /// - Throws: `ComparisonError`.
  package static func poolings(
    _ poolings: [Pooling], of base: Experiment, seeds: Int, fromScratch: Bool
  ) throws(ComparisonError) -> ComparisonPlan {
    try checkNames(poolings.map(\.description))
    if let last = poolings.first(where: { $0 == .last }), base.model.attention == .bidirectional {
      throw .needsCausal(last.description)
    }
    var base = base
    base.model.opensWithCLS = poolings.contains(where: \.readsCLS) || base.model.opensWithCLS
    let shared = fromScratch ? 0 : base.stages.prefix { $0.objectives.trainsOnlyTheEncoder }.count
    if !fromScratch && (shared == 0 || shared == base.stages.count) { throw .nothingToShare }
    var pretraining = base
    pretraining.model.pooling = .tail
    pretraining.stages = Array(base.stages.prefix(shared))
    let variants = poolings.map { pooling in
      var experiment = base
      experiment.model.pooling = pooling
      experiment.stages = Array(base.stages.dropFirst(shared))
      return Variant(name: pooling.description, experiment: experiment)
    }
    return ComparisonPlan(
      name: "Comparison of poolings", factor: "pooling", variants: variants,
      pretraining: shared > 0 ? pretraining : nil, seeds: base.seeds(seeds))
  }

  /// Each of `values` of the configuration key `key` on `base`, trained whole.
  ///
  /// - Throws: `ConfigurationError` naming the key; `ComparisonError`.
  package static func varying(
    _ key: String, over values: [String], of base: Experiment, seeds: Int
  ) throws -> ComparisonPlan {
    try checkNames(values)
    let variants = try values.map { value in
      Variant(name: value, experiment: try base.with(ConfigurationTree.single(key, value)))
    }
    return ComparisonPlan(
      name: "Comparison of \(key)", factor: key, variants: variants, seeds: base.seeds(seeds))
  }

  /// Each of several recipes, trained whole with the sizes that it chooses for the log.
  ///
  /// - Throws: `ComparisonError`.
  package static func recipes(_ variants: [(recipe: Recipe, experiment: Experiment)], seeds: Int)
    throws(ComparisonError) -> ComparisonPlan
  {
    try checkNames(variants.map(\.recipe.rawValue))
    return ComparisonPlan(
      name: "Comparison of recipes", factor: "recipe",
      variants: variants.map { Variant(name: $0.recipe.rawValue, experiment: $0.experiment) },
      seeds: variants[0].experiment.seeds(seeds))
  }

  private static func checkNames(_ names: [String]) throws(ComparisonError) {
    if names.count < 2 { throw .tooFewVariants(names.count) }
    for (index, name) in names.enumerated() where names[..<index].contains(name) { throw .sameVariant(name) }
  }
}

extension Experiment {
  /// `count` seeds, from the experiment's own on.
  fileprivate func seeds(_ count: Int) -> [UInt64] { (0..<count).map { seed &+ UInt64($0) } }
}

extension Objectives {
  /// Whether masked items and following segments are all that is trained: what serves every pooling alike.
  fileprivate var trainsOnlyTheEncoder: Bool { tail == nil && maskedPrefixes == nil && nextItem == nil }
}
