import Synchronization

/// Keeps a training on disk while it runs, so that what is killed can go on and ends with the same bytes.
package final class TrainingKeeper: Sendable {
  package let saved: SavedTraining
  /// Where an earlier attempt stood, to go on from; nil where the training begins.
  package let point: TrainingPoint?
  private let interval: Duration
  private let state: Mutex<State>

  private struct State {
    var due: ContinuousClock.Instant
    /// Whether the last save was refused, which is said once.
    var isFailing = false
  }

  /// A save may take this share of the time at most: a large model is kept less often.
  private static let share = 0.05

  /// - Parameters:
  ///   - resuming: whether to go on from what is kept. Otherwise it stays there until this training has as much to keep.
  ///   - interval: between two saves, from step to step; a stop on request is always kept.
  /// - Throws: `SavedTrainingError` where what is kept cannot be gone on with.
  package init(_ saved: SavedTraining, resuming: Bool, every interval: Duration = .seconds(60))
    throws(SavedTrainingError)
  {
    self.saved = saved
    self.interval = interval
    point = resuming ? try saved.point() : nil
    state = Mutex(State(due: .now + interval))
  }

  /// Keeps what `current` says, where it is time or `now` says so.
  ///
  /// - Throws: `DurableFileError` where the disk refuses for the first time; what was kept before is as it was, and the next
  ///   try is an interval away.
  func keep(now: Bool, _ current: () -> (TrainingPoint, TrainingVectors)) throws {
    let start = ContinuousClock.now
    guard now || state.withLock({ start >= $0.due }) else { return }
    defer {
      let took = ContinuousClock.now - start
      state.withLock { $0.due = .now + max(interval, took / Self.share) }
    }
    let (point, vectors) = current()
    do {
      try saved.write(point, vectors)
      state.withLock { $0.isFailing = false }
    } catch {
      let isFirst = state.withLock { state in
        defer { state.isFailing = true }
        return !state.isFailing
      }
      if isFirst { throw error }
    }
  }
}
