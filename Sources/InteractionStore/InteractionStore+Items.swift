import Foundation
import GRDB
import Interactions
import Items

extension InteractionStore {
  /// Replaces what the store knows of its items by the rows of `table`; they need not have events.
  ///
  /// - Throws: `StoreError`; the store is then as it was.
  package func replaceItems(by table: ItemTable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func text(_ value: some Encodable) throws -> String { String(decoding: try encoder.encode(value), as: UTF8.self) }
    try write { db in
      try db.execute(sql: "DELETE FROM item_rows; DELETE FROM item_table")
      try db.execute(
        sql: "INSERT INTO item_table (id, file, fingerprint, imported_at, columns, summary) VALUES (1, ?, ?, ?, ?, ?)",
        arguments: [
          table.source, table.summary.fingerprint, Date.now.formatted(.iso8601), try text(table.columns),
          try text(table.summary),
        ])
      let statement = try db.cachedStatement(
        sql: "INSERT INTO item_rows (id, name, title, fields) VALUES (?, CAST(? AS TEXT), ?, ?)")
      var checksum = StoreChecksum()
      checksum.add(try text(table.columns))
      for item in 0..<table.ids.count {
        let fields = try text(table.values.map { StoredField($0, item) })
        try statement.execute(arguments: [item, Data(table.ids[item].utf8), table.titles[item], fields])
        checksum.add(item: table.ids[item].utf8, title: table.titles[item], fields: fields)
      }
      try db.execute(sql: "UPDATE item_table SET sum = ?", arguments: [Int64(bitPattern: checksum.sum)])
    }
  }

  /// What the store knows of its items; nil where no item file was imported.
  ///
  /// - Throws: `StoreError.damaged` where it cannot be read.
  package func items() throws(StoreError) -> ItemTable? {
    try read { db in
      guard try db.tableExists("item_table") else { return nil }
      guard let head = try Row.fetchOne(db, sql: "SELECT columns, summary FROM item_table") else {
        if try Row.fetchOne(db, sql: "SELECT 1 FROM item_rows LIMIT 1") == nil { return nil }
        throw StoreFault("it has rows of items, and nothing says what their columns are")
      }
      func decoded<Value: Decodable>(_ type: Value.Type, _ text: String, _ what: String) throws -> Value {
        guard let value = try? JSONDecoder().decode(type, from: Data(text.utf8)) else {
          throw StoreFault("\(what) cannot be read")
        }
        return value
      }
      let text: String = try head.value(0, "columns of the items")
      let columns = try decoded([ItemColumn].self, text, "the columns of the items")
      var checksum = StoreChecksum()
      checksum.add(text)
      let summary = try decoded(ItemSummary.self, try head.value(1, "summary of the items"), "the summary of the items")
      var (ids, titles, fields): (Catalog, [String?], [[StoredField]]) = (Catalog(), [], [])
      let cursor = try Row.fetchCursor(
        db, sql: "SELECT id, CAST(name AS BLOB), title, fields FROM item_rows ORDER BY id")
      while let row = try cursor.next() {
        let number: Int = try row.value(0, "number of an item's row")
        let name = Identifier(utf8: try row.value(1, "id of the item row \(number)") as Data)
        guard number == titles.count, ids.insert(name) == number else {
          throw StoreFault("the rows of items have a gap or an id twice at number \(titles.count)")
        }
        titles.append(row[2])
        let text: String = try row.value(3, "fields of the item row \(number)")
        let own = try decoded([StoredField].self, text, "the fields of the item row \(number)")
        checksum.add(item: name.utf8, title: titles[number], fields: text)
        if own.count != columns.count { throw StoreFault("the item row \(number) has \(own.count) fields") }
        fields.append(own)
      }
      guard ids.count == summary.items else {
        throw StoreFault("\(ids.count) rows of items, \(summary.items) were imported")
      }
      if let sum = try Self.sumOfItems(db), sum != Int64(bitPattern: checksum.sum) {
        throw StoreFault("what items are differs from what was imported")
      }
      let values = columns.enumerated().map { index, column in
        StoredField.values(fields.map { $0[index] }, of: column.kind)
      }
      return ItemTable(
        source: url.path, ids: ids, titles: titles, columns: columns, values: values, summary: summary)
    }
  }
}

extension InteractionStore {
  /// nil where the items were imported by a version that wrote no sum.
  private static func sumOfItems(_ db: Database) throws -> Int64? {
    guard try db.columns(in: "item_table").contains(where: { $0.name == "sum" }) else { return nil }
    return try Int64.fetchOne(db, sql: "SELECT sum FROM item_table")
  }
}

extension StoreChecksum {
  fileprivate mutating func add(_ text: String) { add(Array(text.utf8)[...]) }

  fileprivate mutating func add(item: some Collection<UInt8>, title: String?, fields: String) {
    add(Array(item)[...])
    // No title is no empty one.
    if let title { add(title) }
    add(fields)
  }
}

/// A value of an item's column as JSON has it: null, a number, a text, or a list of texts.
private enum StoredField: Codable {
  case none
  case number(Double)
  case text(String)
  case list([String])

  init(_ values: ItemValues, _ item: Int) {
    switch values {
    case .categories(let rows): self = rows[item].isEmpty ? .none : .list(rows[item].map(\.text))
    case .numbers(let rows): self = rows[item].map { .number($0) } ?? .none
    case .texts(let rows): self = rows[item].map { .text($0) } ?? .none
    }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .none
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else {
      self = .list(try container.decode([String].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .none: try container.encodeNil()
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    case .list(let list): try container.encode(list)
    }
  }

  static func values(_ fields: [StoredField], of kind: ItemColumn.Kind) -> ItemValues {
    switch kind {
    case .category:
      .categories(fields.map { if case .list(let list) = $0 { list.map { Identifier($0) } } else { [] } })
    case .number: .numbers(fields.map { if case .number(let number) = $0 { number } else { nil } })
    case .text: .texts(fields.map { if case .text(let text) = $0 { text } else { nil } })
    }
  }
}
