import DurableFiles
import Evaluation
import Foundation
import Interactions
import ModelFiles
import Reports
import Training

/// What a user reads on stderr while a model trains, and the summary of the run.
struct TrainingLines: Sendable {
  let progress: Progress
  private let pace: TrainingPace

  /// - Parameter items: how many items the model scores.
  init(_ progress: Progress, items: Int = 0) {
    self.progress = progress
    pace = TrainingPace(items: items)
  }

  /// The sizes that files, flags and the log have led to.
  func show(_ model: ModelConfiguration) {
    progress.note(
      "model: \(model.attention.rawValue) attention, hidden \(model.hidden), \(Counted(model.layers, "layer")), "
        + "\(Counted(model.heads, "head")), length \(model.length), dropout \(model.dropout)")
  }

  /// What trains besides the training part, if anything.
  func show(_ heldOut: HeldOut) {
    switch heldOut {
    case .validationAndTest: break
    case .test: progress.note("validation's answers train, too: nothing is validated, the last weights are kept")
    case .nothing: progress.note("everything trains: nothing is validated, the last weights are kept")
    }
  }

  /// What came from a checkpoint.
  func show(_ start: TrainingStart) {
    if let summary = start.summary { show(summary, isVerified: start.isVerified) }
  }

  func show(_ start: StartSummary, isVerified: Bool) {
    if !isVerified { progress.note(ModelDirectory.unverified(start.from)) }
    show(start)
  }

  private func show(_ start: StartSummary) {
    var text = "from \(start.from): \(Counted(start.tensors, "tensor")) with \(Counted(start.rows, "row")) of items"
    if let known = start.knownItems {
      text += "; of the log's items \(known) are known, \(start.newItems) are new rows"
      if start.newItems > 0 { text += ", \(start.drawnItems) of them drawn" }
    }
    text += "; \(start.positions) positions"
    if start.newPositions > 0 { text += ", \(start.newPositions) more drawn" }
    if !start.fresh.isEmpty { text += "; fresh: \(start.fresh.joined(separator: ", "))" }
    progress.note(text)
  }

  func show(_ event: TrainingEvent) {
    switch event {
    case .stageBegan(let stage, _, let sequences):
      pace.begin(stage)
      progress.keep("\(stage.name): up to \(Counted(stage.epochs, "epoch")) of \(Counted(sequences, "sequence"))")
    case .resumed(let stage, let epoch, let step):
      progress.note("resuming \(stage) epoch \(epoch), after step \(step)")
    case .checkpointFailed(let reason):
      progress.note("training continues, but its checkpoint could not be written: \(reason)")
    case .stopping:
      progress.note(
        "stopping, as soon as the weights so far are validated and written; a second signal ends it at once")
    case .validationEnded(let keepsLast):
      progress.note(
        "stopping: the validation would take longer and is left, so "
          + (keepsLast
            ? "the last weights are kept, which no figure speaks for" : "the weights of the best epoch are kept"))
    case .stepped(let stage, let epoch, let done, let loss, let speed):
      if let sentence = pace.sentence(after: done) { progress.note(sentence) }
      progress.update(
        "\(stage) epoch \(epoch): \(Int(done * 100)) %, loss \(figure(loss)), \(thousands(speed)) tokens/s")
    case .epochEnded(let record, let cost, let isBest, let left):
      var text = "\(record.stage) epoch \(record.epoch): loss \(figure(record.loss))"
      if let share = record.nextSegmentAccuracy { text += ", next-segment accuracy \(figure(share))" }
      text += ", \(thousands(cost.tokensPerSecond)) tokens/s"
      if !record.validation.isEmpty { text += ", validation \(list(record.validation))\(isBest ? " (best)" : "")" }
      progress.keep(text + ", at most \(FigureText.duration(seconds: left)) left")
    case .fallBegan(let stage, let best, let epochs):
      let from = best > 0 ? " from epoch \(best)'s weights on" : ""
      progress.keep("\(stage): validation has stopped rising; the rate falls\(from) for \(Counted(epochs, "epoch"))")
    case .stageEnded(let name, let best, let early):
      if best > 0 { progress.keep("\(name): best epoch \(best)\(early ? ", stopped early" : "")") }
    }
  }

  /// What stdout says of a run whose model is written.
  ///
  /// - Parameter what: what was done, for a sentence.
  /// - Throws: `Interrupted` where a stop was requested; `EndedEarly` where training had to.
  static func conclude(
    _ what: String, _ outcome: TrainingHistory, _ record: RunRecord, model: String, json: Bool
  ) throws {
    if json {
      try print(RecordFile.text(record), terminator: "")
    } else {
      try print(summary(record, best: outcome.best, model: model))
    }
    try requireEnd(what, outcome, model: model)
  }

  /// - Throws: `Interrupted` where a stop was requested; `EndedEarly` where training had to.
  static func requireEnd(_ what: String, _ outcome: TrainingHistory, model: String) throws {
    if let failure = outcome.failure {
      throw EndedEarly(description: "\(failure); the best weights before that are in \(model)")
    }
    if outcome.wasInterrupted {
      throw Interrupted(
        description: "\(what) was stopped; the best model so far is in \(model), and --resume continues from here")
    }
  }

  /// One paragraph when all is done.
  private static func summary(_ record: RunRecord, best: [MeasuredValue], model: String) -> String {
    let lines = TrainingLines(Progress(.quiet))
    let time = record.cost.map { " in \(FigureText.duration(seconds: $0.trainingSeconds))" } ?? ""
    let text = "\(model): \(Counted(record.epochs.count, "epoch"))\(time)"
    return best.isEmpty ? text : "\(text); best validation \(lines.list(best))"
  }

  private func list(_ values: [MeasuredValue]) -> String {
    values.map { "\($0.key) \(figure($0.value))" }.joined(separator: ", ")
  }
  private func figure(_ value: Double) -> String { String(format: "%.4f", value) }
  private func thousands(_ value: Double) -> String { String(format: "%.1fk", value / 1_000) }
}

/// Training ended before its time, and what it had learned is written.
struct EndedEarly: Error, CustomStringConvertible {
  let description: String
}
