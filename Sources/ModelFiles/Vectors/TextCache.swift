import DurableFiles
import Interactions
import Items
import Kernels

/// Where the vectors of texts are kept from one run to the next, by the key of their encoder and that of the text.
package struct TextCache: Sendable {
  /// The vectors, by key of the text, that are there of `texts`.
  let find: @Sendable (_ encoder: String, _ texts: [String]) throws -> [String: [Float]]
  let keep: @Sendable (_ encoder: String, _ vectors: [String: [Float]]) throws -> Void

  package init(
    find: @escaping @Sendable (_ encoder: String, _ texts: [String]) throws -> [String: [Float]],
    keep: @escaping @Sendable (_ encoder: String, _ vectors: [String: [Float]]) throws -> Void
  ) {
    self.find = find
    self.keep = keep
  }

  /// What a text is known by.
  package static func key(_ text: String) -> String {
    var hash = SHA256()
    hash.update(Array(text.utf8))
    return hash.hexadecimal()
  }
}

extension TextEncoder {
  /// How many texts were encoded, and of how many the vectors were known.
  package struct Count: Sendable, Equatable {
    package var encoded = 0
    package var known = 0

    package init() {}
  }

  /// The vectors of `texts`, `[texts, width]`, those that `cache` has not encoded and kept there; equal texts once.
  func vectors(of texts: [String], cache: TextCache?, count: inout Count) throws -> Matrix {
    var (places, distinct, keys) = ([String: Int](), [String](), [String]())
    let rows = texts.map { text -> Int32 in
      let key = TextCache.key(text)
      if let place = places[key] { return Int32(place) }
      places[key] = distinct.count
      distinct.append(text)
      keys.append(key)
      return Int32(distinct.count - 1)
    }
    let known = try cache?.find(cacheKey, keys).filter { $0.value.count == width } ?? [:]
    let table = Matrix(rows: distinct.count, columns: width)
    for (place, key) in keys.enumerated() { if let own = known[key] { table.rows(place..<place + 1).assign(own) } }
    let new = keys.indices.filter { known[keys[$0]] == nil }
    let made = vectors(of: new.map { distinct[$0] })
    Rows.scatterAdd(made, new.map { Int32($0) }, into: table)
    count.encoded += new.count
    count.known += known.count
    if let cache, !new.isEmpty {
      let vectors = new.enumerated().map { (keys[$1], Array(made.rows($0..<$0 + 1).values)) }
      try cache.keep(cacheKey, Dictionary(uniqueKeysWithValues: vectors))
    }
    let result = Matrix(rows: texts.count, columns: width)
    Rows.gather(table, rows, into: result)
    return result
  }
}

extension TextEncoder.Count: CustomStringConvertible {
  package var description: String {
    known == 0 ? "\(encoded) texts encoded" : "\(encoded) texts encoded, \(known) known from the store"
  }
}

extension ItemVectors {
  /// The vectors of what `columns` of `table` say, joined, of the items that are wanted; an item without text has none.
  ///
  /// - Throws: `ItemError.unknownColumn`; what `cache` throws.
  package init(
    texts columns: [String], of table: ItemTable, by encoder: TextEncoder, cache: TextCache? = nil,
    count: inout TextEncoder.Count, for isWanted: (Identifier) -> Bool
  ) throws {
    let texts = try table.texts(columns)
    let rows = texts.indices.filter { !texts[$0].isEmpty && isWanted(table.ids[$0]) }
    self.init(
      source: encoder.source, ids: Catalog(rows.map { table.ids[$0] }),
      vectors: try encoder.vectors(of: rows.map { texts[$0] }, cache: cache, count: &count))
    text = ModelFeatures.TextSource(columns: columns, by: encoder)
  }
}
