import Foundation
import Interactions
import Kernels
import NeuralNetwork

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
    /// The logistic loss of how far the target is above each drawn item (BPR).
    case bpr
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

  /// The output bias that items of a catalog of so many begin with.
  ///
  /// Binary cross-entropy decides on every item by itself, and nearly all are wrong: from 0 on it first has to lower every logit
  /// to log(1/items), by which time all else is pushed around. AdamW moves a bias by about the learning rate a step, which
  /// takes thousands of steps. The other losses compare logits with each other and do not see a shift.
  package func initialBias(items: Int) -> Float { kind == .gBCE ? -Foundation.log(Float(max(2, items))) : 0 }

  package init(
    kind: Kind = .full, negatives: Int = 256, draw: Draw = .uniform, calibration: Double = 0.75
  ) {
    self.kind = kind
    self.negatives = negatives
    self.draw = draw
    self.calibration = calibration
  }
}

/// Draws the items that a micro-batch's targets are weighed against; a function of seed, step and micro-batch.
struct NegativeDraw: Sendable {
  private let loss: ItemLoss
  private let log: InteractionLog
  private let vocabulary: ItemVocabulary
  private let seed: UInt64
  /// `[tokens]` the logarithm of each token's chance to be drawn.
  private let logChances: [Float]

  /// nil where all items are scored.
  init?(_ loss: ItemLoss, log: InteractionLog, vocabulary: ItemVocabulary, seed: UInt64) {
    let total = log.events.count { vocabulary.isMaskable($0) }
    if loss.kind == .full || total == 0 { return nil }
    self.loss = loss
    self.log = log
    self.vocabulary = vocabulary
    self.seed = seed
    let items = vocabulary.drawableCount
    var chances = [Float](repeating: 1 / Float(items), count: items)
    if loss.draw == .popularity {
      // An item that the log lacks is neither drawn nor a target: any positive number will do for it.
      for item in chances.indices { chances[item] = 0 }
      for item in log.events where vocabulary.isMaskable(item) { chances[item.index] += 1 }
      for item in chances.indices { chances[item] = max(chances[item], 1) / Float(total) }
    }
    var logs = [Float](repeating: 0, count: vocabulary.size)
    for (item, chance) in chances.enumerated() { logs[Int(vocabulary.tokens[item])] = Foundation.log(chance) }
    logChances = logs
  }

  /// The loss of micro-batch `number` of a step, whose targets are `targets`, over the items drawn for it.
  func draw(for targets: [Int32], number: Int, step: UInt64) -> SampledTargets {
    let random = CounterRandom(seed: seed, .negatives, step: step)
    let drawn = (0..<loss.negatives).map { vocabulary.token(item(UInt64(number) << 40 + UInt64($0) << 8, random)) }
    let items = SampledItems(targets: targets, shared: drawn)
    if loss.kind == .sampledSoftmax {
      return SampledTargets(items: items, loss: .softmax(logQ: items.rows.map { logChances[Int($0)] }))
    }
    if loss.kind == .bpr { return SampledTargets(items: items, loss: .pairwise) }
    return SampledTargets(
      items: items,
      loss: .generalizedBinary(
        negatives: loss.negatives, items: max(2, vocabulary.drawableCount), calibration: Float(loss.calibration)))
  }

  private func item(_ element: UInt64, _ random: CounterRandom) -> ItemID {
    if loss.draw == .uniform { return ItemID(random.below(vocabulary.drawableCount, element)) }
    // Special tokens may stand in a log of text; they are drawn again.
    for attempt in 0..<UInt64(256) {
      let item = log.events[random.below(log.events.count, element + attempt)]
      if vocabulary.isMaskable(item) { return item }
    }
    return ItemID(random.below(vocabulary.drawableCount, element))
  }
}

/// What stands in for the whole catalogue in one micro-batch.
package struct SampledTargets: Sendable {
  package let items: SampledItems
  package let loss: SampledLoss
}
