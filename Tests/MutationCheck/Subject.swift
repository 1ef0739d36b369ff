import DurableFiles
import Foundation

/// A file that the program reads, and the reader.
struct Subject: Sendable {
  /// What a changed file may lead to.
  enum Promise: Sendable {
    /// Any change is refused.
    case refused
    /// Another answer than before is refused.
    case same
    /// Another answer is one about another file.
    case any
  }

  let name: String
  /// Within the folder.
  let file: String
  let shape: FileShape
  var promise = Promise.any
  /// How often its turn comes, among all.
  var weight = 10
  /// Whether the checksums of the model directory are put right after the change.
  var isSealed = false
  /// What was read, as text; of two answers that differ, the texts do.
  let read: @Sendable (_ folder: URL) throws -> String

  static var all: [Subject] {
    modelSubjects + labelSubjects + textSubjects + trainingSubjects + storeSubjects + logSubjects + recordSubjects
      + serverSubjects
  }

  enum Outcome {
    case same, other
    case refused(any Error)

    var name: String {
      switch self {
      case .same: "same"
      case .other: "other"
      case .refused: "refused"
      }
    }

    /// What is wrong with it; nil where it is as promised.
    func fault(of subject: Subject) -> String? {
      switch (self, subject.promise) {
      case (.same, .refused), (.other, .refused): return "accepted"
      case (.other, .same): return "another answer in silence"
      case (.refused(let error as Contradiction), _): return error.description
      case (.refused(let error), _):
        let type = String(reflecting: Swift.type(of: error))
        let text = "\(error)"
        for foreign in ["Foundation.", "Swift.", "GRDB.", "Yams.", "__C."] where type.hasPrefix(foreign) {
          return "refused with \(type): \(text.prefix(300))"
        }
        for raw in ["NSCocoaErrorDomain", "Error Domain=", "DecodingError", "Optional(", "CodingKeys("]
        where text.contains(raw) {
          return "refused with raw words: \(text.prefix(300))"
        }
        if text.isEmpty { return "refused without a word" }
        // A name may be quoted, as long as a change has made it.
        if text.utf8.count > 1 << 20 { return "refused with \(text.utf8.count) bytes: \(text.prefix(200))" }
        return nil
      default: return nil
      }
    }
  }

  func outcome(in folder: URL, expecting answer: String) -> Outcome {
    do {
      return try read(folder) == answer ? .same : .other
    } catch {
      return .refused(error)
    }
  }

  /// Puts `bytes` in the place of the file; the sums of the model directory then say what it holds, where `isSealed`.
  func put(_ bytes: [UInt8], at file: URL, in folder: URL, isSealed: Bool, before: [UInt8]) throws {
    try Data(bytes).write(to: file)
    if isSealed { try Seal.renew(file, before: before) }
  }

  /// Puts everything that the try may have changed back.
  func restore(_ original: [UInt8], at file: URL, in folder: URL, from base: URL) throws {
    try Data(original).write(to: file)
    if case .sqlite = shape {
      for ending in ["-journal", "-wal", "-shm"] { unlink(file.path + ending) }
    }
    let card = Seal.card(beside: file)
    if isSealed && card != file {
      let path = String(card.path.dropFirst(folder.path.count + 1))
      try Data(contentsOf: base.appendingPathComponent(path)).write(to: card)
    }
  }
}

/// Two ways to read one file that say different things.
struct Contradiction: Error, CustomStringConvertible {
  let description: String
}

/// Puts the checksums in a card right, as the program would have written them.
enum Seal {
  /// The file that has the sums of all in the folder of `file`.
  static func card(beside file: URL) -> URL {
    let folder = file.deletingLastPathComponent()
    let state = folder.appendingPathComponent("state.json")
    return FileManager.default.fileExists(atPath: state.path) ? state : folder.appendingPathComponent("cloze.json")
  }

  static func renew(_ file: URL, before: [UInt8]) throws {
    let card = card(beside: file)
    let name = card.lastPathComponent
    var text = try Data(contentsOf: card)
    if card != file {
      var hash = SHA256()
      hash.update(before)
      guard let place = text.range(of: Data(hash.hexadecimal().utf8)) else { return }
      text.replaceSubrange(place, with: Data(try SHA256.hexadecimal(of: file).utf8))
    }
    guard let key = text.range(of: Data("\"\(name)\" : \"".utf8)), text.count >= key.upperBound + 64 else { return }
    let digits = key.upperBound..<key.upperBound + 64
    text.replaceSubrange(digits, with: Data(repeating: UInt8(ascii: "0"), count: 64))
    var hash = SHA256()
    hash.update([UInt8](text))
    text.replaceSubrange(digits, with: Data(hash.hexadecimal().utf8))
    try text.write(to: card)
  }
}
