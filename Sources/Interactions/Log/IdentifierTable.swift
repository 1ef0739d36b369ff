/// Distinct byte strings, numbered from 0 in the order of their first appearance.
///
/// An open-addressed table of (key, number) finds them, so that reading a log makes no `String` per row. The key of a name
/// of up to seven bytes is the name itself: most lookups touch one cache line. Names are compared byte by byte: what
/// looks alike but is written differently stays apart.
/// - Complexity: O(length) for `insert` and `index(of:)` on average; 32 to 64 bytes per name beside the name itself.
package struct IdentifierTable: Sendable {
  private struct Slot {
    var key: UInt64
    /// The number of the name, or -1 where the slot is free.
    var index: Int32

    static let free = Slot(key: 0, index: -1)
  }

  /// All names, one after another.
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var slots: [Slot]

  package init() { slots = [Slot](repeating: .free, count: 16) }

  package var count: Int { ends.count }

  /// The name with number `index`.
  package subscript(index: Int) -> Identifier { Identifier(utf8: bytes[range(of: index)]) }

  /// The bytes of the name with number `index`.
  package func utf8(at index: Int) -> ArraySlice<UInt8> { bytes[range(of: index)] }

  /// The number of `name`, or nil where it is not in the table.
  package func index(of name: Identifier) -> Int? {
    let text = name.utf8.span
    return index(text, 0..<text.count).map(Int.init)
  }

  /// The number of the name at `range` of `text`, or nil where it is not in the table.
  package func index(_ text: Span<UInt8>, _ range: Range<Int>) -> Int32? {
    let index = slots[find(text, range, key: Self.key(text, range))].index
    return index < 0 ? nil : index
  }

  /// The number of `name`, which is appended where it is new.
  @discardableResult package mutating func insert(_ name: Identifier) -> Int {
    let text = name.utf8.span
    return Int(insert(text, 0..<text.count))
  }

  /// The number of the name at `range` of `text`, which is appended where it is new.
  package mutating func insert(_ text: Span<UInt8>, _ range: Range<Int>) -> Int32 {
    let key = Self.key(text, range)
    let place = find(text, range, key: key)
    if slots[place].index >= 0 { return slots[place].index }
    precondition(ends.count < Int(Int32.max), "\(ends.count) ids are as many as a table holds")
    let index = Int32(ends.count)
    for position in range { bytes.append(text[position]) }
    ends.append(bytes.count)
    slots[place] = Slot(key: key, index: index)
    if ends.count * 2 > slots.count { grow() }
    return index
  }

  /// Names, one after another.
  struct Names: Sendable {
    fileprivate let bytes: [UInt8]
    /// Where each ends in `bytes`.
    fileprivate let ends: [Int]
  }

  /// The names from number `first` on.
  func names(from first: Int) -> Names {
    let start = first == 0 ? 0 : ends[first - 1]
    return Names(bytes: Array(bytes[start...]), ends: ends[first...].map { $0 - start })
  }

  /// Inserts `names` in their order and appends the number of each to `numbers`.
  mutating func insert(_ names: Names, numbers: inout [Int32]) {
    let text = names.bytes.span
    var start = 0
    for end in names.ends {
      numbers.append(insert(text, start..<end))
      start = end
    }
  }

  private func range(of index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

  /// The slot that holds the name, or the free one where it would stand.
  private func find(_ text: Span<UInt8>, _ range: Range<Int>, key: UInt64) -> Int {
    let mask = slots.count - 1
    var place = Self.place(of: key, mask)
    while true {
      let slot = slots[place]
      if slot.index < 0 { return place }
      if slot.key == key, key < Self.longKeys || isName(Int(slot.index), text, range) { return place }
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
    slots = [Slot](repeating: .free, count: old.count * 2)
    let mask = slots.count - 1
    for slot in old where slot.index >= 0 {
      var place = Self.place(of: slot.key, mask)
      while slots[place].index >= 0 { place = (place + 1) & mask }
      slots[place] = slot
    }
  }

  /// Keys from here on are hashes.
  private static let longKeys: UInt64 = 0xff << 56

  /// The bytes of a short name below its length; of a long one, an FNV-1a hash below 255.
  private static func key(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
    var key: UInt64 = 0
    if range.count < 8 {
      for position in range { key = key << 8 | UInt64(text[position]) }
      return key | UInt64(range.count) << 56
    }
    key = 0xcbf2_9ce4_8422_2325
    for position in range { key = (key ^ UInt64(text[position])) &* 0x0000_0100_0000_01b3 }
    return key | longKeys
  }

  /// Where the search for `key` begins: a multiplicative mix, so that the place depends on all of its bits.
  private static func place(of key: UInt64, _ mask: Int) -> Int {
    let mixed = (key ^ (key >> 32)) &* 0x9e37_79b9_7f4a_7c15
    return Int(truncatingIfNeeded: mixed >> 32) & mask
  }
}

/// The users, items and groups of a log so far, numbered; the ids of a second log are numbered after those of the first.
package struct KnownIdentifiers: Sendable {
  package var users = IdentifierTable()
  package var items = IdentifierTable()
  package var groups = IdentifierTable()

  package init() {}
}
