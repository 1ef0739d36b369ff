/// Items that the model has never met: a drawn share of them is taken out of training, as if they had come later.
///
/// Users are cut as in leave-one-out: the last item is the test, the one before it the validation. Histories keep the drawn
/// items; only training does not read them.
package enum ColdItemSplit {
  /// - Throws: `SplitError` where the share is not between 0 and 1.
  package static func split(
    _ log: InteractionLog, _ drawn: DrawnShare, holdingOut heldOut: HeldOut = .validationAndTest
  ) throws(SplitError) -> Split {
    try drawn.check("cold items")
    let trains = (0..<log.itemCount).map { drawn.place(of: $0) >= drawn.share }
    return Split(
      log, method: .coldItems(drawn), cuts: LeaveOneOut.cuts(log), holdingOut: heldOut, trains: trains)
  }
}

/// A share of users or items that a seed draws.
package struct DrawnShare: Codable, Hashable, Sendable {
  package var share: Double
  package var seed: UInt64

  package init(share: Double = 0.2, seed: UInt64 = 1) {
    self.share = share
    self.seed = seed
  }

  /// A number in 0 ..< 1; that of what is drawn lies below the share.
  func place(of index: Int) -> Double {
    var random = SplitMix64(seed: seed, index: index)
    return random.uniform()
  }

  /// - Throws: `SplitError` where the share is not between 0 and 1.
  func check(_ what: String) throws(SplitError) {
    if !(share > 0 && share < 1) { throw .shareOutOfRange("the share of \(what)", share) }
  }
}
