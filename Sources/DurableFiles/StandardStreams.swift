import CClozeSystem
import Foundation
import Glibc

/// Results on standard output: every write is checked.
package enum StandardOutput {
  /// Writes all of `text`; on a terminal without characters that would command it.
  ///
  /// - Throws: `DurableFileError` where the disk is full, the reader of the pipe has ended or the terminal is gone.
  package static func write(_ text: String) throws(DurableFileError) {
    do {
      try StandardStream.write(isatty(STDOUT_FILENO) == 1 ? text.visible : text, to: STDOUT_FILENO)
    } catch {
      throw failure
    }
  }

  /// Writes `text` and the end of a line, in the manner of `Swift.print`.
  ///
  /// - Throws: as `write`.
  package static func print(_ text: String, terminator: String = "\n") throws(DurableFileError) {
    try write(text + terminator)
  }

  /// Closes standard output, where some file systems say only then that there was no space.
  ///
  /// - Throws: as `write`.
  package static func close() throws(DurableFileError) {
    if Glibc.close(STDOUT_FILENO) != 0 && errno != EBADF { throw failure }
  }

  private static var failure: DurableFileError {
    let reason = errno == EPIPE ? "its reader has ended" : String(cString: strerror(errno))
    return DurableFileError(
      "write", "standard output", reason: reason, advice: "what it has got is not the whole result")
  }
}

/// Everything that is said beside the result; that nobody can read it any more never ends a job.
package enum StandardError {
  /// Writes `text` without characters that would command a terminal.
  package static func write(_ text: String) { writeCommands(text.visible) }

  /// Writes `text` as it is, with what moves the cursor.
  package static func writeCommands(_ text: String) { try? StandardStream.write(text, to: STDERR_FILENO) }

  /// Whether a terminal shows it, rather than a file or a pipe.
  package static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Columns of the terminal; 80 where it does not say.
  package static var width: Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }
}

/// What the process was started with.
package enum ProcessStart {
  /// Keeps the descriptors 0, 1 and 2 from files that are opened later, where the program was started without them: what
  /// is said would go into a model or a store. Reads from and writes to the missing ones fail.
  package static func reserveStreams() {
    for (descriptor, flags) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
    where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free descriptor is taken, and all below are in use.
      _ = open("/dev/null", flags)
    }
  }

  /// Whether the process ignores `signal`, as `nohup` has it ignore SIGHUP.
  package static func ignores(_ signal: Int32) -> Bool { cloze_ignores(signal) == 1 }
}

/// What standard output and standard error share.
private enum StandardStream {
  struct Failure: Error {}

  /// Leaves the reason in `errno`.
  static func write(_ text: String, to descriptor: Int32) throws(Failure) {
    var text = text
    let isWritten = text.withUTF8 { bytes in
      var written = 0
      while written < bytes.count {
        let chunk = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
        if chunk >= 0 {
          written += chunk
        } else if errno == EAGAIN {
          // Another process has made the shared pipe or terminal non-blocking.
          var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&waiting, 1, -1)
        } else if errno != EINTR {
          return false
        }
      }
      return true
    }
    if !isWritten { throw Failure() }
  }
}

extension String {
  /// The text with control characters, and those that turn the direction of writing, spelled out: a name from a log or a
  /// file can then neither command a terminal nor pass for another.
  package var visible: String {
    func isHidden(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar.value {
      case 0x09, 0x0A: false
      case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: true
      default: false
      }
    }
    guard unicodeScalars.contains(where: isHidden) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      if isHidden(scalar) {
        text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }
}
