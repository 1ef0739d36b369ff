import Interactions
import Kernels

/// What followed the last item most often in training; where nothing is known, popularity decides.
///
///     score(j) = count(last → j) + popularity(j) / (1 + Σ popularity)
///
/// The second term is below 1, so it orders items of equal count and everything after an item never followed.
package struct LastItemMarkov: SequentialRecommender {
  package let name = "last-item Markov"
  package let itemCount: Int
  /// `[1, items]` what breaks ties, below 1.
  private let backOff: Matrix
  /// Successors of item i: `successors[offsets[i] ..< offsets[i + 1]]`, with `counts`.
  private let offsets: [Int]
  private let successors: [Int32]
  private let counts: [Float]

  package init(_ training: InteractionLog) {
    itemCount = training.itemCount
    var popularity = [Float](repeating: 0, count: itemCount)
    for item in training.events { popularity[item.index] += 1 }
    backOff = Matrix(rows: 1, columns: itemCount, popularity.map { $0 / Float(1 + training.eventCount) })
    var pairs: [UInt64] = []
    pairs.reserveCapacity(training.eventCount)
    for user in 0..<training.userCount {
      let history = training.history(of: UserID(user))
      for (from, to) in zip(history, history.dropFirst()) {
        pairs.append(UInt64(from.rawValue) << 32 | UInt64(to.rawValue))
      }
    }
    pairs.sort()
    var offsets = [Int](repeating: 0, count: itemCount + 1)
    var successors: [Int32] = []
    var counts: [Float] = []
    for (position, pair) in pairs.enumerated() {
      if position > 0 && pairs[position - 1] == pair {
        counts[counts.count - 1] += 1
        continue
      }
      successors.append(Int32(truncatingIfNeeded: pair))
      counts.append(1)
      offsets[Int(pair >> 32) + 1] += 1
    }
    for item in 0..<itemCount { offsets[item + 1] += offsets[item] }
    self.offsets = offsets
    self.successors = successors
    self.counts = counts
  }

  package func score(_ histories: [ArraySlice<ItemID>], into scores: Matrix) {
    for (row, history) in histories.enumerated() {
      let row = scores.rows(row..<row + 1)
      row.assign(backOff)
      guard let last = history.last?.index else { continue }
      row.withMutableSpan { row in
        for position in offsets[last]..<offsets[last + 1] { row[Int(successors[position])] += counts[position] }
      }
    }
  }
}
