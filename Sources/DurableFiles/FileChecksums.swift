import Foundation
import Glibc

/// The SHA-256 of the files of a directory as one of them, its card, keeps them: damage to any of them is then noticed.
///
/// The card has its own sum among them, that of its bytes with the digits of this sum as zeros. All others are what
/// `sha256sum` prints.
package struct FileChecksums: Sendable, Equatable {
  private var sums: [String: String]
  private static let unknown = String(repeating: "0", count: 64)

  /// The sums of all files that stand in `folder` at its top, but those `except` names; that of the card is still to come.
  ///
  /// - Throws: `DurableFileError` where a file cannot be read.
  package init(of folder: URL, card: String, except: Set<String> = []) throws(DurableFileError) {
    sums = [:]
    try take(folder, card: card, except: except)
  }

  /// Takes in the files of `folder`, in place of those of the same names.
  ///
  /// - Throws: as the initializer.
  package mutating func take(_ folder: URL, card: String, except: Set<String> = []) throws(DurableFileError) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in names where name != card && !except.contains(name) {
      let file = folder.appendingPathComponent(name)
      guard OpenFile.Identity(at: file.path)?.isRegular == true else { continue }
      sums[name] = try SHA256.hexadecimal(of: file)
    }
    sums[card] = Self.unknown
  }

  /// `text`, a card that holds these sums, with its own in place of the zeros.
  package static func seal(_ text: Data) -> Data {
    var hash = SHA256()
    hash.update(text.bytes)
    guard let place = text.range(of: Data(unknown.utf8)) else { preconditionFailure("a card without its sums") }
    var sealed = text
    sealed.replaceSubrange(place, with: Data(hash.hexadecimal().utf8))
    return sealed
  }

  /// Refuses a card whose bytes are not those that were written.
  ///
  /// - Parameters:
  ///   - text: the bytes of the card in which these sums stood.
  ///   - url: the card.
  package func verify(card text: Data, at url: URL) throws(ChecksumError) {
    let error = ChecksumError(path: url.path, fault: .changed)
    guard let own = sums[url.lastPathComponent], own.utf8.count == 64 else { throw error }
    let digits = Data(own.utf8)
    guard let place = text.range(of: digits), text[place.upperBound...].range(of: digits) == nil else { throw error }
    var blank = text
    blank.replaceSubrange(place, with: Data(Self.unknown.utf8))
    var hash = SHA256()
    hash.update(blank.bytes)
    if hash.hexadecimal() != own { throw error }
  }

  /// Refuses a directory in which one of the files has changed or is missing; files that have no sum are not looked at.
  ///
  /// - Parameters:
  ///   - card: the name of the card, which is verified by itself.
  ///   - only: the one file to verify; all where none is named.
  package func verify(_ folder: URL, card: String, only: String? = nil) throws(ChecksumError) {
    for (name, sum) in sums.sorted(by: { $0.key < $1.key }) where name != card && (only ?? name) == name {
      let file = folder.appendingPathComponent(name)
      let found: String
      do {
        found = try SHA256.hexadecimal(of: file)
      } catch {
        let isMissing = !FileManager.default.fileExists(atPath: file.path)
        throw ChecksumError(path: file.path, fault: isMissing ? .missing : .unreadable(reason: error.reason))
      }
      if found != sum { throw ChecksumError(path: file.path, fault: .changed) }
    }
  }
}

/// As an object of names and sums.
extension FileChecksums: Codable {
  package init(from decoder: any Decoder) throws {
    sums = try decoder.singleValueContainer().decode([String: String].self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(sums)
  }
}

/// A file that is not as it was written.
package struct ChecksumError: Error, CustomStringConvertible, Equatable {
  package enum Fault: Sendable, Equatable {
    case changed, missing
    case unreadable(reason: String)
  }

  package let path: String
  package let fault: Fault

  package init(path: String, fault: Fault) { (self.path, self.fault) = (path, fault) }

  package var description: String {
    let what =
      switch fault {
      case .changed: "is not as it was written (its checksum is another)"
      case .missing: "is missing"
      case .unreadable(let reason): "cannot be read: \(reason)"
      }
    return "\(path) \(what), so nothing in its directory is used; take the directory from a place where it is whole"
  }
}

extension SHA256 {
  /// Of the file at `url`; a link is followed.
  ///
  /// - Throws: `DurableFileError` where it cannot be read, or is no file.
  package static func hexadecimal(of url: URL) throws(DurableFileError) -> String {
    func failure(_ reason: String) -> DurableFileError {
      DurableFileError("read", url.path, reason: reason, advice: "make it readable")
    }
    // A pipe would wait for its writer.
    let descriptor = open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if descriptor < 0 { throw failure(String(cString: strerror(errno))) }
    let file = OpenFile(descriptor: descriptor, path: url.path)
    guard file.identity?.isRegular == true else { throw failure("it is not a file") }
    var hash = SHA256()
    var block = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = read(file.descriptor, &block, block.count)
      if count < 0 && errno != EINTR { throw failure(String(cString: strerror(errno))) }
      if count == 0 { return hash.hexadecimal() }
      if count > 0 { hash.update(block, 0..<count) }
    }
  }
}
