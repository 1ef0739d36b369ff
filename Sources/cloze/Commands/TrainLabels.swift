import ArgumentParser
import Foundation
import Interactions
import ModelFiles
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
    let overlay = experiment.overlay
    let other: [(String, Bool)] = [
      ("--train", folds.paths != nil), ("--split", split.method != nil), ("--recipe", experiment.recipe != nil),
      ("--config", overlay.config != nil), ("--set", !overlay.settings.isEmpty),
      ("--loss", overlay.everyday.loss != nil), ("--metric", overlay.everyday.metric != nil),
      ("--features", items.features != nil), ("--items-from", items.items.itemsFrom != nil),
      ("--text", items.text != nil), ("--text-encoder", items.vectors.textEncoder != nil),
      ("--text-pooling", items.textPooling != nil), ("--new-items", experiment.start.newItems == .text),
      ("--item-vectors", items.vectors.itemVectors != nil), ("--resume", resuming.resume),
      ("--extend-positions", experiment.start.extendPositions), ("--new-row-rate", experiment.start.newRowRate != nil),
    ]
    if let (option, _) = other.first(where: \.1) {
      throw ValidationError(
        "\(option) is not for --labels, which are trained with --from, --freeze, --epochs, --batch, --learning-rate, "
          + "--dropout, --hidden, --layers, --heads, --length and --seed")
    }
    let sizes = overlay.everyday
    let given = [
      ("--hidden", sizes.hidden), ("--layers", sizes.layers), ("--heads", sizes.heads), ("--length", sizes.length),
    ]
    if experiment.start.from != nil, let (option, _) = given.first(where: { $0.1 != nil }) {
      throw ValidationError("\(option) is the size of fresh weights, and the model of --from has its own; leave it out")
    }
  }

  /// What the options say of the training of labels.
  private func labelConfiguration() throws -> ClassifierConfiguration {
    let (everyday, start) = (experiment.overlay.everyday, experiment.start)
    var configuration = ClassifierConfiguration()
    configuration.task = task
    configuration.from = start.from
    configuration.freeze = start.freeze
    configuration.sizes.hidden = everyday.hidden ?? configuration.sizes.hidden
    configuration.sizes.layers = everyday.layers ?? configuration.sizes.layers
    configuration.sizes.heads = everyday.heads ?? configuration.sizes.heads
    configuration.sizes.length = everyday.length
    configuration.epochs = everyday.epochs
    configuration.batch = everyday.batch ?? configuration.batch
    configuration.learningRate = everyday.learningRate
    configuration.dropout = everyday.dropout
    configuration.seed = experiment.overlay.seed ?? configuration.seed
    return configuration
  }

  /// Trains a classifier or a regressor on the labels, and says how good it is on those that were held out.
  func trainLabels(_ file: LabelFile) throws {
    if LaunchedProcesses.all.count > 1 {
      throw ValidationError("--labels are trained by one process; start one, without mpirun or srun")
    }
    // The everyday flags have the ranges of their settings.
    try experiment.check()
    let url = URL(fileURLWithPath: model)
    try Folders.makeModelPlace(url)
    let progress = reporting.start()
    Interruption.watch()
    let (source, provenance) = try labeledSource(progress)
    let job = try ClassifierJob(source, file, labelConfiguration(), workers: threads.workers)
    note(job, progress)
    let outcome = try job.train(shouldStop: { Interruption.requested }) { event in
      switch event {
      case .stepped(let epoch, let done, let loss):
        progress.update("epoch \(epoch): \(Int(done * 100)) %, loss \(Self.figure(loss))")
      case .epochEnded(let epoch, let isBest):
        progress.keep(
          "epoch \(epoch.epoch): loss \(Self.figure(epoch.loss)), validation loss \(Self.figure(epoch.validationLoss))"
            + (isBest ? " (best)" : ""))
      }
    }
    if outcome.wasInterrupted, outcome.bestEpoch == 0 {
      throw Interrupted(description: "training was stopped before an epoch ended; nothing was written")
    }
    let record = job.record(of: outcome, name: url.lastPathComponent, provenance: provenance)
    try job.write(outcome, record: record, to: url)
    progress.finish()
    if json {
      try print(JSONText.of(record))
    } else {
      try print(LabelFigures.text(record))
    }
    if outcome.wasInterrupted {
      throw Interrupted(description: "training was stopped; the best classifier so far is in \(model)")
    }
    let input = known.lines.map { "--lines \(Shell.word($0))" } ?? "--log \(Shell.word(log ?? "LOG"))"
    if !json { progress.note("to use it: cloze classify \(Shell.word(model)) \(input) --output labels.csv") }
  }

  private func labeledSource(_ progress: Progress) throws -> (LabeledSource, LogProvenance?) {
    if let lines = known.lines { return (.lines(try TokenLines(URL(fileURLWithPath: lines))), nil) }
    let loaded = try sources.load(log, folds, progress)
    return (.log(loaded.log, name: log ?? ""), loaded.provenance)
  }

  private func note(_ job: ClassifierJob, _ progress: Progress) {
    let names = job.labels.names
    progress.note(
      job.labels.task == .regression
        ? "predicting the number \(names[0])"
        : "\(names.count) labels: \(names.prefix(10).joined(separator: ", "))\(names.count > 10 ? ", …" : "")")
    progress.note(
      "\(job.count(.training)) sequences to train, \(job.count(.validation)) to validate, \(job.count(.test)) to test"
        + (job.unknown > 0 ? "; \(job.unknown) labels have no sequence" : ""))
    let sizes = job.network.configuration
    let rate = String(format: "%.2g", job.configuration.rate(hidden: sizes.hidden))
    let shape =
      "hidden \(sizes.hidden), \(sizes.layers) layers, \(sizes.positions) positions, learning rate \(rate), "
      + "at most \(job.configuration.epochs(sequences: job.count(.training))) epochs"
    guard let start = job.start else {
      return progress.note("fresh weights: \(shape); --from MODEL starts from what a training has learned")
    }
    let fresh = start.fresh.isEmpty ? "" : "; fresh: \(start.fresh.joined(separator: ", "))"
    progress.note("from \(start.from): \(start.tensors) tensors, \(shape)\(fresh)")
    if start.wasCausal {
      progress.note("\(start.from) saw only what came before; from here on every item sees the whole sequence")
    }
  }

  private static func figure(_ value: Double) -> String { String(format: "%.4f", value) }
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
    return ([table.text, "best epoch: \(record.bestEpoch) of \(record.epochs.count)"] + lines).joined(separator: "\n")
  }

  static func text(_ figures: ClassifierFigures) -> String {
    var table = TextTable([.text("figure"), .number("value")])
    for (name, value) in figures.list { table.append([name, String(format: "%.4f", value)]) }
    return table.text
  }
}
