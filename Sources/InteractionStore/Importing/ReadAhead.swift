import Dispatch
import Foundation
import Interactions
import Synchronization

/// A log that a thread of its own reads, while another one takes the batches that are read already, in their order.
///
/// Reading takes as long as writing to SQLite or longer, so an import uses two processors, and more where the reader has
/// several threads that parse. At most `waiting` batches wait beside the one being read and the one being taken.
final class ReadAhead: Sendable {
  /// What one batch holds.
  struct Batch: Sendable {
    let events: EventBatch
    let badRows: [BadRow]
    /// The log, as its bad rows name it.
    let file: String
    let progress: ReadingProgress
  }

  /// What is known of the whole log at its end.
  typealias End = (report: ReadingSummary, identifiers: KnownIdentifiers)

  private struct State: Sendable {
    var batches: [Batch] = []
    var end: Result<End, any Error>?
    var isAbandoned = false
  }

  private static let waiting = 2
  private let state = Mutex(State())
  /// Begins at zero, since one that ends below its beginning, with batches that nobody takes any more, traps.
  private let free = DispatchSemaphore(value: 0)
  private let ready = DispatchSemaphore(value: 0)

  /// Begins to read.
  ///
  /// - Parameter begin: called with how the log is written and its name, before the first batch; what it throws ends the
  ///   reading.
  init(
    _ path: String, options: ReadingOptions, identifiers: KnownIdentifiers, threads: Int?,
    begin: @escaping @Sendable (LogLayout, String) throws -> Void
  ) {
    for _ in 0..<Self.waiting { free.signal() }
    let thread = Thread {
      let end: Result<End, any Error> = Result {
        try LogSource.read(path, options: options, identifiers: identifiers, threads: threads) { reader in
          try begin(reader.layout, reader.assembler.file)
          let report = try reader.readAll { batch, progress in
            try self.put(
              Batch(events: batch.events, badRows: batch.badRows, file: batch.file, progress: progress))
          }
          return (report, reader.assembler.identifiers)
        }
      }
      self.state.withLock { $0.end = end }
      self.ready.signal()
    }
    thread.name = "reading"
    thread.start()
  }

  /// Takes every batch, and returns what is known at the end.
  ///
  /// Where `body` throws, the thread ends with the batch it is reading; it is not waited for, since a pipe may let it wait.
  /// - Throws: `LogError` or `StoreError` of reading, and whatever `body` throws.
  func takeAll(_ body: (Batch) throws -> Void) throws -> End {
    do {
      while true {
        ready.wait()
        let batch = state.withLock { $0.batches.isEmpty ? nil : $0.batches.removeFirst() }
        guard let batch else { return try state.withLock { $0.end! }.get() }
        free.signal()
        try body(batch)
      }
    } catch {
      state.withLock { $0.isAbandoned = true }
      free.signal()
      throw error
    }
  }

  private func put(_ batch: Batch) throws {
    free.wait()
    let isAbandoned = state.withLock { state in
      if !state.isAbandoned { state.batches.append(batch) }
      return state.isAbandoned
    }
    if isAbandoned { throw CancellationError() }
    ready.signal()
  }
}
