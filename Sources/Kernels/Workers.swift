import CKernels
import Dispatch
import Synchronization

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

extension Workers {
  /// The results of `task(0) … task(count − 1)` in that order, whichever thread made them.
  package func map<Result: Sendable>(_ count: Int, _ task: @Sendable (Int) -> Result) -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: count))
    run(count) { index in
      let result = task(index)
      results.withLock { $0[index] = result }
    }
    return results.withLock { $0.map { $0! } }
  }
}

extension Workers {
  /// Runs the tasks of all lanes, each once: those of one lane in order and never two at a time, lanes side by side.
  ///
  /// A free thread goes on with the lane that has most left, whoever ran its last task, and where no lane is free it
  /// helps with what a task shares. So a thread that others slow down holds up the rest by less than one task.
  ///
  /// - Parameters:
  ///   - counts: how many tasks each lane has.
  ///   - task: gets its lane, its number within the lane and, where there are other threads, who may help.
  package func run(lanes counts: [Int], _ task: @Sendable (_ lane: Int, _ index: Int, _ helpers: Helpers?) -> Void) {
    if threads == 1 {
      for (lane, count) in counts.enumerated() {
        for index in 0..<count { task(lane, index, nil) }
      }
      return
    }
    let (queue, helpers) = (LaneQueue(counts), Helpers())
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      repeat {
        while let (lane, index) = queue.take() {
          task(lane, index, helpers)
          queue.giveBack(lane)
          helpers.wakeAll()
        }
        helpers.help { queue.isBusy }
      } while !queue.isDone
    }
  }
}

/// Which lanes are being worked on, and how far each is.
private final class LaneQueue: Sendable {
  private struct Lane {
    var next = 0
    let count: Int
    var isTaken = false
    var isDone: Bool { !isTaken && next == count }
    /// Tasks that could be taken now or, one after the other, after now.
    var free: Int { isTaken ? 0 : count - next }
  }

  private let lanes: Mutex<[Lane]>

  init(_ counts: [Int]) { lanes = Mutex(counts.map { Lane(count: $0) }) }

  /// The next task of the free lane with most left, the first of several; nil where every lane is done or taken.
  func take() -> (lane: Int, index: Int)? {
    lanes.withLock { lanes in
      guard let lane = lanes.indices.max(by: { (lanes[$0].free, $1) < (lanes[$1].free, $0) }), lanes[lane].free > 0
      else { return nil }
      lanes[lane].isTaken = true
      lanes[lane].next += 1
      return (lane, lanes[lane].next - 1)
    }
  }

  func giveBack(_ lane: Int) { lanes.withLock { $0[lane].isTaken = false } }

  /// Whether there is work left but none to take.
  var isBusy: Bool { lanes.withLock { lanes in lanes.allSatisfy { $0.free == 0 } && lanes.contains { $0.isTaken } } }
  var isDone: Bool { lanes.withLock { $0.allSatisfy(\.isDone) } }
}
