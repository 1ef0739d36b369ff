import Foundation

/// How the process takes signals before any command changes it.
enum Signals {
  /// Takes signals as a program started from a shell does, whoever started it: programs that start others from a worker
  /// thread hand down a mask under which Ctrl-C would never arrive. A reader that has seen enough (`| head`) ends the
  /// process quietly.
  static func reset() {
    signal(SIGPIPE, SIG_DFL)
    var stops = sigset_t()
    sigemptyset(&stops)
    for stop in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&stops, stop) }
    pthread_sigmask(SIG_UNBLOCK, &stops, nil)
  }
}
