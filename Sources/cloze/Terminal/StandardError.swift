import Foundation

/// Where everything goes that is said beside the result.
package enum StandardError {
  package static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  /// Whether somebody is watching, rather than a file or a pipe.
  package static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Columns of the terminal; 80 where it does not say.
  package static var width: Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }
}
