import ArgumentParser
import Foundation
import Training

/// What changes an experiment: a file laid over it, then single keys.
struct OverlayOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A YAML file whose keys are laid over the recipe.", valueName: "file"))
  var config: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "One key of the configuration, such as model.hidden=128 or stages.0.epochs=20; may be repeated.",
      valueName: "key=value"))
  var settings: [String] = []

  @Option(help: "The same seed gives the same model on any number of threads.")
  var seed: UInt64?

  /// `experiment` with all of this laid over it.
  func lay(over experiment: Experiment) throws -> Experiment {
    var experiment = experiment
    if let config { experiment = try experiment.with(file: URL(fileURLWithPath: config)) }
    for setting in settings {
      guard let equals = setting.firstIndex(of: "=") else {
        throw ValidationError("--set \(setting) has no “=”; write --set key=value, such as --set model.hidden=128")
      }
      experiment = try experiment.with(
        ConfigurationTree.single(
          String(setting[..<equals]), String(setting[setting.index(after: equals)...])))
    }
    if let seed { experiment.seed = seed }
    return experiment
  }
}
