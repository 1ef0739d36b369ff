import Collectives
import Foundation
import Kernels
import Synchronization

/// Threads of this process in the role of processes: for tests of what runs over several.
package final class ThreadProcesses: Processes {
  package let rank: Int
  package let count: Int
  private let board: Board

  private init(rank: Int, count: Int, board: Board) { (self.rank, self.count, self.board) = (rank, count, board) }

  /// What `body` returns in each of `count` processes.
  package static func run<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (ThreadProcesses) -> Result
  ) -> [Result] {
    let board = Board(count)
    let results = Mutex([Result?](repeating: nil, count: count))
    let group = DispatchGroup()
    for rank in 0..<count {
      group.enter()
      let thread = Thread {
        let result = body(ThreadProcesses(rank: rank, count: count, board: board))
        results.withLock { $0[rank] = result }
        group.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    group.wait()
    return results.withLock { $0.map { $0! } }
  }

  package func gather(_ bytes: [UInt8]) -> [[UInt8]] {
    board.post(.init(bytes: bytes), by: rank)
    defer { board.wait() }
    return board.posts.map(\.bytes)
  }

  package func exchange(_ outgoing: [[Matrix]], into incoming: [[Matrix]]) {
    board.post(.init(windows: outgoing), by: rank)
    for (process, windows) in incoming.enumerated() {
      let sent = board.posts[process].windows[rank]
      precondition(sent.map(\.count) == windows.map(\.count), "sent and received windows differ in size")
      for (from, into) in zip(sent, windows) {
        into.reshaped(rows: 1, columns: into.count).assign(from.reshaped(rows: 1, columns: from.count))
      }
    }
    board.wait()
  }

  /// What every process shows the others, between one barrier and the next.
  private final class Board: @unchecked Sendable {
    struct Post {
      var bytes: [UInt8] = []
      var windows: [[Matrix]] = []
    }

    private let condition = NSCondition()
    private let count: Int
    private var arrived = 0
    private var round = 0
    private(set) var posts: [Post]

    init(_ count: Int) {
      self.count = count
      posts = [Post](repeating: Post(), count: count)
    }

    /// Returns when all have posted.
    func post(_ post: Post, by rank: Int) {
      condition.withLock { posts[rank] = post }
      wait()
    }

    /// Returns when all have arrived.
    func wait() {
      condition.withLock {
        arrived += 1
        if arrived == count {
          arrived = 0
          round += 1
          condition.broadcast()
          return
        }
        let mine = round
        while round == mine { condition.wait() }
      }
    }
  }
}
