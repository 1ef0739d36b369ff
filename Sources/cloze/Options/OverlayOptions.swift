import ArgumentParser
import Foundation
import Training

/// What changes an experiment: a file laid over it, then single keys.
struct OverlayOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A YAML file: the recipe to start from (`recipe: causal`), and keys that are laid over it.", valueName: "file"))
  var config: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "One key of the configuration, such as model.hidden=128 or stages.0.epochs=20; may be repeated.",
      valueName: "key=value"))
  var settings: [String] = []

  @Option(help: "The same seed gives the same model on any number of threads.")
  var seed: UInt64?

  /// The file of `--config`.
  func file() throws -> ExperimentFile? { try config.map { try ExperimentFile(URL(fileURLWithPath: $0)) } }

  /// The recipe named by `--recipe` or in the file.
  func recipe(_ named: Recipe?) throws -> Recipe? {
    guard let config, let inFile = try file()?.recipe else { return named }
    if let named, named != inFile {
      throw ValidationError("--recipe \(named.rawValue), but \(config) says recipe: \(inFile.rawValue); leave one out")
    }
    return inFile
  }

  /// `experiment` with all of this laid over it.
  func lay(over experiment: Experiment) throws -> Experiment {
    var experiment = experiment
    if let file = try file() { experiment = try experiment.with(file.changes) }
    for setting in settings {
      guard let equals = setting.firstIndex(of: "=") else {
        throw ValidationError("--set \(setting) has no “=”; write --set key=value, such as --set model.hidden=128")
      }
      if setting[..<equals] == "recipe" {
        throw ValidationError(
          "--set \(setting): a recipe is what keys are laid over; name it by --recipe or in the file")
      }
      experiment = try experiment.with(
        ConfigurationTree.single(
          String(setting[..<equals]), String(setting[setting.index(after: equals)...])))
    }
    if let seed { experiment.seed = seed }
    return experiment
  }
}
