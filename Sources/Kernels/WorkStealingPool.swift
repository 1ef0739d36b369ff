import Dispatch
import Synchronization

/// Threads with nothing left to do of their own, which take over pieces of what others are still at.
///
/// A piece's result may depend on its number alone: who runs it, and when, is left to chance.
package final class Helpers: Sendable {
  private struct State {
    var jobs: [SharedJob] = []
    /// How many threads wait for something to do.
    var waiting = 0
  }

  private let state = Mutex(State())
  private let call = DispatchSemaphore(value: 0)

  package init() {}

  /// Runs `piece(0) … piece(count − 1)`, each once, together with the threads that help; returns when all are done.
  package func share(_ count: Int, _ piece: @escaping @Sendable (Int) -> Void) {
    let job = SharedJob(count, piece)
    wake { $0.jobs.append(job) }
    while job.runNext() {}
    withdraw(job)
    job.wait()
  }

  /// Helps with whatever is shared until `isFree` says otherwise; sleeps where nothing is.
  ///
  /// - Parameter isFree: whether the thread still has nothing else to do; asked again after each `wakeAll`.
  package func help(while isFree: () -> Bool) {
    while isFree() {
      if let job = state.withLock({ $0.jobs.first }) {
        if !job.runNext() { withdraw(job) }
        continue
      }
      let sleeps = state.withLock { state in
        guard state.jobs.isEmpty, isFree() else { return false }
        state.waiting += 1
        return true
      }
      if sleeps { call.wait() }
    }
  }

  /// Lets all that sleep ask again whether they are free.
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

extension Helpers? {
  /// Runs the pieces alone, in order, where nobody can help.
  func share(_ count: Int, _ piece: @escaping @Sendable (Int) -> Void) {
    if count > 1, let self {
      self.share(count, piece)
    } else {
      for index in 0..<count { piece(index) }
    }
  }
}

/// Numbered pieces of which each is run once, by anybody.
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

/// Hands out 0, 1, 2, … to whoever asks, each number once.
final class TaskCounter: Sendable {
  private let value = Atomic<Int>(0)
  func take() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }
}
