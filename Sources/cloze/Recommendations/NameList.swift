import Foundation
import Interactions
import Training

/// Ids as a person gives them: a file with one per line, or a list with commas.
enum NameList {
  /// The lines of the file at `argument`, or the parts of `argument` where there is no such file; without repetitions.
  static func read(_ argument: String) throws -> (names: [String], repeated: Int) {
    if FileManager.default.fileExists(atPath: argument) { return unique(try lines(argument)) }
    return unique(argument.split(separator: ",").map(String.init))
  }

  /// The lines of the file at `path` that are not empty.
  static func lines(_ path: String) throws(RecommendationError) -> [String] {
    guard let text = try? String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8) else {
      throw .unreadable(file: path)
    }
    return text.split(whereSeparator: \.isNewline).map(String.init)
  }

  private static func unique(_ names: [String]) -> (names: [String], repeated: Int) {
    var seen = Set<String>()
    let unique = names.filter { seen.insert($0).inserted }
    return (unique, names.count - unique.count)
  }
}

extension Catalog {
  /// The index of an item that a person named.
  ///
  /// - Throws: `RecommendationError.unknownItem` with the nearest name there is.
  func knownIndex(of name: String) throws(RecommendationError) -> Int {
    if let index = index(of: name) { return index }
    throw .unknownItem(name: name, suggestion: NearestName.suggestion(for: name, among: names.map(\.text)))
  }
}
