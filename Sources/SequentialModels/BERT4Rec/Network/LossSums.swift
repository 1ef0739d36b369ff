/// Sums over the targets of a micro-batch, a step or an epoch; means are made when they are shown.
package struct LossSums: Codable, Sendable, Equatable {
  /// Weighted cross-entropy over item targets.
  package var items = 0.0
  /// Item targets whose logit was above all others.
  package var itemsCorrect = 0
  package var itemTargets = 0
  package var nextSegment = 0.0
  package var nextSegmentCorrect = 0
  package var nextSegmentCount = 0

  package init() {}

  package static func += (a: inout LossSums, b: LossSums) {
    a.items += b.items
    a.itemsCorrect += b.itemsCorrect
    a.itemTargets += b.itemTargets
    a.nextSegment += b.nextSegment
    a.nextSegmentCorrect += b.nextSegmentCorrect
    a.nextSegmentCount += b.nextSegmentCount
  }
}
