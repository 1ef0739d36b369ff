import Kernels

extension RankedItem {
  /// A list as processes send it to each other: how many items, then each with the bits of its score.
  package static func sent(_ list: some Collection<RankedItem>) -> [Int] {
    [list.count] + list.flatMap { [Int($0.item), Int($0.score.bitPattern)] }
  }

  /// The list at the head of `numbers`, which is taken from there.
  package static func received(_ numbers: inout ArraySlice<Int>) -> [RankedItem] {
    (0..<numbers.removeFirst()).map { _ in
      RankedItem(item: Int32(numbers.removeFirst()), score: Float(bitPattern: UInt32(numbers.removeFirst())))
    }
  }
}
