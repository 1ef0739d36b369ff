import ArgumentParser
import Foundation
import InteractionStore
import Interactions
import ModelFiles
import SequentialModels
import Training

/// `cloze train`: a model from a log.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a model on a store or a log.",
    discussion: """
      Of each person with three or more events the last is kept for the test and the one before it for validation, or \
      as --split says. With --from training goes on from a model: its items and the log's are united, rows that it lacks \
      are appended, everything else comes as it is. After each epoch the validation users are ranked; each stage ends \
      with its best weights. With --set heldOut=test the targets of validation train, too, as for a last run once all is \
      decided; with heldOut=nothing everything does. Nothing is validated then, and the last weights are kept. Ctrl-C \
      ends training after the current step and writes the best model so far; a second one ends at once and writes \
      nothing. The training itself is kept beside the model while it runs: what was stopped or killed resumes with \
      --resume, and ends with the same bytes as without the break.
      """)

  @Argument(help: "The store, or a log file in any format that `cloze check` reads.")
  var log: String
  @Option(help: ArgumentHelp("The model directory to write.", valueName: "dir"))
  var model: String
  @OptionGroup var sources: SourceOptions
  @OptionGroup var split: SplitOptions
  @OptionGroup var experiment: ExperimentOptions
  @OptionGroup var resuming: ResumeOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var reporting: ProgressOptions
  @Flag(help: "Print the run's record as JSON on stdout.")
  var json = false

  func run() throws {
    try experiment.check()
    let url = URL(fileURLWithPath: model)
    try ModelDirectory.checkWritable(url)
    let progress = reporting.start()
    Interruption.watch()
    let source = try sources.load(log, progress)
    let job = try TrainingJob(
      log: source.log, identity: source.identity(of: log), split: split.method,
      experiment: experiment.experiment(for: source.log), workers: threads.workers)
    let lines = TrainingLines(progress)
    if let start = job.start { lines.show(start.account) }
    lines.show(job.experiment.model)
    lines.show(job.experiment.heldOut)
    try job.run(as: "training", into: url, resuming: resuming, lines: lines, json: json)
  }
}
