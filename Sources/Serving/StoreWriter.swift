import Foundation
import InteractionStore
import Interactions
import Synchronization

/// What the thread that writes the store has to do.
enum StoreJob: Sendable {
  case append([NewEvent])
  /// Read the store again, with what others have imported since.
  case read
}

/// Writes events into a store and lets the histories grow by them, in the same order.
final class StoreWriter: Sendable {
  private let url: URL
  private let state: ServingState
  private let appender: Mutex<EventAppender>

  /// - Throws: `StoreError` where the file is no store.
  init(_ url: URL, state: ServingState) throws {
    (self.url, self.state) = (url, state)
    appender = Mutex(try EventAppender(url))
  }

  /// What becomes of each job: all events that follow each other are written in one transaction.
  func answers(_ jobs: [StoreJob]) -> [Result<Void, any Error>] {
    var results: [Result<Void, any Error>] = []
    var together: [[NewEvent]] = []
    func write() {
      if together.isEmpty { return }
      let all = append(together.flatMap { $0 })
      // One bad event fails its own job alone.
      if case .failure = all, together.count > 1 {
        results += together.map(append)
      } else {
        results += together.map { _ in all }
      }
      together = []
    }
    for job in jobs {
      switch job {
      case .append(let events): together.append(events)
      case .read:
        write()
        results.append(read())
      }
    }
    write()
    return results
  }

  private func append(_ events: [NewEvent]) -> Result<Void, any Error> {
    Result {
      do {
        let written = try appender.withLock { try $0.append(events) }
        state.append(written)
      } catch let error as NewEventError {
        throw ServingError.badEvent(number: error.number, reason: error.reason)
      } catch {
        throw ServingError.store("\(error)")
      }
    }
  }

  private func read() -> Result<Void, any Error> {
    Result {
      do {
        state.replace(log: try LiveLog(url, asFor: state.model))
      } catch {
        throw ServingError.store("\(error)")
      }
    }
  }
}
