import Foundation
import GRDB
import Interactions

/// An event that did not come from a log file.
package struct NewEvent: Sendable, Equatable {
  package var user: Identifier
  package var item: Identifier
  /// Microseconds since 1970-01-01 UTC; nil for now, where the store has times.
  package var time: Int64?
  package var group: Identifier?

  package init(user: Identifier, item: Identifier, time: Int64? = nil, group: Identifier? = nil) {
    (self.user, self.item, self.time, self.group) = (user, item, time, group)
  }
}

/// An event that the store cannot take: its number in the call, from 1, and why.
package struct NewEventError: Error, Equatable, CustomStringConvertible {
  package let number: Int
  package let reason: String
  package var description: String { "event \(number): \(reason)" }
}

/// Appends events to a store as they come, beside the logs that are imported into it.
///
/// In the store they stand as an import of their own, which grows until another one is begun; every call is one transaction
/// and is on disk when it returns. Ids are kept in memory, so that a call costs what its events cost.
package struct EventAppender: Sendable {
  /// What is known of the store, as of its last import.
  private struct Known: Sendable {
    var identifiers: KnownIdentifiers
    var sums: [IdentifierTables.Name: StoreChecksum]
    var columns: [EventColumn]
    var isEmpty: Bool
    var lastImport: Int
  }

  /// The import that grows.
  private struct Growing: Sendable {
    let number: Int
    let fingerprint: String
    var checksum = StoreChecksum()
  }

  private let store: InteractionStore
  private var known: Known?
  private var growing: Growing?

  /// What the store calls events that were added one by one.
  package static let source = "events added while serving"

  /// - Throws: `StoreError` where there is no store at `url`.
  package init(_ url: URL) throws(StoreError) { store = try InteractionStore.open(url) }

  /// Appends the events, all or none.
  ///
  /// - Returns: the events as the store has them, with their times.
  /// - Throws: `NewEventError` for an event that lacks a column of the store's events or has one that they have not;
  ///   `StoreError`.
  package mutating func append(_ events: [NewEvent]) throws -> [NewEvent] {
    if events.isEmpty { return [] }
    do {
      var (known, growing) = (self.known, self.growing)
      // Not held twice, so that the tables of ids grow in place.
      (self.known, self.growing) = (nil, nil)
      let written = try store.write { db in try Self.append(events, to: db, &known, &growing) }
      (self.known, self.growing) = (known, growing)
      return written
    } catch {
      // What is in memory may be ahead of the store: it is read again.
      (known, growing) = (nil, nil)
      throw error
    }
  }

  private static func append(
    _ events: [NewEvent], to db: Database, _ known: inout Known?, _ growing: inout Growing?
  ) throws -> [NewEvent] {
    let last = try Int.fetchOne(db, sql: "SELECT COALESCE(MAX(id), 0) FROM imports") ?? 0
    if known == nil || known!.lastImport != last { (known, growing) = (try read(db, lastImport: last), nil) }
    let columns = known!.isEmpty ? columns(of: events[0]) : known!.columns
    let events = try complete(events, columns)
    let before = IdentifierTables.Name.allCases.map { known!.identifiers[keyPath: $0.keyPath].count }
    let batch = number(events, columns, &known!.identifiers)
    var current = try growing ?? begin(after: last, events: try EventTable.last(db), in: db)
    for (name, count) in zip(IdentifierTables.Name.allCases, before) {
      let table = known!.identifiers[keyPath: name.keyPath]
      try IdentifierTables.append(table, from: count, to: name, in: db)
      for index in count..<table.count { known!.sums[name]!.add(table.utf8(at: index)) }
      try known!.sums[name]!.write(name.rawValue, import: current.number, to: db)
    }
    try EventTable.append(batch, to: db)
    current.checksum.add(batch, 0..<batch.count)
    try current.checksum.write("events", import: current.number, to: db)
    let report = ReadingSummary.added(
      current.checksum.rows, as: source, fingerprint: current.fingerprint, columns: columns)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try db.execute(
      sql: "UPDATE imports SET events = ?, report = ? WHERE id = ?",
      arguments: [current.checksum.rows, String(decoding: try encoder.encode(report), as: UTF8.self), current.number])
    growing = current
    known!.lastImport = current.number
    (known!.columns, known!.isEmpty) = (columns, false)
    return events
  }

  private static func read(_ db: Database, lastImport: Int) throws -> Known {
    let identifiers = try IdentifierTables.fetch(db)
    let sums = IdentifierTables.Name.allCases.map { ($0, StoreChecksum(identifiers[keyPath: $0.keyPath])) }
    return Known(
      identifiers: identifiers, sums: Dictionary(uniqueKeysWithValues: sums),
      columns: try EventTable.columnsInUse(db), isEmpty: try EventTable.last(db) == 0, lastImport: lastImport)
  }

  private static func columns(of event: NewEvent) -> [EventColumn] { event.group == nil ? [.time] : [.time, .group] }

  /// The events with the columns of the store, where they can have them.
  private static func complete(_ events: [NewEvent], _ columns: [EventColumn]) throws -> [NewEvent] {
    let now = Int64(Date().timeIntervalSince1970 * 1e6)
    let (hasTimes, hasGroups) = (columns.contains(.time), columns.contains(.group))
    return try events.enumerated().map { index, event in
      var event = event
      func refuse(_ reason: String) -> NewEventError { NewEventError(number: index + 1, reason: reason) }
      if !hasTimes && event.time != nil {
        throw refuse("the events of the store have no time, only an order; leave it out")
      }
      if hasGroups && event.group == nil { throw refuse("the events of the store have a group; give one") }
      if !hasGroups && event.group != nil { throw refuse("the events of the store have no group; leave it out") }
      if let time = event.time, !EventTime.range.contains(time) {
        throw refuse("its time lies outside of the years 1 to 9999; give another, or none for now")
      }
      if hasTimes { event.time = event.time ?? now }
      return event
    }
  }

  private static func number(
    _ events: [NewEvent], _ columns: [EventColumn], _ identifiers: inout KnownIdentifiers
  ) -> EventBatch {
    var batch = EventBatch(columns: EventColumns(present: columns))
    for event in events {
      batch.users.append(UserID(identifiers.users.insert(event.user)))
      batch.items.append(ItemID(identifiers.items.insert(event.item)))
      if let time = event.time { batch.columns.append(time, to: .time) }
      if let group = event.group { batch.columns.append(Int64(identifiers.groups.insert(group)), to: .group) }
    }
    return batch
  }

  private static func begin(after last: Int, events: Int, in db: Database) throws -> Growing {
    let growing = Growing(number: last + 1, fingerprint: "added \(UUID().uuidString)")
    let report = ReadingSummary.added(0, as: source, fingerprint: growing.fingerprint, columns: [])
    try db.execute(
      sql: """
        INSERT INTO imports (id, file, fingerprint, imported_at, first_event, events, report) VALUES (?, ?, ?, ?, ?, 0, ?)
        """,
      arguments: [
        growing.number, source, growing.fingerprint, Date.now.ISO8601Format(), events + 1,
        String(decoding: try JSONEncoder().encode(report), as: UTF8.self),
      ])
    return growing
  }
}
