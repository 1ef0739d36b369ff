/// The targets of a step with their sampled negatives, and the rows of the item table they touch between them.
package struct SampledItems: Sendable, Hashable {
  /// The item each row of hidden states aims at.
  package let targets: [Int32]
  /// One list for all targets, or one after another a list for each.
  package let negatives: [Int32]
  package let negativesPerTarget: Int
  package let isShared: Bool
  /// Every item that occurs, once, ascending: what an optimiser has to update.
  package let rows: [Int32]
  /// Where `rows` holds each target, and each negative.
  let targetPlaces: [Int32]
  let negativePlaces: [Int32]

  /// All targets share the negatives.
  package init(targets: [Int32], shared negatives: [Int32]) {
    self.init(targets, negatives, perTarget: negatives.count, isShared: true)
  }

  /// Every target has its own: `negatives` holds as many for each, in the order of the targets.
  package init(targets: [Int32], perTarget negatives: [Int32]) {
    precondition(
      negatives.count % max(targets.count, 1) == 0, "\(negatives.count) negatives for \(targets.count) targets")
    self.init(targets, negatives, perTarget: negatives.count / max(targets.count, 1), isShared: false)
  }

  private init(_ targets: [Int32], _ negatives: [Int32], perTarget: Int, isShared: Bool) {
    self.targets = targets
    self.negatives = negatives
    negativesPerTarget = perTarget
    self.isShared = isShared
    rows = Set(targets + negatives).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(rows, Int32(0)...))
    targetPlaces = targets.map { places[$0, default: 0] }
    negativePlaces = negatives.map { places[$0, default: 0] }
  }
}
