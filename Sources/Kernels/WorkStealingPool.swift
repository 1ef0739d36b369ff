import Dispatch
import Synchronization

/// Idle threads, and the pieces of work that running threads share with them.
///
/// A piece's result may depend on its number alone: any thread may run it, at any time.
package final class WorkStealingPool: Sendable {
  private struct State {
    var jobs: [SharedJob] = []
    /// How many threads wait for something to do.
    var waiting = 0
  }

  private let state = Mutex(State())
  private let call = DispatchSemaphore(value: 0)

  package init() {}

  /// Runs `piece(0) … piece(count − 1)`, each once, together with the idle threads; returns when all are done.
  package func share(_ count: Int, _ piece: @escaping @Sendable (Int) -> Void) {
    let job = SharedJob(count, piece)
    wake { $0.jobs.append(job) }
    while job.runNext() {}
    withdraw(job)
    job.wait()
  }

  /// Runs pieces that other threads share until `isIdle` returns false; sleeps where there are none.
  ///
  /// - Parameter isIdle: whether the thread still has no work of its own; called again after each `wakeAll`.
  package func steal(while isIdle: () -> Bool) {
    while isIdle() {
      if let job = state.withLock({ $0.jobs.first }) {
        if !job.runNext() { withdraw(job) }
        continue
      }
      let sleeps = state.withLock { state in
        guard state.jobs.isEmpty, isIdle() else { return false }
        state.waiting += 1
        return true
      }
      if sleeps { call.wait() }
    }
  }

  /// Wakes all sleeping threads, which check again whether they are idle.
  package func wakeAll() { wake { _ in } }

  private func withdraw(_ job: SharedJob) { state.withLock { $0.jobs.removeAll { $0 === job } } }

  private func wake(after change: (inout State) -> Void) {
    let waiting = state.withLock { state in
      change(&state)
      defer { state.waiting = 0 }
      return state.waiting
    }
    for _ in 0..<waiting { call.signal() }
  }
}

extension WorkStealingPool? {
  /// Runs the pieces in order on this thread where there is no pool.
  func share(_ count: Int, _ piece: @escaping @Sendable (Int) -> Void) {
    if count > 1, let self {
      self.share(count, piece)
    } else {
      for index in 0..<count { piece(index) }
    }
  }
}

/// Numbered pieces of which each is run once, by any thread.
private final class SharedJob: Sendable {
  private let count: Int
  private let piece: @Sendable (Int) -> Void
  private let next = TaskCounter()
  private let running = DispatchGroup()

  init(_ count: Int, _ piece: @escaping @Sendable (Int) -> Void) {
    self.count = count
    self.piece = piece
    for _ in 0..<count { running.enter() }
  }

  /// Runs the next piece; false where none is left.
  func runNext() -> Bool {
    let index = next.take()
    if index >= count { return false }
    piece(index)
    running.leave()
    return true
  }

  /// Returns when all pieces are done.
  func wait() { running.wait() }
}

/// Hands out 0, 1, 2, …, each number once, to any thread.
final class TaskCounter: Sendable {
  private let value = Atomic<Int>(0)
  func take() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }
}
