import ArgumentParser
import Foundation
import Interactions
import Training

/// What a run is made of: a named recipe and what is laid over it.
struct ExperimentOptions: ParsableArguments {
  @Option(
    help: """
      The recipe to start from: \(Recipe.allCases.map(\.rawValue).joined(separator: ", ")). Without it \
      the one that the file of --config names, \(Recipe.standard.rawValue), or what suits the model of --from.
      """, transform: { try Recipe(named: $0) })
  var recipe: Recipe?
  @OptionGroup var start: StartOptions
  @OptionGroup var overlay: OverlayOptions

  /// Refuses what no log could be trained with, before one is read.
  func check() throws { _ = try experiment { $0.experiment } }

  /// The experiment that all of this adds up to on `log`.
  func experiment(for log: InteractionLog) throws -> Experiment { try experiment { $0.experiment(for: log) } }

  /// A recipe that is not named follows the model of --from, and so do the attention, pooling and head.
  private func experiment(of sized: (Recipe) -> Experiment) throws -> Experiment {
    let recipe = try overlay.recipe(recipe)
    var experiment = sized(recipe ?? .standard)
    if recipe == nil, let from = start.from {
      let model = try ModelConfiguration(checkpoint: URL(fileURLWithPath: from))
      experiment = sized(.fitting(model))
      experiment.model = model
    }
    return try start.finish(overlay.lay(over: start.lay(over: experiment)))
  }
}
