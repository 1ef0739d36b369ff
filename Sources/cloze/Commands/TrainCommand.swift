import ArgumentParser
import Foundation
import InteractionStore
import Interactions
import Items
import ModelFiles
import NeuralNetwork
import SequentialModels
import Training

/// `cloze train`: a model from a log.
struct TrainCommand: ParsableCommand, ComputesTogether {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model on a store or a log.",
    discussion: """
      Of each user with three or more events the last is kept for the test and the one before it for validation, or as \
      --split says. With --from the model is fine-tuned from another: the items of both are united, rows that the other \
      lacks are appended, everything else is taken as it is. After each epoch the validation users are ranked; each stage \
      ends with its best weights. With --set heldOut=test the validation events train, too, as for a final run once all \
      is decided; with heldOut=nothing all events do. Nothing is validated then, and the last weights are kept.

      Ctrl-C ends training after the current step and writes the best model so far; a second one ends at once and writes \
      nothing. The state of the training is saved beside the model while it runs: a run that was stopped or killed is \
      continued by --resume, and ends with the same bytes as if it had not been interrupted.

      With --labels a classifier of users is trained instead (of lines of text, with --lines), or with --task regression \
      what predicts a number of them: churn, segments, ratings of texts. A tenth of the labels each is held out for \
      validation and for the test; `cloze classify` uses what was trained. Its settings are those with “also with --labels” in \
      `cloze settings`, and it is resumed alike.
      """)

  @Argument(help: "The store, or a log file in any format that `cloze check` reads.", completion: .file())
  var log: String?
  @OptionGroup var folds: FoldOptions
  @Option(help: ArgumentHelp("The model directory to write.", valueName: "dir"), completion: .directory)
  var model: String
  @OptionGroup var sources: SourceOptions
  @OptionGroup var split: SplitOptions
  @OptionGroup var experiment: ExperimentOptions
  @OptionGroup(title: "Items") var items: ItemLearningOptions
  @OptionGroup(title: "Labels") var known: LabelOptions
  @Option(help: "What --labels are: classification or regression; classification of texts if not given.")
  var task: ClassificationHead.Task?
  @OptionGroup var resuming: ResumeOptions
  @OptionGroup var threads: ThreadOptions
  @Flag(
    help: """
      Under mpirun or srun: each process keeps its part of the item table only, for catalogs that no machine holds alone; \
      the model is the same.
      """)
  var shardItems = false
  @OptionGroup var reporting: ProgressOptions
  @Flag(help: "Print the run's record as JSON on stdout.")
  var json = false

  func run() throws {
    if let labels = try known.file() { return try trainLabels(labels) }
    try experiment.check()
    let url = URL(fileURLWithPath: model)
    try Folders.makeModelPlace(url)
    let progress = reporting.start()
    Interruption.watch()
    let source = try sources.load(log, folds, progress)
    let chosen = try experiment.chosen(for: source.log)
    let run = try items.lay(over: chosen.experiment)
    if shardItems { try run.checkShardsItems() }
    let known = try items.read(for: [run], log: log, source.log, threads: threads, progress)
    var job = try TrainingJob(
      log: source.log, identity: source.identity(of: log ?? folds.train ?? ""), split: source.method(split.method),
      experiment: run, items: known, workers: threads.workers,
      spreadOver: shardItems ? LaunchedProcesses.all : nil)
    job.provenance = source.provenance
    let lines = TrainingLines(progress, items: source.log.itemCount)
    progress.note(chosen.choice)
    if let features = job.features { progress.note(features.description) }
    if let start = job.start { lines.show(start) }
    if let rows = job.firstRows { progress.note(rows.description) }
    lines.show(job.experiment.model)
    lines.show(job.experiment.heldOut)
    try job.train(as: "training", into: url, resuming: resuming, lines: lines, json: json)
    if json || !LaunchedProcesses.isFirst { return }
    let place = Shell.word(model)
    guard let log else { return progress.note("to evaluate it: cloze evaluate \(place) \(folds.words)") }
    progress.note("to evaluate it: cloze evaluate \(place) --log \(Shell.word(log))")
    progress.note("to use it: cloze recommend \(place) --log \(Shell.word(log)) --exclude-seen --output next.csv")
  }

  func validate() throws {
    try validateLabels()
    if known.labels != nil { return }
    try folds.check(log: log, "a log", split: split.method)
    try Folders.requireApart(
      [("--model", model)],
      from: [
        ("the log", log), ("the item file", items.items.itemsFrom), ("the file of --config", experiment.overlay.config),
      ]
        + folds.files)
    if items.items.itemsFrom != nil, items.features == nil, items.text == nil,
      !experiment.overlay.mentions("features"), !experiment.overlay.mentions("text")
    {
      throw ValidationError("--items-from says what items are, and --features which of it to learn from; give both")
    }
    if experiment.start.newItems == .text, items.text == nil, !experiment.overlay.mentions("text") {
      throw ValidationError(
        "--new-items text lets rows begin with words; give --text COLUMNS and --text-encoder DIR, too")
    }
  }
}
