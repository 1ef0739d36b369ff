import DurableFiles
import Foundation
import Synchronization

/// Ctrl-C, the system's request to stop (SIGTERM) and the loss of the terminal (SIGHUP), which all mean the same: a command
/// that watches finishes what it must and ends; any other ends at once. Both with exit code 130.
package enum Interruption {
  /// 0: a signal ends the process, 1: it is noted, 2: one was noted.
  private static let phase = Atomic<UInt8>(0)

  /// Takes signals in the manner of a program started from a shell, also as process 1, which the system
  /// spares what it has no handler for.
  ///
  /// - A mask that was handed down is lifted: programs that start others from a worker thread leave one under which Ctrl-C
  ///   would never arrive. SIGHUP stays ignored where it was, as by `nohup`.
  /// - A pipe without a reader and a file at its size limit (SIGPIPE, SIGXFSZ) are failures of a write, not of the process.
  static func takeSignals() {
    _ = (phase.load(ordering: .relaxed), StopRequest.isMade)
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    let handler: @convention(c) (Int32) -> Void = { number in
      if Interruption.phase.compareExchange(expected: 1, desired: 2, ordering: .relaxed).exchanged {
        return StopRequest.make()
      }
      if number == SIGINT {
        // A shell that runs a script looks at how its child died.
        signal(SIGINT, SIG_DFL)
        var mask = sigset_t()
        sigemptyset(&mask)
        sigaddset(&mask, SIGINT)
        pthread_sigmask(SIG_UNBLOCK, &mask, nil)
        raise(SIGINT)
      }
      _exit(130)
    }
    var stops = sigset_t()
    sigemptyset(&stops)
    for stop in [SIGINT, SIGTERM, SIGHUP] where stop != SIGHUP || !ProcessStart.ignores(SIGHUP) {
      signal(stop, handler)
      sigaddset(&stops, stop)
    }
    pthread_sigmask(SIG_UNBLOCK, &stops, nil)
  }

  /// From now on the first signal is only noted; the second ends the process at once.
  package static func watch() { _ = phase.compareExchange(expected: 0, desired: 1, ordering: .relaxed) }

  /// Whether one has come.
  package static var requested: Bool { phase.load(ordering: .relaxed) == 2 }
}
