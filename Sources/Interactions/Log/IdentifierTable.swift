/// Distinct byte strings, numbered from 0 in the order of their first appearance.
///
/// All names stand one after another in one array; an open-addressed table of (hash, number) finds them, so that
/// reading a log makes no `String` per row. Names are compared byte by byte: what looks alike but is written
/// differently stays apart.
/// - Complexity: O(length) for `insert` and `index(of:)` on average; about 12 bytes per name beside the name itself.
package struct IdentifierTable: Sendable {
  private struct Slot {
    var hash: UInt32
    /// The number of the name, or -1 where the slot is free.
    var index: Int32
  }

  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var slots: [Slot]

  package init() { slots = [Slot](repeating: Slot(hash: 0, index: -1), count: 16) }

  package var count: Int { ends.count }

  /// The name with number `index`.
  package subscript(index: Int) -> String { String(decoding: bytes[range(of: index)], as: UTF8.self) }

  /// The bytes of the name with number `index`.
  package func utf8(at index: Int) -> ArraySlice<UInt8> { bytes[range(of: index)] }

  /// The number of `name`, or nil where it is not in the table.
  package func index(of name: String) -> Int? {
    let text = Array(name.utf8)
    let span = text.span
    let slot = slots[find(span, 0..<text.count, hash: Self.hash(span, 0..<text.count))]
    return slot.index < 0 ? nil : Int(slot.index)
  }

  /// The number of `name`, which is appended where it is new.
  @discardableResult package mutating func insert(_ name: String) -> Int {
    let text = Array(name.utf8)
    return Int(insert(text.span, 0..<text.count))
  }

  /// The number of the name at `range` of `text`, which is appended where it is new.
  package mutating func insert(_ text: Span<UInt8>, _ range: Range<Int>) -> Int32 {
    let hash = Self.hash(text, range)
    let place = find(text, range, hash: hash)
    if slots[place].index >= 0 { return slots[place].index }
    precondition(ends.count < Int(Int32.max), "\(ends.count) ids are as many as a table holds")
    let index = Int32(ends.count)
    for position in range { bytes.append(text[position]) }
    ends.append(bytes.count)
    slots[place] = Slot(hash: hash, index: index)
    if ends.count * 2 > slots.count { grow() }
    return index
  }

  private func range(of index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

  /// The slot that holds the name, or the free one where it would stand.
  private func find(_ text: Span<UInt8>, _ range: Range<Int>, hash: UInt32) -> Int {
    let mask = slots.count - 1
    var place = Int(hash) & mask
    while true {
      let slot = slots[place]
      if slot.index < 0 || (slot.hash == hash && isName(Int(slot.index), text, range)) { return place }
      place = (place + 1) & mask
    }
  }

  private func isName(_ index: Int, _ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let own = self.range(of: index)
    guard own.count == range.count else { return false }
    let known = bytes.span
    for offset in 0..<range.count where known[own.lowerBound + offset] != text[range.lowerBound + offset] {
      return false
    }
    return true
  }

  private mutating func grow() {
    let old = slots
    slots = [Slot](repeating: Slot(hash: 0, index: -1), count: old.count * 2)
    let mask = slots.count - 1
    for slot in old where slot.index >= 0 {
      var place = Int(slot.hash) & mask
      while slots[place].index >= 0 { place = (place + 1) & mask }
      slots[place] = slot
    }
  }

  /// FNV-1a over the bytes, finished by a multiplicative mix so that the low bits depend on all of them.
  private static func hash(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt32 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for position in range { hash = (hash ^ UInt64(text[position])) &* 0x0000_0100_0000_01b3 }
    hash = (hash ^ (hash >> 32)) &* 0x9e37_79b9_7f4a_7c15
    return UInt32(truncatingIfNeeded: hash >> 32)
  }
}
