/// Which rows of the item table a step's micro-batches read or aim at; only kept where negatives are drawn.
struct TouchedRows: Sendable {
  private var isTouched: [Bool]
  private var rows: [Int32] = []

  /// - Parameter count: the table's rows; 0 where a step touches all of them.
  init(_ count: Int) { isTouched = [Bool](repeating: false, count: count) }

  mutating func add(_ batch: MicroBatch) {
    if isTouched.isEmpty { return }
    for row in batch.rows.tokens { add(row) }
    // A micro-batch without targets draws nothing.
    for row in batch.sampled?.items.rows ?? [] { add(row) }
  }

  private mutating func add(_ row: Int32) {
    if isTouched[Int(row)] { return }
    isTouched[Int(row)] = true
    rows.append(row)
  }

  /// The rows in ascending order, nil for all; forgets them.
  mutating func take() -> [Int32]? {
    if isTouched.isEmpty { return nil }
    rows.sort()
    for row in rows { isTouched[Int(row)] = false }
    defer { rows.removeAll(keepingCapacity: true) }
    return rows
  }
}
