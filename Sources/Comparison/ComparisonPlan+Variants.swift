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

  /// A configuration key and the values it takes in a comparison.
  package struct Factor: Sendable {
    package var key: String
    package var values: [String]

    package init(_ key: String, _ values: [String]) {
      self.key = key
      self.values = values
    }
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

  /// Item rows of ids alone, the first of `variants`, against rows that are also made of what else is known, trained whole.
  ///
  /// - Throws: `ComparisonError`.
  package static func itemRows(_ variants: [Variant], seeds: Int) throws(ComparisonError) -> ComparisonPlan {
    try checkNames(variants.map(\.name))
    return ComparisonPlan(
      name: "Comparison of item rows", factor: "item rows", variants: variants,
      seeds: variants[0].experiment.seeds(seeds))
  }

  /// Every combination of the values of `factors` on `base`, the last factor's changing first, each trained whole.
  ///
  /// - Throws: `ConfigurationError` naming the key; `ComparisonError`.
  package static func varying(_ factors: [Factor], of base: Experiment, seeds: Int) throws -> ComparisonPlan {
    for factor in factors { try checkNames(factor.values, fewest: factors.count == 1 ? 2 : 1) }
    let names = shortNames(of: factors.map(\.key))
    var grid: [[String]] = [[]]
    for factor in factors { grid = grid.flatMap { point in factor.values.map { point + [$0] } } }
    let variants = try grid.map { point in
      let trees = try zip(factors, point).map { try ConfigurationTree.single($0.key, $1) }
      return Variant(
        name: point.count == 1 ? point[0] : zip(names, point).map { "\($0)=\($1)" }.joined(separator: " "),
        experiment: try base.with(trees))
    }
    try checkNames(variants.map(\.name))
    let factor = factors.map(\.key).joined(separator: " × ")
    return ComparisonPlan(name: "Comparison of \(factor)", factor: factor, variants: variants, seeds: base.seeds(seeds))
  }

  /// The last word of each key, or all of them where two end alike.
  private static func shortNames(of keys: [String]) -> [String] {
    let last = keys.map { $0.split(separator: ".").last.map(String.init) ?? $0 }
    return Set(last).count == keys.count ? last : keys
  }

  private static func checkNames(_ names: [String], fewest: Int = 2) throws(ComparisonError) {
    if names.count < fewest { throw .tooFewVariants(names.count) }
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
