import Foundation
import Interactions

/// People as they come in: one JSON object per line, `{"user": "…", "items": ["…", …]}`, oldest item first.
struct HistoryLines: Audience {
  private struct Line: Decodable {
    var user: String
    var items: [String]
  }

  let count: Int? = nil
  var unknownItems: [String] { reader.unknown.names.map(\.text) }
  private(set) var repeated = 0
  /// Hashes of the names that came, so that ten million people take megabytes.
  private var seen = Set<Int>()
  private var reader: HistoryReader
  private let name: String
  /// nil: lines of standard input.
  private var rest: Data.SubSequence?
  private var number = 0
  private let decoder = JSONDecoder()

  /// Opens the file at `path`, or standard input where it is `-`.
  init(_ path: String, catalog: Catalog) throws {
    reader = HistoryReader(catalog)
    name = path == "-" ? "standard input" : path
    if path == "-" { return }
    do {
      rest = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)[...]
    } catch {
      throw RecommendationError.unreadable(file: path)
    }
  }

  mutating func next(_ most: Int) throws -> [Person] {
    var people: [Person] = []
    while people.count < most, let text = nextLine() {
      number += 1
      if text.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }) { continue }
      guard let line = try? decoder.decode(Line.self, from: text) else {
        throw RecommendationError.badHistory(
          file: name, line: number, text: String(decoding: text.prefix(60), as: UTF8.self))
      }
      if !seen.insert(line.user.hashValue).inserted { repeated += 1 }
      people.append(Person(name: line.user, history: reader.read(line.items)))
    }
    return people
  }

  private mutating func nextLine() -> Data? {
    guard let rest else { return readLine().map { Data($0.utf8) } }
    if rest.isEmpty { return nil }
    let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
    self.rest = end == rest.endIndex ? rest[end...] : rest[(end + 1)...]
    return Data(rest[..<end])
  }
}
