import Collectives
import Evaluation
import Foundation
import Kernels
import ModelFiles
import SequentialModels

/// What trains a model and writes its directory: from a log, or from lines of tokens.
package protocol ModelJob: Sendable {
  associatedtype Model: Sendable
  associatedtype Record
  var experiment: Experiment { get }
  /// Numbers of the model that it will write.
  var parameterCount: Int { get }
  /// What the result depends on.
  var trainingIdentity: TrainingIdentity { get }

  /// Trains until the epochs or the patience are used up; writes no model.
  ///
  /// - Parameters:
  ///   - checkpoints: keeps the training on disk, and resumes an earlier attempt; made for this job's `trainingIdentity`, nil
  ///     in all processes but the first.
  ///   - processes: which train together, each with a job of its own of the same identity, and end with the same outcome.
  func train(
    checkpoints: CheckpointWriter?, processes: any Processes, shouldStop: @escaping @Sendable () -> Bool,
    observe: @escaping @Sendable (TrainingEvent) -> Void
  ) throws(TrainingError) -> TrainingOutcome<Model>
  func record(of outcome: TrainingOutcome<Model>, name: String) throws -> Record
  func write(_ outcome: TrainingOutcome<Model>, record: Record, to url: URL) throws
  /// What the other processes do while the first one writes.
  func support(_ outcome: TrainingOutcome<Model>)
}

/// A job of a `Trainer`: an encoder that learns by objectives.
package protocol EncoderJob: ModelJob where Model == BERT4Rec, Record == RunRecord {
  /// nil where the encoder starts fresh.
  var start: TrainingStart? { get }
  func trainer(
    checkpoints: CheckpointWriter?, processes: any Processes, shouldStop: @escaping @Sendable () -> Bool,
    observe: @escaping @Sendable (TrainingEvent) -> Void
  ) -> Trainer
}

extension ModelJob {
  package func support(_ outcome: TrainingOutcome<Model>) {}
}

extension EncoderJob {
  package func support(_ outcome: TrainingOutcome<Model>) { outcome.spreadRows?.finish() }

  package func train(
    checkpoints: CheckpointWriter? = nil, processes: any Processes = OneProcess(),
    shouldStop: @escaping @Sendable () -> Bool = { false },
    observe: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) throws(TrainingError) -> TrainingOutcome<BERT4Rec> {
    try trainer(checkpoints: checkpoints, processes: processes, shouldStop: shouldStop, observe: observe)
      .train(from: start)
  }
}

extension ModelJob {
  /// Makes sure that the model can be written to `url`, before any work is done for it, and finds an earlier attempt.
  ///
  /// - Throws: `ModelDirectoryError` where it cannot be written or the disk has no room; `TrainingCheckpointError` where the
  ///   earlier attempt cannot be resumed.
  package func checkpoints(
    for url: URL, resuming: Bool, every interval: Duration = .seconds(60)
  ) throws -> CheckpointWriter {
    try ModelDirectory.checkWritable(url)
    try ModelDirectory.checkRoom(url, parameters: parameterCount)
    return try CheckpointWriter(TrainingCheckpoint(beside: url, trainingIdentity), resuming: resuming, every: interval)
  }

  /// Trains and replaces the model directory at `url`. The checkpoint is removed when the model is there, and stays where
  /// a stop was requested.
  ///
  /// - Throws: `TrainingError` where nothing could be trained; `UnwrittenModelError` where the model could not be written
  ///   and there is a checkpoint; what the disk says where there is none.
  package func train(
    into url: URL, checkpoints: CheckpointWriter, processes: any Processes = OneProcess(),
    shouldStop: @escaping @Sendable () -> Bool, observe: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) throws -> (outcome: TrainingOutcome<Model>, record: Record) {
    let outcome = try train(
      checkpoints: checkpoints, processes: processes, shouldStop: shouldStop, observe: observe)
    let record = try record(of: outcome, name: url.lastPathComponent)
    do {
      try write(outcome, record: record, to: url)
    } catch {
      let checkpoint = checkpoints.checkpoint
      throw checkpoint.exists ? UnwrittenModelError(reason: "\(error)", checkpoint: checkpoint.url.path) : error
    }
    if !outcome.wasInterrupted { checkpoints.checkpoint.remove() }
    return (outcome, record)
  }
}

/// A model that could not be written, of a training that need not be done again.
package struct UnwrittenModelError: Error, CustomStringConvertible {
  /// What the disk said.
  let reason: String
  /// Where the training is kept.
  let checkpoint: String

  package var description: String {
    "\(reason); the training is kept in \(checkpoint): the same again with --resume (in Swift, `resumes`) continues from "
      + "there and writes the model"
  }
}
