import NeuralNetwork
import Synchronization

/// Writes a training to disk while it runs, so that what is killed can be resumed and ends with the same bytes.
package final class CheckpointWriter: Sendable {
  package let checkpoint: TrainingCheckpoint
  /// Where an earlier attempt stood, to resume from; nil where the training begins.
  package let state: TrainingState?
  private let interval: Duration
  private let schedule: Mutex<Schedule>

  private struct Schedule {
    var due: ContinuousClock.Instant
    /// Whether the last write was refused, which is said once.
    var isFailing = false
  }

  /// Writing may take this share of the time at most: a large model is written less often.
  private static let share = 0.05

  /// - Parameters:
  ///   - resuming: whether to resume what is kept. Otherwise it stays there until this training has as much to keep.
  ///   - interval: between two writes, from step to step; a requested stop is always written.
  /// - Throws: `TrainingCheckpointError` where what is kept cannot be resumed.
  package init(_ checkpoint: TrainingCheckpoint, resuming: Bool, every interval: Duration = .seconds(60))
    throws(TrainingCheckpointError)
  {
    self.checkpoint = checkpoint
    self.interval = interval
    state = resuming ? try checkpoint.state() : nil
    schedule = Mutex(Schedule(due: .now + interval))
  }

  /// Whether it is time to write.
  var isDue: Bool { schedule.withLock { ContinuousClock.now >= $0.due } }

  /// Writes what `current` says, where it is time or `now` says so.
  ///
  /// - Parameter spread: the numbers of its vectors, where they are spread over processes.
  /// - Throws: `DurableFileError` where the disk refuses for the first time; what was kept before is as it was, and the next
  ///   try is an interval away.
  func write(
    now: Bool, spread: SpreadNumbers? = nil, _ current: () -> (TrainingState, TrainingVectors)
  ) throws {
    let start = ContinuousClock.now
    guard now || schedule.withLock({ start >= $0.due }) else { return }
    defer {
      let took = ContinuousClock.now - start
      schedule.withLock { $0.due = .now + max(interval, took / Self.share) }
    }
    let (state, vectors) = current()
    do {
      try checkpoint.write(state, vectors, spread: spread)
      schedule.withLock { $0.isFailing = false }
    } catch {
      let isFirst = schedule.withLock { schedule in
        defer { schedule.isFailing = true }
        return !schedule.isFailing
      }
      if isFirst { throw error }
    }
  }
}
