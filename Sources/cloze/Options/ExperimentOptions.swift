import ArgumentParser
import Foundation
import Interactions
import Training

extension Recipe {
  /// What the first line of a training says: the recipe, why it, and which sizes the log has led to.
  fileprivate func choice(_ why: String, _ sized: SizedRecipe, changed: Bool) -> String {
    var text = "recipe \(rawValue), \(why): \(summary)"
    if !sized.reasons.isEmpty { text += "; by the log, \(sized.reasons.joined(separator: ", "))" }
    return changed ? text + "; files and flags change some of it" : text
  }
}

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

  /// Whether any of these options was given.
  var isGiven: Bool {
    recipe != nil || start.from != nil || overlay.isGiven
  }

  /// Refuses what no log could be trained with, before one is read.
  func check() throws { _ = try experiment { SizedRecipe(experiment: $0.experiment) } }

  /// The experiment that all of this adds up to on `log`, and the sentence that says where its recipe and sizes come from.
  func experiment(for log: InteractionLog) throws -> (experiment: Experiment, choice: String) {
    try experiment { $0.sized(for: log) }
  }

  /// A recipe that is not named follows the model of --from, and so do the attention, pooling and head.
  private func experiment(of sized: (Recipe) -> SizedRecipe) throws -> (experiment: Experiment, choice: String) {
    let named = try overlay.recipe(recipe)
    var recipe = named ?? .standard
    var chosen = sized(recipe)
    var why = named == nil ? "the default" : self.recipe == nil ? "named in the file" : "named by --recipe"
    if named == nil, let from = start.from {
      let model = try ModelConfiguration(checkpoint: URL(fileURLWithPath: from))
      recipe = .fitting(model)
      chosen = sized(recipe)
      chosen.experiment.model = model
      why = "what suits the model of --from"
    }
    let experiment = try start.finish(overlay.lay(over: start.lay(over: chosen.experiment)))
    return (experiment, recipe.choice(why, chosen, changed: experiment != chosen.experiment))
  }
}
