import Foundation
import ModelFiles
import SequentialModels

/// What trains a model and writes its directory: from a log, or from lines of tokens.
package protocol ModelJob: Sendable {
  /// Numbers of the model that it will write.
  var parameterCount: Int { get }
  /// What the result depends on.
  var trainingIdentity: TrainingIdentity { get }

  func run(
    keeper: TrainingKeeper?, shouldStop: @escaping @Sendable () -> Bool,
    observe: @escaping @Sendable (TrainingEvent) -> Void
  ) throws(TrainingError) -> TrainingOutcome
  func record(of outcome: TrainingOutcome, name: String) throws -> RunRecord
  func write(_ outcome: TrainingOutcome, record: RunRecord, to url: URL) throws
}

extension ModelJob {
  /// Looks whether the model can be written to `url`, before any work is done for it, and what is left of an earlier attempt.
  ///
  /// - Throws: `ModelDirectoryError` where it cannot be written or the disk has no room; `SavedTrainingError` where the
  ///   earlier attempt cannot be gone on with.
  package func keeper(
    for url: URL, resuming: Bool, every interval: Duration = .seconds(60)
  ) throws -> TrainingKeeper {
    try ModelDirectory.checkWritable(url)
    try ModelDirectory.checkRoom(url, parameters: parameterCount)
    return try TrainingKeeper(SavedTraining(beside: url, trainingIdentity), resuming: resuming, every: interval)
  }

  /// Trains and replaces the model directory at `url`. What keeps the training is taken away when the model is there, and
  /// stays where somebody had asked to stop.
  ///
  /// - Throws: `TrainingError` where nothing could be trained; `UnwrittenModelError` where the model could not be written
  ///   and the training was kept; what the disk says where it was not.
  package func train(
    into url: URL, keeper: TrainingKeeper, shouldStop: @escaping @Sendable () -> Bool,
    observe: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) throws -> (outcome: TrainingOutcome, record: RunRecord) {
    let outcome = try run(keeper: keeper, shouldStop: shouldStop, observe: observe)
    let record = try record(of: outcome, name: url.lastPathComponent)
    do {
      try write(outcome, record: record, to: url)
    } catch {
      throw keeper.saved.exists ? UnwrittenModelError(reason: "\(error)", saved: keeper.saved.url.path) : error
    }
    if !outcome.wasInterrupted { keeper.saved.remove() }
    return (outcome, record)
  }
}

/// A model that could not be written, of a training that need not be done again.
package struct UnwrittenModelError: Error, CustomStringConvertible {
  /// What the disk said.
  let reason: String
  /// Where the training is kept.
  let saved: String

  package var description: String {
    "\(reason); the training is kept in \(saved): the same again with --resume (in Swift, `resumes`) goes on from there and "
      + "writes the model"
  }
}
