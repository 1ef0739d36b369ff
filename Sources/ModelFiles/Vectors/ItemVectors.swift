import DurableFiles
import Foundation
import Interactions
import Kernels
import NeuralNetwork

/// A vector for each of some items, as other programs or a text encoder make them.
package struct ItemVectors: Sendable {
  /// The file, or what made them.
  package let source: String
  package let ids: Catalog
  /// `[items, width]`
  package let vectors: Matrix
  /// Of ids and numbers.
  package let fingerprint: String
  /// The words that they were made of; nil where they come from a file.
  package var text: ModelFeatures.TextSource?

  package init(source: String, ids: Catalog, vectors: Matrix) {
    precondition(vectors.rows == ids.count, "\(vectors.rows) vectors for \(ids.count) items")
    self.source = source
    self.ids = ids
    self.vectors = vectors
    var hash = SHA256()
    for name in ids.names { hash.update(Array(name.utf8) + [0]) }
    vectors.withSpan { hash.update($0.bytes) }
    fingerprint = hash.hexadecimal()
  }

  package var width: Int { vectors.columns }

  /// Reads `.npy`, or `.safetensors` with one tensor of two axes; the ids stand beside it, in the order of the rows, as a JSON
  /// array in `NAME.ids.json` or line by line in `NAME.ids.txt`.
  ///
  /// - Throws: `ItemVectorError`, `SafetensorsError`.
  package static func read(_ path: String) throws -> ItemVectors {
    guard let file = VectorFile(path: path) else { throw ItemVectorError(path: path, fault: .name) }
    let vectors = try file.read()
    let (names, source) = try ids(of: file)
    if names.count != vectors.rows {
      throw ItemVectorError(path: path, fault: .count(ids: names.count, file: source, rows: vectors.rows))
    }
    var ids = Catalog()
    for (row, name) in names.enumerated() where ids.insert(name) != row {
      throw ItemVectorError(path: source, fault: .repeated(id: name, row: row + 1))
    }
    return ItemVectors(source: path, ids: ids, vectors: vectors)
  }

  private static func ids(of file: VectorFile) throws(ItemVectorError) -> (names: [String], source: String) {
    let lines = file.ids.deletingPathExtension().appendingPathExtension("txt")
    if let data = try? Data(contentsOf: file.ids) {
      guard let names = try? JSONDecoder().decode([String].self, from: data) else {
        throw ItemVectorError(path: file.ids.path, fault: .notIDs)
      }
      return (names, file.ids.path)
    }
    guard let text = try? String(contentsOf: lines, encoding: .utf8) else {
      throw ItemVectorError(path: file.path, fault: .noIDs(json: file.ids.path, lines: lines.path))
    }
    return (text.split(whereSeparator: \.isNewline).map(String.init), lines.path)
  }
}

/// Vectors of items that cannot be read.
package struct ItemVectorError: Error, CustomStringConvertible, Equatable {
  package enum Fault: Equatable, Sendable {
    case name
    case unreadable(reason: String)
    case notNumPy(reason: String)
    case noTable(tensors: [String])
    case notFinite(row: Int)
    case noIDs(json: String, lines: String)
    case notIDs
    case count(ids: Int, file: String, rows: Int)
    case repeated(id: String, row: Int)
    case noCommonItems(example: String)
    case width(found: Int, expected: Int)
    case same(count: Int)
  }

  package let path: String
  package let fault: Fault

  package init(path: String, fault: Fault) {
    self.path = path
    self.fault = fault
  }

  package var description: String {
    switch fault {
    case .name: "\(path): vectors of items are read from names that end in .npy or .safetensors"
    case .unreadable(let reason): "\(path): cannot be read: \(reason)"
    case .notNumPy(let reason):
      "\(path): \(reason); expected a table of numbers as numpy.save writes it, 16, 32 or 64 bits each, row by row"
    case .noTable(let tensors):
      "\(path): expected one tensor of two axes, items and numbers, found "
        + (tensors.isEmpty ? "none" : tensors.joined(separator: ", "))
    case .notFinite(let row): "\(path): the vector in row \(row) holds no number; leave that item out"
    case .noIDs(let json, let lines):
      "\(path): its items have no names; write the ids, in the order of the rows, as a JSON array to \(json), "
        + "or one a line to \(lines)"
    case .notIDs: "\(path): expected a JSON array of ids as texts, in the order of the rows"
    case .count(let ids, let file, let rows):
      "\(path): \(Counted(rows, "row")), but \(Counted(ids, "id")) in \(file); write one for each row"
    case .repeated(let id, let row):
      "\(path): the id “\(id)” of row \(row) stands further up, too; leave one of them out"
    case .noCommonItems(let example):
      "\(path): none of its ids is an item of the log, whose first is “\(example)”; write ids as the log has them"
    case .same(let count):
      "\(path): the vectors of the \(Counted(count, "item")) to learn from are all the same, so they tell none from another; leave "
        + "them out, or, if an encoder has made them, name columns whose words it knows"
    case .width(let found, let expected):
      "\(path): vectors of \(found) numbers, but the model was trained on vectors of \(expected); make them as those were made"
    }
  }
}
