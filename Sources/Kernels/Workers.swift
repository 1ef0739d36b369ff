import CKernels
import Dispatch
import Synchronization

/// A fixed number of threads that run numbered tasks.
///
/// Any thread may run any task; a task's result may depend on its number alone, so results are the same on any number of
/// threads.
package struct Workers: Sendable {
  package let threads: Int

  package init(threads: Int) {
    precondition(threads >= 1, "\(threads) threads")
    self.threads = threads
    Self.checkStack()
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

  /// Bytes of stack that a thread needs to run kernels: twice what the largest of them uses.
  package static let stackBytes = 2 * Int(CLOZE_STACK)

  /// Stops with a sentence where the user's limit gives threads less: a kernel would end in a segmentation fault.
  private static func checkStack() {
    let bytes = cloze_thread_stack()
    if bytes > 0, bytes < stackBytes {
      fatalError(
        "threads have \(bytes / 1024) KB of stack here and kernels need \(stackBytes / 1024) KB; raise the limit with `ulimit -s 8192`"
      )
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
  /// Runs the tasks of all shards, each once: those of one shard in order and never two at a time, shards concurrently.
  ///
  /// A free thread takes the next task of the shard with most tasks left, whichever thread ran the one before, and where no
  /// shard is free it steals pieces that a running task shares. So a slow thread delays the others by less than one task.
  ///
  /// - Parameters:
  ///   - counts: the number of tasks of each shard.
  ///   - task: is passed its shard, its number within the shard and, where there are other threads, the pool they wait in.
  package func run(
    shards counts: [Int], _ task: @Sendable (_ shard: Int, _ index: Int, _ pool: WorkStealingPool?) -> Void
  ) {
    if threads == 1 {
      for (shard, count) in counts.enumerated() {
        for index in 0..<count { task(shard, index, nil) }
      }
      return
    }
    let (queue, pool) = (ShardQueue(counts), WorkStealingPool())
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      repeat {
        while let (shard, index) = queue.take() {
          task(shard, index, pool)
          queue.giveBack(shard)
          pool.wakeAll()
        }
        pool.steal { queue.isBusy }
      } while !queue.isDone
    }
  }
}

/// Which shards have a running task, and how far each is.
private final class ShardQueue: Sendable {
  private struct Shard {
    var next = 0
    let count: Int
    var isTaken = false
    var isDone: Bool { !isTaken && next == count }
    /// Tasks that can be started now or, one after the other, from now on.
    var free: Int { isTaken ? 0 : count - next }
  }

  private let shards: Mutex<[Shard]>

  init(_ counts: [Int]) { shards = Mutex(counts.map { Shard(count: $0) }) }

  /// The next task of the free shard with most left, the first of several; nil where every shard is done or taken.
  func take() -> (shard: Int, index: Int)? {
    shards.withLock { shards in
      guard let shard = shards.indices.max(by: { (shards[$0].free, $1) < (shards[$1].free, $0) }),
        shards[shard].free > 0
      else { return nil }
      shards[shard].isTaken = true
      shards[shard].next += 1
      return (shard, shards[shard].next - 1)
    }
  }

  func giveBack(_ shard: Int) { shards.withLock { $0[shard].isTaken = false } }

  /// Whether there are tasks left but none to take.
  var isBusy: Bool {
    shards.withLock { shards in shards.allSatisfy { $0.free == 0 } && shards.contains { $0.isTaken } }
  }
  var isDone: Bool { shards.withLock { $0.allSatisfy(\.isDone) } }
}
