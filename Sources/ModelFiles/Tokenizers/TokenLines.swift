import DurableFiles
import Foundation
import Interactions
import SequentialModels

/// A text file of one sequence per line.
package struct TokenLines: Sendable {
  package let path: String
  package let lines: [String]

  package init(path: String, lines: [String]) {
    self.path = path
    self.lines = lines
  }

  /// The lines of the file at `url`, without their breaks.
  ///
  /// - Throws: `TokenLinesError` naming the line that is not UTF-8.
  package init(_ url: URL) throws(TokenLinesError) {
    let data: Data
    do {
      data = try Data(contentsOf: url, options: .mappedIfSafe)
    } catch {
      throw .unreadable(path: url.path, reason: FileReason.of(error))
    }
    var lines: [String] = []
    for line in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let text = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      guard let text = String(validating: text, as: UTF8.self) else {
        throw .notUTF8(path: url.path, line: lines.count + 1)
      }
      lines.append(text)
    }
    if lines.last?.isEmpty == true { lines.removeLast() }
    self.init(path: url.path, lines: lines)
  }

  /// Whether blank lines stand between lines, and so between documents.
  package var hasDocuments: Bool {
    let isText = lines.map { !$0.allSatisfy(\.isWhitespace) }
    guard let first = isText.firstIndex(of: true), let last = isText.lastIndex(of: true) else { return false }
    return isText[first...last].contains(false)
  }

  /// The tokens between blanks as items and the lines as histories; special tokens are left out.
  ///
  /// - Parameter escaped: whether the tokens are item ids written by `ItemEscaping`.
  package func log(escaped: Bool = false) -> InteractionLog {
    var items = Catalog()
    var offsets = [0]
    var events: [ItemID] = []
    for line in lines {
      for token in line.unicodeScalars.split(whereSeparator: \.properties.isWhitespace) {
        let token = String(token)
        if SpecialTokens.names.contains(token) { continue }
        events.append(ItemID(items.insert(escaped ? ItemEscaping.unescape(token) : token)))
      }
      offsets.append(events.count)
    }
    return InteractionLog(
      users: Catalog((0..<lines.count).map(String.init)), items: items, offsets: offsets, events: events)
  }
}

/// A text file that cannot be learned from.
package enum TokenLinesError: Error, CustomStringConvertible, Equatable {
  case unreadable(path: String, reason: String)
  case notUTF8(path: String, line: Int)
  case nothingToMask(path: String, lines: Int)
  case oneDocument(path: String)

  package var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
    case .notUTF8(let path, let line): "\(path), line \(line) is not UTF-8; convert the file: iconv -f latin1 -t utf8"
    case .oneDocument(let path):
      "\(path) is one document, and the next sentence is told from those of others; put a blank line between documents"
    case .nothingToMask(let path, let lines):
      "none of the \(Counted(lines, "line")) of \(path) has two tokens of the vocabulary; expected one sequence per line"
    }
  }
}
