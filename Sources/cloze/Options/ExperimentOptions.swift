import ArgumentParser
import Experiments
import Interactions

/// What a run is made of: a named recipe and what is laid over it.
struct ExperimentOptions: ParsableArguments {
  @Option(help: "The recipe to start from: \(Recipe.allCases.map(\.rawValue).joined(separator: ", ")).")
  var recipe = Recipe.standard
  @OptionGroup var overlay: OverlayOptions

  /// Refuses what no log could be trained with, before one is read.
  func check() throws { _ = try overlay.lay(over: recipe.experiment) }

  /// The experiment that all of this adds up to on `log`.
  func experiment(for log: InteractionLog) throws -> Experiment { try overlay.lay(over: recipe.experiment(for: log)) }
}

extension Recipe: ExpressibleByArgument {}
