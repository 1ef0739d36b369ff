/// Items that the model has never met: a drawn share of them is taken out of training, as if they had come later.
///
/// Users are cut as in leave-one-out: the last item is the test, the one before it the validation. Histories keep the drawn
/// items; only training does not read them.
package struct ColdItemSplit: Hashable, Sendable {
  /// The share of items that is taken out.
  package var share: Double
  package var seed: UInt64

  package init(share: Double = 0.2, seed: UInt64 = 1) {
    self.share = share
    self.seed = seed
  }

  /// - Throws: `SplitError` where the share is not between 0 and 1.
  package func split(
    _ log: InteractionLog, holdingOut heldOut: HeldOut = .validationAndTest
  ) throws(SplitError) -> Split {
    guard share > 0 && share < 1 else { throw .shareOutOfRange("the share of cold items", share) }
    let trains = (0..<log.itemCount).map { index in
      var random = SplitMix64(seed: seed, index: index)
      return random.uniform() >= share
    }
    return Split(
      log, method: .coldItems(self), cuts: LeaveOneOut.cuts(log), holdingOut: heldOut, trains: trains)
  }
}
