/// The targets of a step with their sampled negatives, and the rows of the item table they touch between them.
package struct SampledItems: Sendable, Hashable {
  /// The item each row of hidden states aims at.
  package let targets: [Int32]
  /// One list for all targets.
  package let negatives: [Int32]
  /// Every item that occurs, once, ascending: what an optimiser has to update.
  package let rows: [Int32]
  /// Where `rows` holds each target, and each negative.
  let targetPlaces: [Int32]
  let negativePlaces: [Int32]

  package init(targets: [Int32], shared negatives: [Int32]) {
    self.targets = targets
    self.negatives = negatives
    rows = Set(targets + negatives).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(rows, Int32(0)...))
    targetPlaces = targets.map { places[$0, default: 0] }
    negativePlaces = negatives.map { places[$0, default: 0] }
  }
}
