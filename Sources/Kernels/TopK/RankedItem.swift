/// An item that made it into a list of the best, and its score.
package struct RankedItem: Sendable, Hashable {
  package var item: Int32
  package var score: Float

  package init(item: Int32, score: Float) {
    self.item = item
    self.score = score
  }

  /// A key of the kernel: the score's bits, so turned that larger is better, above the item's complement.
  init(key: UInt64) {
    let bits = UInt32(truncatingIfNeeded: key >> 32)
    item = Int32(bitPattern: ~UInt32(truncatingIfNeeded: key))
    score = Float(bitPattern: bits >> 31 == 1 ? bits & 0x7FFF_FFFF : ~bits)
  }

  /// The order of every list: the higher score first; of equal scores, the lower item.
  package static func precedes(_ a: RankedItem, _ b: RankedItem) -> Bool {
    a.score != b.score ? a.score > b.score : a.item < b.item
  }
}
