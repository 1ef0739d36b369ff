import Dispatch

/// A fixed number of threads that share out numbered tasks.
///
/// Which thread runs a task is left to chance; a task's result may depend on its number alone, so results are the same
/// on any number of threads.
package struct Workers: Sendable {
  package let threads: Int

  package init(threads: Int) {
    precondition(threads >= 1, "\(threads) threads")
    self.threads = threads
  }

  /// Runs `task(0) … task(count − 1)`, each once, and returns when all are done.
  package func run(_ count: Int, _ task: @Sendable (Int) -> Void) {
    if threads == 1 || count <= 1 {
      for index in 0..<count { task(index) }
      return
    }
    let next = TaskCounter()
    DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
      while true {
        let index = next.take()
        if index >= count { return }
        task(index)
      }
    }
  }
}
