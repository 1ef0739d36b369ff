extension RandomAccessCollection {
  /// The first index whose element satisfies `predicate`, by bisection; `endIndex` where none does.
  ///
  /// - Precondition: whatever stands behind an element that satisfies it satisfies it, too, as in an ascending collection
  ///   with a lower bound.
  /// - Source: the function of that name in swift-algorithms, and C++'s `partition_point`.
  @inlinable package func partitioningIndex(where predicate: (Element) throws -> Bool) rethrows -> Index {
    var (low, count) = (startIndex, count)
    while count > 0 {
      let half = count / 2
      let middle = index(low, offsetBy: half)
      if try predicate(self[middle]) {
        count = half
      } else {
        low = index(after: middle)
        count -= half + 1
      }
    }
    return low
  }
}
