import ArgumentParser
import Evaluation
import Foundation
import Interactions
import RankingMetrics
import SequentialModels
import Training

/// What changes an experiment: a file laid over it, then single settings.
struct OverlayOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A YAML file: the recipe to start from (`recipe: causal`), and keys that are laid over it.", valueName: "file"),
    completion: .file())
  var config: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "One key of the configuration, such as model.hidden=128 or stages.0.epochs=20; may be repeated.",
      valueName: "key=value"))
  var settings: [String] = []

  @OptionGroup var everyday: SettingOptions

  @Option(help: "The same seed gives the same model on any number of threads.")
  var seed: UInt64?

  func validate() throws { try require(seed, in: 0...9_223_372_036_854_774_784, "--seed") }
  /// Whether any of these options was given.
  var isGiven: Bool {
    config != nil || !settings.isEmpty || seed != nil || !everyday.flags(stages: 1).isEmpty
  }

  /// The file of `--config`.
  func file() throws -> ExperimentFile? { try config.map { try ExperimentFile(URL(fileURLWithPath: $0)) } }

  /// Whether a setting of --set or the file of --config may say something of `key`.
  func mentions(_ key: String) -> Bool { config != nil || settings.contains { $0.contains(key) } }

  /// The recipe named by `--recipe` or in the file.
  func recipe(_ named: Recipe?) throws -> Recipe? {
    guard let config, let inFile = try file()?.recipe else { return named }
    if let named, named != inFile {
      throw ValidationError("--recipe \(named.rawValue), but \(config) says recipe: \(inFile.rawValue); leave one out")
    }
    return inFile
  }

  /// The recipe of a log for which none is named; a file without a recipe counts as one that sets stages.
  func standard(for log: InteractionLog?, stagesAreSet: Bool = false) -> Recipe {
    log.map { .standard(for: $0, stagesAreSet: stagesAreSet || mentions("stages")) } ?? .standard
  }

  /// `experiment` with all of this laid over it.
  func lay(over experiment: Experiment) throws -> Experiment {
    var reasons = SettingReasons()
    return try lay(over: experiment, &reasons)
  }

  /// `experiment` with all of this laid over it, each key with the file or the flag that it comes from.
  func lay(over base: Experiment, _ reasons: inout SettingReasons) throws -> Experiment {
    var experiment = base
    if let config, let file = try file() {
      experiment = try experiment.with(file.changes)
      reasons.lay([file.changes], of: "in \(config)")
    }
    let set = try setChanges()
    let flags = everyday.flags(stages: experiment.stages.count)
    for flag in flags { reasons.lay(flag.changes, of: flag.name) }
    reasons.lay(set, of: "--set")
    if seed != nil { reasons.lay([.object(["seed": .null])], of: "--seed") }
    do {
      experiment = try experiment.with(flags.flatMap(\.changes) + set)
    } catch {
      guard case ConfigurationError.wrongValue(let key, let fault) = error else { throw error }
      throw ConfigurationError.wrongValue(flag(behind: key, flags, set, of: experiment), fault: fault)
    }
    if let seed { experiment.seed = seed }
    return experiment
  }

  /// What was typed that makes `key` wrong: the flag that sets it, the only flag without which all is well, or the key itself.
  private func flag(
    behind key: String, _ flags: [EverydaySettings.Flag], _ set: [JSONValue], of experiment: Experiment
  ) -> String {
    if set.flatMap(\.values).contains(where: { $0.path == key }) { return key }
    if let own = flags.first(where: { $0.changes.flatMap(\.values).contains { $0.path == key } }) { return own.name }
    let culprits = flags.indices.filter { left in
      let others = flags.indices.filter { $0 != left }.flatMap { flags[$0].changes }
      return (try? experiment.with(others + set)) != nil
    }
    return culprits.count == 1 ? flags[culprits[0]].name : key
  }

  /// The changes of --set, one each.
  private func setChanges() throws -> [JSONValue] {
    var changes: [JSONValue] = []
    for setting in settings {
      guard let equals = setting.firstIndex(of: "=") else {
        throw ValidationError("--set \(setting) has no “=”; write --set key=value, such as --set model.hidden=128")
      }
      if setting[..<equals] == "recipe" {
        throw ValidationError(
          "--set \(setting): a recipe is what keys are laid over; name it by --recipe or in the file")
      }
      changes.append(
        try ConfigurationTree.single(
          String(setting[..<equals]), String(setting[setting.index(after: equals)...])))
    }
    return changes
  }
}

/// The settings that are changed most often, as flags; `--set` reaches all of them.
struct SettingOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: ArgumentHelp("The epochs of every stage.", valueName: "n"))
  var epochs: Int?
  @Option(parsing: .unconditional, help: ArgumentHelp("The peak learning rate of every stage.", valueName: "rate"))
  var learningRate: Double?
  @Option(parsing: .unconditional, help: ArgumentHelp("The sequences per step, in every stage.", valueName: "n"))
  var batch: Int?
  @Option(help: "The loss of every stage: \(ItemLoss.Kind.allCases.map(\.rawValue).joined(separator: ", ")).")
  var loss: ItemLoss.Kind?
  @Option(
    help: ArgumentHelp(
      "The figure on the validation users that chooses the weights, in every stage, such as NDCG@10 or HR@5.",
      valueName: "metric@k"))
  var metric: String?
  @Option(parsing: .unconditional, help: ArgumentHelp("The width of the model.", valueName: "n"))
  var hidden: Int?
  @Option(parsing: .unconditional, help: ArgumentHelp("The number of encoder blocks.", valueName: "n"))
  var layers: Int?
  @Option(parsing: .unconditional, help: ArgumentHelp("The attention heads of a block.", valueName: "n"))
  var heads: Int?
  @Option(parsing: .unconditional, help: ArgumentHelp("The longest sequence, in items and its mask.", valueName: "n"))
  var length: Int?
  @Option(parsing: .unconditional, help: ArgumentHelp("The dropout of layers and of attention.", valueName: "share"))
  var dropout: Double?

  func validate() throws {
    guard let metric, MetricKey(metric) == nil else { return }
    let name = metric.prefix { $0 != "@" }
    let names = RankMetric.allCases.map(\.rawValue)
    let ofLabels = MetricKey.LabelMetric.allCases.map(\.rawValue)
    if let near = NearestName.suggestion(for: metric, among: ofLabels), near.lowercased() == metric.lowercased() {
      throw ValidationError(
        "--metric “\(metric)” is no figure; did you mean “\(near)”, which is one of --labels? Of ranking there are "
          + names.map { "\($0)@10" }.joined(separator: ", "))
    }
    let cutoff = metric.contains("@") ? metric.dropFirst(name.count + 1) : "10"
    let guess = NearestName.suggestion(for: String(name), among: names).map { "\($0)@\(Int(cutoff) ?? 10)" }
    throw ValidationError(
      "--metric “\(metric)” is no figure with its cutoff; "
        + (guess.map { "did you mean “\($0)”?" }
          ?? "expected one of \(names.map { "\($0)@10" }.joined(separator: ", ")), or with another cutoff"))
  }

  /// Those that were given.
  private var given: EverydaySettings {
    var settings = EverydaySettings()
    (settings.epochs, settings.learningRate, settings.batch) = (epochs, learningRate, batch)
    (settings.loss, settings.metric, settings.dropout) = (loss, metric, dropout)
    (settings.hidden, settings.layers, settings.heads, settings.length) = (hidden, layers, heads, length)
    return settings
  }

  /// Refuses sizes that the weights of the model to start from do not fit.
  func requireSizes(of started: Experiment) throws {
    guard let from = started.checkpoint?.from else { return }
    let model = started.model
    for (flag, given, own) in [
      ("--hidden", hidden, model.hidden), ("--layers", layers, model.layers), ("--heads", heads, model.heads),
    ] {
      guard let given, given != own else { continue }
      throw ValidationError(
        "\(flag) \(given), but \(from) has \(own), and its weights fit no other; leave \(flag) out")
    }
  }

  /// The flags that were given, as changes of an experiment with so many stages.
  func flags(stages: Int) -> [EverydaySettings.Flag] { given.flags(stages: stages) }
}

extension ItemLoss.Kind: ExpressibleByArgument {}
