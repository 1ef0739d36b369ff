import ArgumentParser
import DurableFiles
import Foundation
import Interactions
import ModelFiles
import NeuralNetwork
import Training

extension TrainCommand {
  /// Refuses what labels are not trained with.
  func validateLabels() throws {
    if known.labels == nil {
      if known.lines != nil {
        throw ValidationError("--lines are trained on with --labels; give the file of labels, too")
      }
      if task != nil { throw ValidationError("--task is for --labels; give the file, too") }
      return
    }
    if (log == nil) == (known.lines == nil) {
      throw ValidationError("--labels are of the users of a log, or of --lines; give one of them")
    }
    try Folders.requireApart(
      [("--model", model)], from: [("the log", log), ("the lines", known.lines), ("the labels", known.labels)])
    let other: [(String, Bool)] = [
      ("--train", folds.paths != nil), ("--split", split.method != nil), ("--recipe", experiment.recipe != nil),
      ("--loss", experiment.overlay.everyday.loss != nil), ("--features", items.features != nil),
      ("--items-from", items.items.itemsFrom != nil), ("--text", items.text != nil),
      ("--text-encoder", items.vectors.textEncoder != nil), ("--text-pooling", items.textPooling != nil),
      ("--item-vectors", items.vectors.itemVectors != nil), ("--new-items text", experiment.start.newItems == .text),
      ("--shard-items", shardItems),
    ]
    if let (option, _) = other.first(where: \.1) {
      throw ValidationError(
        "\(option) is not for --labels, whose sequences have no items to name; leave it out")
    }
  }

  /// Trains a classifier or a regressor on the labels, and says how good it is on those that were held out.
  func trainLabels(_ file: LabelFile) throws {
    _ = try experiment.chosen(labeling: file.rows.count, length: nil, task: task)
    let url = URL(fileURLWithPath: model)
    try Folders.makeModelPlace(url)
    let progress = reporting.start()
    Interruption.watch()
    let (source, provenance) = try known.source(log, sources, progress)
    let chosen = try experiment.chosen(labeling: source, file, task: task)
    var job = try ClassifierJob(source, file, chosen.experiment, workers: threads.workers)
    job.provenance = provenance
    progress.note(chosen.choice)
    note(job, progress)
    let lines = TrainingLines(progress)
    if let start = job.start {
      lines.show(start.summary, isVerified: start.isVerified)
      if start.wasCausal {
        progress.note(
          "\(start.summary.from) saw only what came before; from here on every item sees the whole sequence")
      }
    }
    guard let (outcome, record) = try job.train(into: url, resuming: resuming, lines: lines) else { return }
    try print(json ? JSONText.of(record) : LabelFigures.text(record))
    try TrainingLines.requireEnd("training", outcome.history, model: model)
    let input = known.lines.map { "--lines \(Shell.word($0))" } ?? "--log \(Shell.word(log ?? "LOG"))"
    if !json { progress.note("to use it: cloze classify \(Shell.word(model)) \(input) --output labels.csv") }
  }

  private func note(_ job: ClassifierJob, _ progress: Progress) {
    let names = job.labels.names
    progress.note(
      job.labels.task == .regression
        ? "predicting the number \(names[0])"
        : "\(Counted(names.count, "label")): \(names.prefix(10).joined(separator: ", "))\(names.count > 10 ? ", …" : "")"
    )
    progress.note(
      "\(Counted(job.count(.training), "sequence")) to train, \(job.count(.validation)) to validate, \(job.count(.test)) to test"
        + (job.unknown > 0
          ? "; \(Counted(job.unknown, "label")) \(Counted.verb(job.unknown, "has", "have")) no sequence" : ""))
    let sizes = job.network.configuration
    let rates = job.experiment.stages.map { String(format: "%.2g", $0.learningRate.peak) }.joined(separator: ", then ")
    progress.note(
      "model: hidden \(sizes.hidden), \(Counted(sizes.layers, "layer")), \(Counted(sizes.heads, "head")), \(sizes.positions) positions, dropout "
        + "\(sizes.dropout), learning rate \(rates)"
        + (job.start == nil ? "; --from MODEL starts from what a training has learned" : ""))
  }
}

extension ExperimentOptions {
  /// The training of the labels of `file` that all of this adds up to.
  func chosen(
    labeling source: LabeledSource, _ file: LabelFile, task: ClassificationHead.Task?
  ) throws -> ChosenExperiment {
    try chosen(
      labeling: source.matches(file).count, length: source.commonLength, task: task,
      found: try? file.targets(task).labels.task)
  }
}

extension LabelOptions {
  /// The log, or the lines of `--lines`.
  func source(
    _ log: String?, _ sources: SourceOptions, _ progress: Progress
  ) throws -> (LabeledSource, LogProvenance?) {
    if let lines { return (.lines(try TokenLines(URL(fileURLWithPath: lines))), nil) }
    let loaded = try sources.load(log ?? "", progress)
    return (.log(loaded.log, name: log ?? ""), loaded.provenance)
  }
}

extension ClassifierRecord {
  /// What the weights that were kept reached.
  fileprivate var bestLine: String {
    let figures = validation.map { "\($0.key) \(String(format: "%.4f", $0.value))" }.joined(separator: ", ")
    return "\(Counted(epochs.count, "epoch")); best validation \(figures)"
  }
}

/// Figures of a classifier as text.
enum LabelFigures {
  /// Those of the test beside what needs no histories.
  static func text(_ record: ClassifierRecord) -> String {
    var table = TextTable([.text("test"), .number(record.name), .number("without histories")])
    let baseline = Dictionary(uniqueKeysWithValues: record.baseline.list.map { ($0.name, $0.value) })
    for (name, value) in record.test.list {
      table.append([name, String(format: "%.4f", value), baseline[name].map { String(format: "%.4f", $0) } ?? ""])
    }
    let lines = record.protocol.map { "\($0.name): \($0.value)" }
    return ([table.text, record.bestLine] + lines).joined(separator: "\n")
  }

  static func text(_ figures: ClassifierFigures) -> String {
    var table = TextTable([.text("figure"), .number("value")])
    for (name, value) in figures.list { table.append([name, String(format: "%.4f", value)]) }
    return table.text
  }
}
