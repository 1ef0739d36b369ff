import Foundation
import Kernels
import Synchronization

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

/// Raised where the task is cancelled, read between two pieces of work.
final class StopFlag: Sendable {
  private let flag = Atomic<Bool>(false)
  var isRaised: Bool { flag.load(ordering: .relaxed) }
  func raise() { flag.store(true, ordering: .relaxed) }

  /// - Throws: `CancellationError` where it is raised.
  func check() throws { if isRaised { throw CancellationError() } }
}
