/// What a log may know of an event beside its user and its item; a new column of events is a case here.
package enum EventColumn: Int, CaseIterable, Sendable {
  /// Microseconds since 1970-01-01 UTC.
  case time
  /// The number of the event's group (basket, session), from 0 within the log.
  case group
  /// In a text of documents the document's number × 2³² + the sentence's within it; never in a file or a store.
  case sentence
}

/// The optional columns of a log's events, each whole or absent.
package struct EventColumns: Sendable, Equatable {
  /// By the number of the column; nil where the log does not have it.
  private var values: [[Int64]?]

  package init() { values = Array(repeating: nil, count: EventColumn.allCases.count) }

  /// Columns of these times and groups, as far as they are known.
  package init(times: [Int64]?, groups: [Int64]? = nil) {
    self.init()
    self[.time] = times
    self[.group] = groups
  }

  /// Empty columns for those that `present` names.
  package init(present: some Sequence<EventColumn>) {
    self.init()
    for column in present { self[column] = [] }
  }

  package subscript(column: EventColumn) -> [Int64]? {
    get { values[column.rawValue] }
    set { values[column.rawValue] = newValue }
  }

  /// The columns that the log has.
  package var present: [EventColumn] { EventColumn.allCases.filter { values[$0.rawValue] != nil } }

  /// The columns of the events at `positions`, in that order.
  package func reindexed(by positions: [some BinaryInteger]) -> EventColumns {
    var result = self
    for column in present {
      let old = values[column.rawValue] ?? []
      result[column] = positions.map { old[Int($0)] }
    }
    return result
  }

  /// Appends the value of one event to `column`; nothing where the log does not have it.
  @inline(__always) package mutating func append(_ value: Int64, to column: EventColumn) {
    values[column.rawValue]?.append(value)
  }

  /// Appends the columns of other events of the same log.
  package mutating func append(contentsOf other: EventColumns) {
    for column in EventColumn.allCases {
      guard let more = other[column] else { continue }
      if values[column.rawValue] == nil { values[column.rawValue] = [] }
      values[column.rawValue]?.append(contentsOf: more)
    }
  }

  /// Empties the columns and keeps their storage.
  package mutating func removeAll() {
    for column in present { values[column.rawValue]?.removeAll(keepingCapacity: true) }
  }

  /// Stops the program where a column has another number of values than `count`.
  func requireCount(_ count: Int) {
    for column in present {
      let own = values[column.rawValue]?.count ?? 0
      precondition(own == count, "\(own) values of the column \(column) for \(count) events")
    }
  }
}

/// Events in the order of their input: how a log travels before it is sorted.
package struct EventBatch: Sendable, Equatable {
  package var users: [UserID] = []
  package var items: [ItemID] = []
  /// As many values as events in every column that is present.
  package var columns = EventColumns()

  package init() {}

  /// No events yet, of a log with these columns.
  package init(columns: EventColumns) { self.columns = columns }

  package var count: Int { users.count }

  /// Empties the batch and keeps its storage.
  package mutating func removeAll() {
    users.removeAll(keepingCapacity: true)
    items.removeAll(keepingCapacity: true)
    columns.removeAll()
  }

  /// The first `count` events, or all of them.
  package func prefix(_ count: Int) -> EventBatch {
    var first = EventBatch(columns: columns.reindexed(by: Array(0..<min(count, self.count))))
    first.users = Array(users.prefix(count))
    first.items = Array(items.prefix(count))
    return first
  }

  package mutating func append(contentsOf other: EventBatch) {
    users.append(contentsOf: other.users)
    items.append(contentsOf: other.items)
    columns.append(contentsOf: other.columns)
  }
}
