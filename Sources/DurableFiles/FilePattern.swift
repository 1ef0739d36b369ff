import Glibc

/// Paths that fit a pattern of the shell, such as `events/2024-*.csv`.
package enum FilePattern {
  /// The paths there are that fit, in no order; none where the pattern is malformed.
  package static func paths(_ pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, GLOB_NOSORT, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
  }
}
