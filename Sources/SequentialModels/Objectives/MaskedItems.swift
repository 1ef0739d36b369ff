import NeuralNetwork

/// BERT's masking of items: some positions of a history are replaced, and their states name what stood there.
///
/// - Source: Devlin et al. 2019, arXiv:1810.04805; Sun et al. 2019, arXiv:1904.06690.
package struct MaskedItems: Objective {
  package var weight: Double
  /// The share of positions that are chosen.
  package var probability: Double
  /// Of the chosen positions, those that become `[MASK]`; of the others, `randomShare` become a random item and the rest
  /// stay as they are.
  package var maskShare: Double
  package var randomShare: Double
  /// At most so many per sequence; nil for no limit.
  package var maxPredictions: Int?
  /// Positions that share a group (basket, session) are masked together.
  package var wholeGroups: Bool
  /// 0: new masks in each epoch; n: the masks of n fixed copies, in turn.
  package var copies: Int

  package init(
    weight: Double = 1, probability: Double = 0.3, maskShare: Double = 0.8, randomShare: Double = 0.1,
    maxPredictions: Int? = nil, wholeGroups: Bool = false, copies: Int = 0
  ) {
    self.weight = weight
    self.probability = probability
    self.maskShare = maskShare
    self.randomShare = randomShare
    self.maxPredictions = maxPredictions
    self.wholeGroups = wholeGroups
    self.copies = copies
  }

  package static let kind = ObjectiveKind.mlm

  /// One sample per window, unless the stage masks within pairs of segments.
  package func addSamples(of user: Int, to epoch: inout EpochSamples) {
    if epoch.objectives.nextSegment != nil { return }
    for window in epoch.windows(of: user, limit: epoch.positions) { epoch.add(kind, window) }
  }

  package func rowCount(of sample: TrainingSample, in configuration: EncoderConfiguration) -> Int {
    sample.window.count + (configuration.leadsWithCLS ? 1 : 0)
  }

  /// The history with the chosen positions masked and, where the stage has that objective, its tail.
  package func write(
    _ sample: TrainingSample, epoch: Int, from builder: SampleBuilder, to batch: inout MicroBatch
  ) {
    let masks = masks(of: sample, epoch: epoch, from: builder, sparesLast: builder.objectives.tail != nil)
    builder.writeHistory(sample, masks: masks, to: &batch)
  }

  package func conflict(with encoder: EncoderConfiguration, beside objectives: Objectives) -> ObjectiveConflict? {
    if !(probability > 0 && probability < 1) {
      return ObjectiveConflict("mlm.probability", "\(probability) is not between 0 and 1")
    }
    if !(maskShare >= 0 && randomShare >= 0 && maskShare + randomShare <= 1) {
      return ObjectiveConflict("mlm.maskShare", "the shares of masks and random items exceed 1")
    }
    return nil
  }
}

/// What stands at the chosen positions of a sample, counted over all its events.
struct Masks: Sendable {
  /// −1 where a position is not chosen; empty where none is.
  fileprivate(set) var replacements: [Int32] = []

  subscript(position: Int) -> Int32? {
    replacements.isEmpty || replacements[position] < 0 ? nil : replacements[position]
  }
}

extension MaskedItems {
  /// The epoch whose masks `epoch` has: itself, or that of its fixed copy.
  func copy(of epoch: Int) -> Int { copies == 0 ? epoch : epoch % copies }

  /// Chooses the positions of `sample` and what stands there.
  ///
  /// - Parameter sparesLast: whether the last event is left as it is.
  func masks(of sample: TrainingSample, epoch: Int, from builder: SampleBuilder, sparesLast: Bool = false) -> Masks {
    let random = builder.random(.masks, step: UInt64(copy(of: epoch)))
    let base = sample.number << 24
    let events = Array(sample.window) + Array(sample.second ?? 0..<0)
    let maskable = (sparesLast ? events.indices.dropLast() : events.indices).filter {
      builder.vocabulary.isMaskable(builder.log.events[events[$0]])
    }
    let groups = wholeGroups ? builder.log.groups.map { groups in maskable.map { groups[events[$0]] } } : nil
    let chosen = MaskChoice.positions(
      count: maskable.count, masking: self, groups: groups, random: random, base: base)
    var masks = Masks(replacements: [Int32](repeating: -1, count: events.count))
    for position in chosen.map({ maskable[$0] }) {
      masks.replacements[position] = MaskChoice.replacement(
        for: builder.token(events[position]), masking: self, vocabulary: builder.vocabulary, random: random,
        element: base + (1 << 23) + UInt64(position))
    }
    return masks
  }
}
