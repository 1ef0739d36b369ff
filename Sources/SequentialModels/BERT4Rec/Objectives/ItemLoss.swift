/// What a target is weighed against: the whole catalogue, or a few items drawn for each micro-batch.
///
/// With drawn items a step reads and updates only the rows of the item table that it meets.
package struct ItemLoss: Codable, Sendable, Equatable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// Cross-entropy over all items.
    case full
    /// Cross-entropy over the target and the drawn items, corrected by how likely each is to be drawn.
    case sampledSoftmax
    /// Binary cross-entropy with the calibrated positive of gSASRec.
    case gBCE
  }
  package enum Draw: String, Codable, Sendable, CaseIterable {
    /// Every item alike.
    case uniform
    /// As often as the log has it.
    case popularity
  }

  package var kind: Kind
  /// How many items are drawn for a micro-batch; all its targets share them.
  package var negatives: Int
  package var draw: Draw
  /// gBCE's t: 0 leaves binary cross-entropy as it is, 1 calibrates it fully.
  package var calibration: Double

  package init(
    kind: Kind = .full, negatives: Int = 256, draw: Draw = .uniform, calibration: Double = 0.75
  ) {
    self.kind = kind
    self.negatives = negatives
    self.draw = draw
    self.calibration = calibration
  }
}
