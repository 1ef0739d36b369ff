import Foundation
import Kernels
import Synchronization
import Training

/// Work that takes long, on a thread of its own, so that those of Swift's concurrency stay free.
enum LongWork {
  static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      let thread = Thread { continuation.resume(with: Result { try body() }) }
      thread.stackSize = max(Workers.stackBytes, 8 << 20)
      thread.start()
    }
  }

  /// Runs `body`, which looks at the flag now and then: it is raised when the task is cancelled.
  static func stoppable<Value: Sendable>(
    _ body: @escaping @Sendable (StopFlag) throws -> Value
  ) async throws -> Value {
    let stop = StopFlag()
    return try await withTaskCancellationHandler {
      try await run { try body(stop) }
    } onCancel: {
      stop.raise()
    }
  }
}

extension LongWork {
  /// What `work` tells of as a sequence, with its outcome as the last element. Ending the loop early cancels.
  static func events<Event: Sendable>(
    _ work: @escaping @Sendable (_ tell: @escaping @Sendable (Event) -> Void) async throws -> Event
  ) -> AsyncThrowingStream<Event, any Error> {
    AsyncThrowingStream { continuation in
      let task = Task {
        do {
          continuation.yield(try await work { continuation.yield($0) })
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  /// Trains `job` into a model directory and keeps a checkpoint beside it.
  ///
  /// - Throws: `ClozeError.training`, `.model`; `CancellationError` once the best model so far is written.
  static func train<Job: ModelJob>(
    _ makeJob: @escaping @Sendable () throws -> Job, into directory: URL, resuming: Bool,
    observe: @escaping @Sendable (Training.Event) -> Void
  ) async throws -> (job: Job, outcome: TrainingOutcome<Job.Model>, record: Job.Record) where Job.Record: Sendable {
    let trained = try await stoppable { stop in
      let job = try makeJob()
      do {
        let checkpoints = try job.checkpoints(for: directory, resuming: resuming)
        let (outcome, record) = try job.train(
          into: directory, checkpoints: checkpoints, shouldStop: { stop.isRaised },
          observe: { if let event = Training.Event($0) { observe(event) } })
        return (job, outcome, record)
      } catch let error as TrainingError {
        throw ClozeError.training("\(error)")
      } catch {
        throw ClozeError.model("\(error)")
      }
    }
    if trained.1.wasInterrupted { throw CancellationError() }
    if let failure = trained.1.failure { throw ClozeError.training("\(failure)") }
    return trained
  }
}

/// Raised where the task is cancelled, read between two pieces of work.
final class StopFlag: Sendable {
  private let flag = Atomic<Bool>(false)
  var isRaised: Bool { flag.load(ordering: .relaxed) }
  func raise() { flag.store(true, ordering: .relaxed) }

  /// - Throws: `CancellationError` where it is raised.
  func check() throws { if isRaised { throw CancellationError() } }
}
