import ArgumentParser
import Foundation
import Interactions
import NeuralNetwork
import Training

/// `cloze settings`: what a configuration can say, and what a run would use.
struct SettingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settings",
    abstract: "List the keys of a configuration, or print all that a run would use.",
    discussion: """
      A WORD finds keys by their own name, by an option, or by what RecTools, RecBole, Hugging Face or a paper call \
      them. A key is set by --set KEY=VALUE or in the file of --config, with the number of a stage for N: \
      stages.0.epochs.

      With --for LOG and the options of `cloze train`, the complete YAML of that training is printed: the sizes that \
      follow from the log, and what files and flags change, each key with its reason. `cloze train LOG --config FILE` with \
      it trains the same model. With --labels it is that of a classifier.
      """)

  @Argument(help: "Only keys that have this word, such as hidden, learning_rate or gBCE.")
  var word: String?
  @Option(
    name: .customLong("for"), help: ArgumentHelp("Print all that a training on this log would use.", valueName: "log"),
    completion: .file())
  var trainingLog: String?
  @Flag(help: "Print the list as a page of Markdown: docs/Settings.md.")
  var markdown = false
  @Flag(help: "Print it as JSON.")
  var json = false
  @OptionGroup var sources: SourceOptions
  @OptionGroup var experiment: ExperimentOptions
  @OptionGroup var known: LabelOptions
  @Option(help: "What --labels are: classification or regression; classification of texts if not given.")
  var task: ClassificationHead.Task?
  @OptionGroup var reporting: ProgressOptions

  func validate() throws {
    if known.labels == nil && (known.lines != nil || task != nil) {
      throw ValidationError("--lines and --task are for --labels; give the file, too")
    }
    if known.labels != nil {
      if (trainingLog == nil) == (known.lines == nil) {
        throw ValidationError("--labels are of the users of --for LOG, or of --lines; give one of them")
      }
      if experiment.recipe != nil || experiment.overlay.everyday.loss != nil {
        throw ValidationError("--recipe and --loss are not for --labels, whose sequences have no items to name")
      }
    } else if trainingLog == nil && experiment.isGiven {
      throw ValidationError("a recipe, file or setting needs the log that it is for; give --for LOG, too")
    }
    if [word != nil, trainingLog != nil || known.labels != nil, markdown].count(where: { $0 }) > 1 {
      throw ValidationError("a WORD, --for and --markdown exclude each other; give one of them")
    }
    if markdown && json { throw ValidationError("--markdown and --json exclude each other; give one of them") }
  }

  func run() throws {
    if trainingLog != nil || known.labels != nil { return try printExperiment() }
    var settings = Setting.all
    if let word {
      settings = Setting.matching(word)
      if settings.isEmpty {
        let guess = Setting.suggestion(for: word).map { "; did you mean “\($0)”?" } ?? "; `cloze settings` lists all"
        throw ValidationError("no key, option or name elsewhere has “\(word)”\(guess)")
      }
    }
    if json {
      try print(JSONText.of(settings.map { SettingsText.Entry($0) }))
    } else if markdown {
      try print(SettingsText.page(settings), terminator: "")
    } else {
      try print(settings.map { SettingsText.paragraph($0) }.joined(separator: "\n\n"))
    }
  }

  private func printExperiment() throws {
    let labels = try known.file()
    if labels == nil { try experiment.check() }
    let progress = reporting.start()
    let chosen: ChosenExperiment
    if let labels {
      let (source, _) = try known.source(trainingLog, sources, progress)
      chosen = try experiment.chosen(labeling: source, labels, task: task)
    } else {
      chosen = try experiment.chosen(for: sources.load(trainingLog ?? "", progress).log)
    }
    progress.finish()
    if json {
      try print(JSONText.of(chosen.experiment.tree()))
      return
    }
    let data = trainingLog.map { Shell.word($0) } ?? "--lines \(Shell.word(known.lines ?? ""))"
    let labeled = known.labels.map { " --labels \(Shell.word($0))" } ?? ""
    try print("# For `cloze train \(data)\(labeled) --config THIS`,\n# with the same options of the log.")
    try print(SettingsText.wrapped("# \(chosen.choice).", indent: 0).replacing("\n", with: "\n# "))
    try print(YAMLText.of(chosen.experiment, reasons: chosen.reasons), terminator: "")
  }
}

/// `cloze recipes`: the starting points of configurations.
struct RecipesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipes", abstract: "Describe the recipes that a training can start from.",
    discussion: """
      Sizes and epochs are those of a large log; `cloze settings --for LOG --recipe NAME` prints what a log makes of them.
      """)

  @Flag(help: "Print the recipes with all of their keys as JSON.")
  var json = false
  @OptionGroup var silence: QuietOptions

  /// A recipe as JSON has it.
  private struct Entry: Encodable {
    var name: String
    var summary: String
    var isDefault: Bool
    var experiment: Experiment
  }

  func run() throws {
    if json {
      try print(
        JSONText.of(
          Recipe.allCases.map {
            Entry(name: $0.rawValue, summary: $0.summary, isDefault: $0 == .standard, experiment: $0.experiment)
          }))
      return
    }
    for recipe in Recipe.allCases {
      let stages = recipe.experiment.stages.map { "\($0.name) \($0.epochs)" }.joined(separator: ", ")
      let model = recipe.experiment.model
      let sizes = "hidden \(model.hidden), \(model.layers) layers, \(model.attention.rawValue); epochs: \(stages)"
      let mark = recipe == .standard ? " *" : recipe == .standardForLongHistories ? " +" : ""
      try print(SettingsText.hanging(recipe.rawValue + mark, [recipe.summary, sizes], indent: 16))
    }
    try print(
      """

      * what `cloze train` does unless another one is named
      + the same, where there are many long histories of frequent items
      """)
  }
}
