import Foundation
import GRDB
import Interactions

/// Vectors of texts that an encoder has made, kept so that they need not be made again; the rows may be deleted at any time.
enum TextVectorTable {
  static let name = "text_vectors"

  /// What a row adds up to.
  static func sum(_ encoder: String, _ text: String, _ vector: [UInt8]) -> Int64 {
    var checksum = StoreChecksum()
    for part in [Array(encoder.utf8), Array(text.utf8), vector] { checksum.add(part[...]) }
    return Int64(bitPattern: checksum.sum)
  }

  /// - Throws: `StoreFault` for the first row that is not as it was written.
  static func verify(_ db: Database) throws {
    guard try db.tableExists(name) else { return }
    let cursor = try Row.fetchCursor(db, sql: "SELECT encoder, text, vector, sum FROM \(name)")
    while let row = try cursor.next() {
      let text: String = try row.value(1, "text of a vector")
      if try vector(row) == nil {
        throw StoreFault("the vector of the text \(text.prefix(12)) is not what was encoded")
      }
    }
  }

  /// The vector of a row of `encoder`, `text`, `vector`, `sum`; nil where it is not what was kept.
  static func vector(_ row: Row) throws -> [Float]? {
    let bytes = [UInt8](try row.value(2, "vector of a text") as Data)
    let sum: Int64 = try row.value(3, "sum of a text's vector")
    let isWhole =
      sum
      == Self.sum(
        try row.value(0, "encoder of a text"), try row.value(1, "text of a vector"), bytes)
    guard isWhole, bytes.count % 4 == 0 else { return nil }
    return stride(from: 0, to: bytes.count, by: 4).map { place in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) })
    }
  }
}

extension InteractionStore {
  /// The vectors that `encoder` is known to have made of `texts`; what is not as it was written is not known.
  ///
  /// - Throws: `StoreError`.
  package func textVectors(_ encoder: String, of texts: [String]) throws(StoreError) -> [String: [Float]] {
    try read { db in
      guard try db.tableExists(TextVectorTable.name) else { return [:] }
      let statement = try db.cachedStatement(
        sql: "SELECT encoder, text, vector, sum FROM \(TextVectorTable.name) WHERE encoder = ? AND text = ?")
      var vectors: [String: [Float]] = [:]
      for text in texts {
        guard let row = try Row.fetchOne(statement, arguments: [encoder, text]) else { continue }
        vectors[text] = try TextVectorTable.vector(row)
      }
      return vectors
    }
  }

  /// Keeps what `encoder` has made of texts, for `textVectors`.
  ///
  /// - Throws: `StoreError`; the store is then as it was.
  package func keepTextVectors(_ encoder: String, _ vectors: [String: [Float]]) throws {
    try write { db in
      let statement = try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO \(TextVectorTable.name) (encoder, text, vector, sum) VALUES (?, ?, ?, ?)")
      for (text, vector) in vectors.sorted(by: { $0.key < $1.key }) {
        let bytes = vector.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) }
        }
        try statement.execute(
          arguments: [encoder, text, Data(bytes), TextVectorTable.sum(encoder, text, bytes)])
      }
    }
  }
}
