import Foundation
import Kernels
import Synchronization
import TestSupport
import Testing

@Suite struct WorkersTests {
  @Test(arguments: [1, 2, 3, 8], [[], [0], [5], [4, 4, 4, 4], [1, 0, 7, 2], [1, 1, 1, 1, 1, 1]])
  func tasksOfAShardRunOnceInOrderAndAlone(threads: Int, counts: [Int]) {
    let seen = Mutex([[Int]](repeating: [], count: counts.count))
    let running = Mutex(Set<Int>())
    Workers(threads: threads).run(shards: counts) { shard, index, _ in
      #expect(running.withLock { $0.insert(shard).inserted }, "two tasks of shard \(shard) at a time")
      seen.withLock { $0[shard].append(index) }
      _ = running.withLock { $0.remove(shard) }
    }
    #expect(seen.withLock { $0 } == counts.map { Array(0..<$0) })
  }

  @Test(arguments: [1, 2, 4])
  func sharedPiecesAllRunOnceBeforeTheTaskGoesOn(threads: Int) {
    let shards = [3, 1]
    let wrong = Mutex<[String]>([])
    Workers(threads: threads).run(shards: shards) { shard, index, pool in
      for count in [0, 1, 2, 50] {
        let pieces = Counts(count)
        pool?.share(count) { piece in pieces.values.withLock { $0[piece] += 1 } }
        let done = pieces.values.withLock { $0 }
        // A single thread has nobody to share with, and no pool.
        let expected = [Int](repeating: threads == 1 ? 0 : 1, count: count)
        if (pool == nil) != (threads == 1) || done != expected {
          wrong.withLock { $0.append("\(count) pieces of task \(index) in shard \(shard) ran \(done) times") }
        }
      }
    }
    #expect(wrong.withLock { $0 } == [])
  }

  /// Where the only task left shares its pieces, the other thread takes some; each piece waits for the other thread's.
  @Test(.enabled(if: ProcessInfo.processInfo.activeProcessorCount > 1, "needs two processors"))
  func anIdleThreadTakesPiecesOfABusyOne() {
    let begun = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]
    let met = Mutex(0)
    Workers(threads: 2).run(shards: [1, 0]) { _, _, pool in
      pool?.share(2) { piece in
        begun[piece].signal()
        if begun[1 - piece].wait(timeout: .now() + 20) == .success { met.withLock { $0 += 1 } }
      }
    }
    #expect(met.withLock { $0 } == 2)
  }

  private final class Counts: Sendable {
    let values: Mutex<[Int]>
    init(_ count: Int) { values = Mutex([Int](repeating: 0, count: count)) }
  }
}
