import DurableFiles
import Foundation
import Interactions

/// What decides the rows of a run: two runs of equal identity write the same rows, so that one may resume the other.
package struct RunIdentity: Sendable {
  package private(set) var fields: [(name: String, value: String)] = []

  package init() {}

  /// Adds a setting; one without a value is left out.
  package mutating func add(_ name: String, _ value: (some CustomStringConvertible)?) {
    if let value { fields.append((name, "\(value)")) }
  }

  /// The identity of a run that writes ids so that no spreadsheet takes them for formulas.
  package func guardingFormulas() -> RunIdentity {
    var guarding = self
    guarding.add("formulas", "guarded")
    return guarding
  }

  mutating func add(_ more: [(name: String, value: String)]) { fields += more }

  /// One line per setting.
  package var text: String { fields.map { "\($0.name)=\($0.value)" }.joined(separator: "\n") }
}

/// Short stand-ins for long values.
enum Fingerprint {
  /// The SHA-256 of names and their lengths.
  static func of(_ names: some Sequence<Identifier>) -> String {
    var hash = SHA256()
    for name in names {
      hash.update(integer: name.utf8.count)
      hash.update(Array(name.utf8))
    }
    return hash.hexadecimal()
  }

  /// The SHA-256 of numbers.
  static func of(_ numbers: some Sequence<Int32>) -> String {
    var hash = SHA256()
    for number in numbers { hash.update(integer: Int(number)) }
    return hash.hexadecimal()
  }

  /// The size of a file and the time of its last change, which stand for what is in it.
  static func ofFile(_ url: URL) -> String {
    let values = try? url.resourceValues(forKeys: [.contentModificationDateKey, .fileSizeKey])
    return "\(values?.fileSize ?? -1) bytes, \(values?.contentModificationDate?.timeIntervalSince1970 ?? 0)"
  }
}
