extension EpochSamples {
  /// Which windows of a history longer than the limit are trained on.
  package enum Windows: String, Codable, Sendable, CaseIterable {
    /// The most recent one.
    case recent
    /// All, from the end, without overlap; a remainder of fewer than two items is left out.
    case all
    /// All, but the last of a history begins anywhere, drawn anew in every epoch: no item keeps its position, so that a
    /// small log's histories are not learnt by heart together with where they were cut.
    case shifted
  }
}

extension EpochSamples.Windows {
  /// The windows of the history `range`, latest first, each of at least two and at most `limit` items.
  ///
  /// - Parameter draw: a random number from 0 to `limit - 1`, how many items the last window of `shifted` has.
  func of(_ range: Range<Int>, limit: Int, draw: () -> Int) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var end = range.upperBound
    if self == .shifted && range.count > limit {
      end -= draw()
      if range.upperBound - end >= 2 { found.append(end..<range.upperBound) }
    }
    while end - range.lowerBound >= 2 {
      let start = max(range.lowerBound, end - limit)
      found.append(start..<end)
      if self == .recent { break }
      end = start
    }
    return found
  }
}
