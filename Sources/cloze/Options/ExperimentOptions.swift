import ArgumentParser
import Foundation
import Interactions
import NeuralNetwork
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
      the one that the file of --config names, what suits the model of --from, or \(Recipe.standard.rawValue); \
      \(Recipe.standardForLongHistories.rawValue) for many long histories of frequent items, unless keys of stages are set.
      """, completion: .list(Recipe.allCases.map(\.rawValue)), transform: { try Recipe(named: $0) })
  var recipe: Recipe?
  @OptionGroup var start: StartOptions
  @OptionGroup var overlay: OverlayOptions

  /// Whether any of these options was given.
  var isGiven: Bool {
    recipe != nil || start.from != nil || overlay.isGiven
  }

  /// Refuses what no log could be trained with, before one is read.
  func check() throws { _ = try chosen(or: .standard, of: { SizedRecipe(experiment: $0.experiment) }) }

  /// The experiment that all of this adds up to on `log`.
  func chosen(for log: InteractionLog) throws -> ChosenExperiment {
    try chosen(or: overlay.standard(for: log), of: { $0.sized(for: log) })
  }

  /// A recipe that is not named follows the model of --from, and so do the attention, pooling and head.
  ///
  /// - Parameter standard: what is chosen where there is no such model.
  private func chosen(or standard: Recipe, of sized: (Recipe) -> SizedRecipe) throws -> ChosenExperiment {
    let named = try overlay.recipe(recipe)
    var recipe = named ?? standard
    var why = self.recipe == nil ? "named in the file" : "named by --recipe"
    if named == nil {
      why = standard == .standard ? "the default" : "the default for many long histories of frequent items"
    }
    var model: ModelConfiguration?
    if named == nil, let from = start.from {
      model = try ModelConfiguration(checkpoint: URL(fileURLWithPath: from))
      recipe = model.map { .fitting($0) } ?? recipe
      why = "what suits the model of --from"
    }
    let chosen = sized(recipe)
    var base = chosen.experiment
    base.model = model ?? base.model
    let (experiment, reasons) = try lay(
      over: base, SettingReasons(chosen, recipe: recipe.rawValue), before: chosen.experiment)
    return ChosenExperiment(
      experiment: experiment, choice: recipe.choice(why, chosen, changed: experiment != base),
      reasons: reasons)
  }

  /// The training of labels that all of this adds up to.
  ///
  /// - Parameters:
  ///   - sequences: how many are labeled.
  ///   - length: what covers most of them.
  ///   - found: the task that the labels call for by themselves.
  func chosen(
    labeling sequences: Int, length: Int?, task: ClassificationHead.Task?, found: ClassificationHead.Task? = nil
  ) throws -> ChosenExperiment {
    func lay(_ sized: SizedRecipe) throws -> (Experiment, SettingReasons) {
      var base = sized.experiment
      base.labels?.task = task ?? found
      var reasons = try SettingReasons(sized, recipe: nil)
      try reasons.lay(from: sized.experiment, to: base, of: task == nil ? "what --labels holds" : "--task")
      return try self.lay(over: base, reasons, before: base)
    }
    if let recipe = try overlay.recipe(nil) {
      throw ValidationError(
        "the file says recipe: \(recipe.rawValue), but --labels have a training of their own; leave it out")
    }
    var sized = Experiment.labels(sequences: sequences, length: length)
    var (experiment, reasons) = try lay(sized)
    if let from = experiment.checkpoint {
      let model = try ModelConfiguration(checkpoint: from.url)
      sized = Experiment.labels(sequences: sequences, length: length, from: model)
      (experiment, reasons) = try lay(sized)
    }
    let clauses = sized.reasons.isEmpty ? "" : ": " + sized.reasons.joined(separator: ", ")
    return ChosenExperiment(experiment: experiment, choice: "a training of labels\(clauses)", reasons: reasons)
  }

  /// - Parameter before: what `known` speaks of; where `base` differs it is due to the model of --from.
  private func lay(
    over base: Experiment, _ known: SettingReasons, before: Experiment
  ) throws -> (Experiment, SettingReasons) {
    var reasons = known
    let started = try start.lay(over: base)
    try reasons.lay(from: before, to: started, of: "the model of --from")
    try overlay.everyday.requireSizes(of: started)
    let laid = try overlay.lay(over: started, &reasons)
    let experiment = try start.finish(laid)
    try reasons.lay(from: laid, to: experiment, of: "--freeze or --new-row-rate")
    return (experiment, reasons)
  }
}

/// An experiment with where it comes from.
struct ChosenExperiment {
  let experiment: Experiment
  /// The sentence that says where its recipe and sizes come from.
  let choice: String
  /// Of each key.
  let reasons: SettingReasons
}
