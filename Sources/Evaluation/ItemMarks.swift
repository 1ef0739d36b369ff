/// A set of item indices that is emptied in one step.
struct ItemMarks {
  private var stamps: [Int32]
  private var current: Int32 = 1

  init(items: Int) { stamps = [Int32](repeating: 0, count: items) }

  mutating func clear() { current += 1 }
  mutating func insert(_ item: Int) { stamps[item] = current }
  mutating func remove(_ item: Int) { stamps[item] = 0 }
  func contains(_ item: Int) -> Bool { stamps[item] == current }
}
