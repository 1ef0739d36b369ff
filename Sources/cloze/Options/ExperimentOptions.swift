import ArgumentParser
import Experiments

/// What a run is made of: a named recipe and what is laid over it.
struct ExperimentOptions: ParsableArguments {
  @Option(help: "The recipe to start from: \(Recipe.allCases.map(\.rawValue).joined(separator: ", ")).")
  var recipe = Recipe.standard
  @OptionGroup var overlay: OverlayOptions

  /// The experiment that all of this adds up to.
  func experiment() throws -> Experiment { try overlay.lay(over: recipe.experiment) }
}

extension Recipe: ExpressibleByArgument {}
