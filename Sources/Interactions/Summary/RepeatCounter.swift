/// Counts how many of many 64-bit keys occur more than once, in bounded memory.
///
/// Keys are dealt into 256 parts by their high bits; a full memory of parts goes to an unnamed temporary file, and at the
/// end each part is counted by itself with a small hash table. Exact for distinct keys; with n keys that are hashes, two
/// different events fall together with probability n² / 2⁶⁵ (10⁸ events: 0.03 %).
/// - Source: the partitioning of the Grace hash join (Kitsuregawa et al. 1983).
package struct RepeatCounter: Sendable {
  private static let partCount = 256
  /// Keys kept in memory before they go to disk: 16 MB.
  private let limit: Int
  private var parts = [[UInt64]](repeating: [], count: RepeatCounter.partCount)
  private var kept = 0
  /// By part, where its keys stand in the file, in keys.
  private var extents = [[Range<Int>]](repeating: [], count: RepeatCounter.partCount)
  private var file: TemporaryFile?

  package init(limit: Int = 1 << 21) { self.limit = limit }

  package mutating func add(_ key: UInt64) throws(LogError) {
    parts[Int(key >> 56)].append(key)
    kept += 1
    if kept == limit { try spill() }
  }

  /// How many keys have an equal one before them (`repeated`), and how many have an equal one at all (`shared`).
  package mutating func count() throws(LogError) -> (repeated: Int, shared: Int) {
    var total = (repeated: 0, shared: 0)
    for part in 0..<Self.partCount {
      let keyCount = parts[part].count + extents[part].reduce(0) { $0 + $1.count }
      var table = KeyTable(expecting: min(keyCount, Self.block))
      table.add(parts[part])
      var keys: [UInt64] = []
      for extent in extents[part] {
        for start in stride(from: extent.lowerBound, to: extent.upperBound, by: Self.block) {
          keys.removeAll(keepingCapacity: true)
          try file?.read(start..<min(extent.upperBound, start + Self.block), into: &keys)
          table.add(keys)
        }
      }
      total = (total.repeated + table.repeated, total.shared + table.shared)
    }
    return total
  }

  /// Keys that are read back from the file at a time.
  private static let block = 1 << 16

  private mutating func spill() throws(LogError) {
    if file == nil { file = try TemporaryFile() }
    guard let file else { return }
    for part in 0..<Self.partCount where !parts[part].isEmpty {
      extents[part].append(try file.append(parts[part]))
      // A part that one repeated event has filled gives its memory back.
      parts[part].removeAll(keepingCapacity: parts[part].capacity <= 4 * limit / Self.partCount)
    }
    kept = 0
  }

  /// A one-to-one scrambling of 64 bits.
  ///
  /// - Source: the finalizer of SplitMix64 (Steele, Lea & Flood 2014).
  package static func mix(_ key: UInt64) -> UInt64 {
    var mixed = key &+ 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

/// Distinct keys, and how often they came: in memory that grows with the distinct ones alone.
private struct KeyTable {
  /// 0 marks a free slot, so the key 0 is counted by itself.
  private var slots: [UInt64]
  private var isShared: [Bool]
  private var distinct = 0
  private var zeros = 0
  private var nonzeroRepeated = 0
  private var nonzeroShared = 0

  /// A table that `count` distinct keys fill without growing.
  init(expecting count: Int) {
    var size = 16
    while size < 2 * count { size *= 2 }
    slots = [UInt64](repeating: 0, count: size)
    isShared = [Bool](repeating: false, count: size)
  }

  var repeated: Int { nonzeroRepeated + max(0, zeros - 1) }
  var shared: Int { nonzeroShared + (zeros > 1 ? zeros : 0) }

  mutating func add(_ keys: [UInt64]) {
    for key in keys {
      if key == 0 {
        zeros += 1
        continue
      }
      let place = place(of: key)
      if slots[place] == key {
        nonzeroRepeated += 1
        nonzeroShared += isShared[place] ? 1 : 2
        isShared[place] = true
      } else {
        slots[place] = key
        distinct += 1
        if 2 * distinct > slots.count { grow() }
      }
    }
  }

  /// Where `key` stands or belongs.
  private func place(of key: UInt64) -> Int {
    var place = Int(truncatingIfNeeded: key) & (slots.count - 1)
    while slots[place] != 0, slots[place] != key { place = (place + 1) & (slots.count - 1) }
    return place
  }

  private mutating func grow() {
    let (old, wereShared) = (slots, isShared)
    slots = [UInt64](repeating: 0, count: 2 * old.count)
    isShared = [Bool](repeating: false, count: 2 * old.count)
    for (key, wasShared) in zip(old, wereShared) where key != 0 {
      let place = place(of: key)
      (slots[place], isShared[place]) = (key, wasShared)
    }
  }
}
