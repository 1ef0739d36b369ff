import Dispatch
import Serving
import Synchronization
import Testing

@Suite struct BatchingQueueTests {
  /// A queue whose thread waits in its first batch until `gate` is opened, and notes the sizes of its batches.
  final class Held: Sendable {
    let gate = DispatchSemaphore(value: 0)
    let queue: BatchingQueue<Int, Int>

    init(_ limits: QueueLimits) {
      let (gate, sizes) = (gate, Sizes())
      self.noted = sizes
      queue = BatchingQueue("held", limits: limits) { jobs in
        if sizes.append(jobs.count) == 1 { gate.wait() }
        return jobs.map { .success($0 * 2) }
      }
    }

    final class Sizes: Sendable {
      private let values = Mutex<[Int]>([])
      func append(_ size: Int) -> Int {
        values.withLock {
          $0.append(size)
          return $0.count
        }
      }
      var all: [Int] { values.withLock { $0 } }
    }
    let noted: Sizes

    /// Returns when the thread is in its first batch.
    func isBusy() async throws {
      while noted.all.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    }

    /// Returns when `count` jobs wait.
    func waits(for count: Int) async {
      while queue.waiting < count { try? await Task.sleep(for: .milliseconds(1)) }
    }
  }

  @Test func whatWaitsIsAnsweredTogether() async throws {
    let held = Held(QueueLimits(waiting: 100, batch: 8))
    async let first = held.queue.answer(1)
    try await held.isBusy()
    let answers = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
      for job in 0..<20 { group.addTask { (job, try await held.queue.answer(job)) } }
      await held.waits(for: 20)
      held.gate.signal()
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    #expect(answers == Dictionary(uniqueKeysWithValues: (0..<20).map { ($0, $0 * 2) }))
    #expect(try await first == 2)
    #expect(held.noted.all == [1, 8, 8, 4])
    await held.queue.close()
  }

  @Test func aFullQueueRefusesAndAClosedOneAnswersWhatItTook() async throws {
    let held = Held(QueueLimits(waiting: 5, batch: 2))
    async let first = held.queue.answer(1)
    try await held.isBusy()
    async let heavy = held.queue.answer(2, weight: 4)
    await held.waits(for: 4)
    await #expect(throws: ServingError.overloaded(waiting: 4)) { try await held.queue.answer(3, weight: 2) }
    async let light = held.queue.answer(4)
    await held.waits(for: 5)
    held.queue.stop()
    await #expect(throws: ServingError.stopped) { try await held.queue.answer(5) }
    async let closed: Void = held.queue.close()
    held.gate.signal()
    #expect(try await [first, heavy, light] == [2, 4, 8])
    await closed
    #expect(held.noted.all == [1, 1, 1])
    await held.queue.close()
  }

  @Test func aJobWhoseDeadlinePassedIsNotWorkedOn() async throws {
    let held = Held(QueueLimits())
    async let first = held.queue.answer(1)
    try await held.isBusy()
    let late = Task { try await held.queue.answer(2, patience: .milliseconds(1)) }
    let patient = Task { try await held.queue.answer(3, patience: .seconds(600)) }
    await held.waits(for: 2)
    try await Task.sleep(for: .milliseconds(5))
    held.gate.signal()
    let error = await #expect(throws: ServingError.self) { try await late.value }
    guard case .late? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try await patient.value == 6)
    #expect(try await first == 2)
    #expect(held.noted.all == [1, 1])
    await held.queue.close()
  }
}
