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
      validation and for the test; `cloze classify` uses what was trained.
      """)

  @Argument(help: "The store, or a log file in any format that `cloze check` reads.")
  var log: String?
  @OptionGroup var folds: FoldOptions
  @Option(help: ArgumentHelp("The model directory to write.", valueName: "dir"), completion: .directory)
  var model: String
  @OptionGroup var sources: SourceOptions
  @OptionGroup var split: SplitOptions
  @OptionGroup var experiment: ExperimentOptions
  @OptionGroup(title: "Items") var items: ItemFileOptions
  @OptionGroup(title: "Items") var vectors: ItemVectorOptions
  @Option(
    help: ArgumentHelp(
      "Make item rows of these columns of the item table, too, or of all of them: all.", valueName: "column,column"))
  var features: String?
  @OptionGroup(title: "Labels") var known: LabelOptions
  @Option(help: "What --labels are: classification or regression; classification of texts if not given.")
  var task: ClassificationHead.Task?
  @Option(
    help: ArgumentHelp(
      "Make item rows of the words of these columns, too, such as title; read by --text-encoder.",
      valueName: "column,column"))
  var text: String?
  @Option(help: "What of the text encoder's states is read: mean or cls; mean if not given.")
  var textPooling: TextEncoder.Pooling?
  @OptionGroup var resuming: ResumeOptions
  @OptionGroup var threads: ThreadOptions
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
    let chosen = try experiment.experiment(for: source.log)
    let run = try withFeatures(chosen.experiment)
    let usesTable = run.model.features.map { !$0.columns.isEmpty || $0.text != nil } ?? false
    let table = usesTable ? try items.table(log: log) : nil
    if let table {
      progress.note(table.summary.shortLine)
      progress.note(ItemCoverage(table, source.log).description)
    }
    var job = try TrainingJob(
      log: source.log, identity: source.identity(of: log ?? folds.train ?? ""), split: source.method(split.method),
      experiment: run, items: table, vectors: try vectors(run.model.features, table, of: source.log, progress),
      workers: threads.workers)
    job.provenance = source.provenance
    let lines = TrainingLines(progress, items: source.log.itemCount)
    progress.note(chosen.choice)
    if let features = job.features { progress.note(features.description) }
    if let start = job.start { lines.show(start) }
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
      from: [("the log", log), ("the item file", items.itemsFrom), ("the file of --config", experiment.overlay.config)]
        + folds.files)
    if text != nil, vectors.itemVectors != nil {
      throw ValidationError("--text and --item-vectors both say what the vectors of items are; give one of them")
    }
    if items.itemsFrom != nil, features == nil, text == nil, !experiment.overlay.mentions("features") {
      throw ValidationError("--items-from says what items are, and --features which of it to learn from; give both")
    }
  }

  /// The vectors of --item-vectors, or of the words that `features` names.
  private func vectors(
    _ features: FeatureConfiguration?, _ table: ItemTable?, of log: InteractionLog, _ progress: Progress
  ) throws -> ItemVectors? {
    guard let columns = features?.text, let path = features?.textEncoder else { return try vectors.vectors() }
    guard let table else {
      throw ValidationError(
        "--text needs to know what items say; give --items-from FILE, or import one into the store: "
          + "cloze import-items FILE --store STORE")
    }
    let encoder = try TextEncoder(
      URL(fileURLWithPath: path), pooling: features?.textPooling ?? .mean, workers: threads.workers)
    progress.update("reading the words of \(log.itemCount) items")
    defer { progress.finish() }
    return try ItemVectors(texts: columns, of: table, by: encoder) { log.items.index(of: $0) != nil }
  }

  /// `experiment` with the columns of --features, the vectors of --item-vectors and the words of --text.
  private func withFeatures(_ experiment: Experiment) throws -> Experiment {
    var keys: [String: JSONValue] = [:]
    let split = { (names: String) in JSONValue.array(names.split(separator: ",").map { .text(String($0)) }) }
    if let features { keys["columns"] = split(features) }
    if let text { keys["text"] = split(text) }
    if let encoder = vectors.textEncoder { keys["textEncoder"] = .text(encoder) }
    if let textPooling { keys["textPooling"] = .text(textPooling.rawValue) }
    if text != nil || vectors.itemVectors != nil, experiment.model.features?.vectorAxes == nil {
      keys["vectorAxes"] = .integer(FeatureConfiguration.usualAxes)
    }
    return keys.isEmpty ? experiment : try experiment.with(.object(["model": .object(["features": .object(keys)])]))
  }
}

extension TextEncoder.Pooling: ExpressibleByArgument {}
