import Dispatch
import Foundation
import Kernels
import Synchronization

/// How much may wait, and how much is taken at once.
package struct QueueLimits: Sendable, Equatable {
  /// The total weight of the jobs that may wait; a job is refused where it would exceed it.
  package var waiting: Int
  /// The total weight of the jobs of one batch, but always one job.
  package var batch: Int

  package init(waiting: Int = 1_024, batch: Int = 128) {
    precondition(waiting >= 1 && batch >= 1, "a queue of \(waiting) in batches of \(batch)")
    (self.waiting, self.batch) = (waiting, batch)
  }
}

/// What became of one batch.
package struct QueueReport: Sendable {
  package let jobs: Int
  package let weight: Int
  /// The weight of the jobs whose answer is no error.
  package let done: Int
  /// How long each job waited.
  package let waited: [Duration]
  /// How long the thread worked.
  package let worked: Duration
  /// Jobs whose deadline had passed when the thread came to them.
  package let late: Int
  /// The weight of the jobs that wait now.
  package let waiting: Int
}

/// Jobs that wait for one thread of their own, which takes all that wait at once.
///
/// Batches form while the thread is busy, without a timer: a lone job starts at once, and under load as many are answered
/// together as came during the batch before.
package final class BatchingQueue<Job: Sendable, Answer: Sendable>: Sendable {
  private struct Waiting: Sendable {
    let job: Job
    let weight: Int
    let arrival: ContinuousClock.Instant
    let deadline: ContinuousClock.Instant?
    let reply: CheckedContinuation<Answer, any Error>
  }

  private struct State: Sendable {
    var waiting: [Waiting] = []
    var weight = 0
    var isClosed = false
    var isAsleep = false
    var hasEnded = false
    var closing: [CheckedContinuation<Void, Never>] = []
  }

  package let limits: QueueLimits
  private let state = Mutex(State())
  private let call = DispatchSemaphore(value: 0)
  private let observe: @Sendable (QueueReport) -> Void

  /// Starts the thread; it ends with `close`.
  ///
  /// - Parameters:
  ///   - name: what the system calls the thread.
  ///   - observe: called on the thread after each batch.
  ///   - answer: the answers of a batch, in its order; called on the thread.
  package init(
    _ name: String, limits: QueueLimits = QueueLimits(), observe: @escaping @Sendable (QueueReport) -> Void = { _ in },
    answer: @escaping @Sendable ([Job]) -> [Result<Answer, any Error>]
  ) {
    (self.limits, self.observe) = (limits, observe)
    let thread = Thread { self.run(answer) }
    thread.name = name
    thread.stackSize = max(Workers.stackBytes, 1 << 20)
    thread.start()
  }

  /// The weight of the jobs that wait.
  package var waiting: Int { state.withLock { $0.weight } }

  /// Waits for the answer to `job`.
  ///
  /// - Parameters:
  ///   - weight: what it counts against the limits.
  ///   - patience: how long it may wait for its turn.
  /// - Throws: `ServingError.overloaded`, `.late` or `.stopped`; what the answer is where it is an error.
  package func answer(_ job: Job, weight: Int = 1, patience: Duration? = nil) async throws -> Answer {
    let arrival = ContinuousClock.now
    return try await withCheckedThrowingContinuation { reply in
      let waiting = Waiting(
        job: job, weight: weight, arrival: arrival, deadline: patience.map { arrival + $0 }, reply: reply)
      let (refusal, wakes) = state.withLock { state -> (ServingError?, Bool) in
        if state.isClosed { return (.stopped, false) }
        // A job that is heavier than the limit has its turn where nothing else waits.
        if state.weight > 0 && state.weight + weight > limits.waiting {
          return (.overloaded(waiting: state.weight), false)
        }
        state.waiting.append(waiting)
        state.weight += weight
        defer { state.isAsleep = false }
        return (nil, state.isAsleep)
      }
      if let refusal { reply.resume(throwing: refusal) }
      if wakes { call.signal() }
    }
  }

  /// Takes no more jobs; returns when those that wait are answered and the thread has ended.
  package func close() async {
    await withCheckedContinuation { done in
      let hasEnded = state.withLock { state in
        if !state.hasEnded { state.closing.append(done) }
        return state.hasEnded
      }
      if hasEnded { done.resume() }
      stop()
    }
  }

  /// Takes no more jobs; those that wait are still answered.
  package func stop() {
    let wakes = state.withLock { state in
      state.isClosed = true
      defer { state.isAsleep = false }
      return state.isAsleep
    }
    if wakes { call.signal() }
  }

  private func run(_ answer: ([Job]) -> [Result<Answer, any Error>]) {
    while let batch = next() {
      let start = ContinuousClock.now
      let late = batch.filter { $0.deadline.map { $0 < start } ?? false }
      let timely = late.isEmpty ? batch : batch.filter { $0.deadline.map { $0 >= start } ?? true }
      for job in late { job.reply.resume(throwing: ServingError.late(waited: start - job.arrival)) }
      let answers = timely.isEmpty ? [] : answer(timely.map(\.job))
      precondition(answers.count == timely.count, "\(answers.count) answers to \(timely.count) jobs")
      for (job, answer) in zip(timely, answers) { job.reply.resume(with: answer) }
      observe(
        QueueReport(
          jobs: timely.count, weight: timely.reduce(0) { $0 + $1.weight },
          done: zip(timely, answers).reduce(0) { sum, pair in
            if case .success = pair.1 { sum + pair.0.weight } else { sum }
          },
          waited: timely.map { start - $0.arrival }, worked: ContinuousClock.now - start, late: late.count,
          waiting: waiting))
    }
    let closing = state.withLock { state in
      state.hasEnded = true
      defer { state.closing = [] }
      return state.closing
    }
    for done in closing { done.resume() }
  }

  /// What waits, up to the limit of a batch; nil where nothing does and nothing comes any more.
  private func next() -> [Waiting]? {
    while true {
      let (batch, ends) = state.withLock { state -> ([Waiting], Bool) in
        if state.waiting.isEmpty {
          state.isAsleep = !state.isClosed
          return ([], state.isClosed)
        }
        var (count, weight) = (0, 0)
        while count < state.waiting.count, count == 0 || weight + state.waiting[count].weight <= limits.batch {
          weight += state.waiting[count].weight
          count += 1
        }
        defer {
          state.waiting.removeFirst(count)
          state.weight -= weight
        }
        return (Array(state.waiting[..<count]), false)
      }
      if !batch.isEmpty { return batch }
      if ends { return nil }
      call.wait()
    }
  }
}
