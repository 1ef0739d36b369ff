import DurableFiles
import Synchronization

/// What a long job says on stderr while it runs; safe to call from several tasks. That nobody can read it ends no job.
package final class Progress: Sendable {
  package enum Manner: Sendable, Equatable {
    /// One line that rewrites itself, at most `width` columns wide, and kept lines above it.
    case rewriting(width: Int)
    /// Plain lines, at most one every `interval` seconds besides the kept ones.
    case lines(interval: Duration)
    case quiet
  }

  private struct Line {
    var saidAt: ContinuousClock.Instant?
    var isShowing = false
  }

  private let manner: Manner
  private let saysNotes: Bool
  private let write: @Sendable (String) -> Void
  private let now: @Sendable () -> ContinuousClock.Instant
  private let line = Mutex(Line())

  /// - Parameter notes: whether notes are said, whatever the manner.
  package init(
    _ manner: Manner, notes: Bool = true,
    write: @escaping @Sendable (String) -> Void = { StandardError.writeCommands($0) },
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.manner = manner
    saysNotes = notes
    self.write = write
    self.now = now
  }

  /// Says how far the job is; what follows soon after is left out, so call it as often as convenient.
  package func update(_ text: @autoclosure () -> String) {
    line.withLock { line in
      let now = now()
      switch manner {
      case .quiet: return
      case .rewriting(let width):
        if let saidAt = line.saidAt, now - saidAt < .milliseconds(100) { return }
        write("\r\(text().visible.prefix(max(1, width - 1)))\u{1B}[K")
        line.isShowing = true
      case .lines(let interval):
        if let saidAt = line.saidAt, now - saidAt < interval { return }
        write("\(text().visible)\n")
      }
      line.saidAt = now
    }
  }

  /// Says a line that stays, such as the result of an epoch.
  package func keep(_ text: @autoclosure () -> String) {
    guard manner != .quiet else { return }
    line.withLock { line in
      write("\(line.isShowing ? "\r\u{1B}[K" : "")\(text().visible)\n")
      line = Line(saidAt: nil, isShowing: false)
    }
  }

  /// Says a line that matters beside the result, also where no terminal is watching and --progress was not given.
  package func note(_ text: @autoclosure () -> String) {
    guard saysNotes else { return }
    line.withLock { line in
      write("\(line.isShowing ? "\r\u{1B}[K" : "")cloze: \(text().visible)\n")
      line = Line(saidAt: nil, isShowing: false)
    }
  }

  /// Takes the rewritten line away; call it before anything else is printed.
  package func finish() {
    line.withLock { line in
      if line.isShowing { write("\r\u{1B}[K") }
      line = Line()
    }
  }
}
