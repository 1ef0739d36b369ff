import Interactions
import Kernels
import NeuralNetwork

/// Writes a sample's rows and targets into a micro-batch, as its objective wants them.
package struct SampleBuilder: Sendable {
  package let log: InteractionLog
  package let vocabulary: ItemVocabulary
  package let configuration: EncoderConfiguration
  package let objectives: Objectives
  package let seed: UInt64
  private let negatives: NegativeDraw?

  package init(
    log: InteractionLog, vocabulary: ItemVocabulary, configuration: EncoderConfiguration, objectives: Objectives,
    loss: ItemLoss = ItemLoss(), seed: UInt64
  ) {
    self.log = log
    self.vocabulary = vocabulary
    self.configuration = configuration
    self.objectives = objectives
    self.seed = seed
    negatives = NegativeDraw(loss, log: log, vocabulary: vocabulary, seed: seed)
  }

  /// How many rows `sample` takes.
  package func rowCount(_ sample: TrainingSample) -> Int {
    switch sample.form {
    case .masked, .tail: sample.window.count + (configuration.leadsWithCLS ? 1 : 0)
    case .queries: 2 * (sample.window.count - 1)
    case .nextItem: sample.window.count - 1
    case .pair: sample.tokens + 3
    }
  }

  /// The weights of a micro-batch's targets before the step's totals are known: which objective each belongs to.
  package enum Kind: Float, CaseIterable, Sendable { case mlm, tail, queries, nextItem }

  /// The weight that the stage gives to `kind`.
  package func weight(of kind: Kind) -> Double {
    switch kind {
    case .mlm: objectives.mlm?.weight ?? 0
    case .tail: objectives.tail?.weight ?? 0
    case .queries: objectives.queries?.weight ?? 0
    case .nextItem: objectives.nextItem?.weight ?? 0
    }
  }

  /// Appends `sample` to `batch`; its targets' weights are the numbers of their kinds, to be scaled by the step.
  package func append(_ sample: TrainingSample, epoch: Int, to batch: inout MicroBatch) {
    switch sample.form {
    case .masked: appendHistory(sample, masks: masks(sample, epoch: epoch), to: &batch)
    case .tail: appendHistory(sample, masks: Masks(), to: &batch)
    case .queries: appendQueries(sample, to: &batch)
    case .nextItem: appendNextItems(sample, to: &batch)
    case .pair: appendPair(sample, epoch: epoch, to: &batch)
    }
    batch.rows.endSequence()
  }

  /// Draws what the targets of `batch` are weighed against, where not against all items.
  func drawNegatives(for batch: inout MicroBatch, number: Int, step: UInt64) {
    batch.sampled = negatives?.draw(for: batch.scoredTargets, number: number, step: step)
  }

  func token(_ event: Int) -> Int32 { vocabulary.token(log.events[event]) }

  /// What stands at the chosen positions of a sample, counted over all its events.
  private struct Masks {
    /// −1 where a position is not chosen; empty where none is.
    var replacements: [Int32] = []

    subscript(position: Int) -> Int32? {
      replacements.isEmpty || replacements[position] < 0 ? nil : replacements[position]
    }
  }

  private func masks(_ sample: TrainingSample, epoch: Int) -> Masks {
    guard let masking = objectives.mlm else { return Masks() }
    let turn = masking.copies == 0 ? epoch : epoch % masking.copies
    let random = CounterRandom(seed: seed, .masks, step: UInt64(turn))
    let base = sample.number << 24
    let events = Array(sample.window) + Array(sample.second ?? 0..<0)
    let asksTail = sample.form == .masked && objectives.tail != nil
    let maskable = (asksTail ? events.indices.dropLast() : events.indices).filter {
      vocabulary.isMaskable(log.events[events[$0]])
    }
    let groups = masking.wholeGroups ? log.groups.map { groups in maskable.map { Int32(groups[events[$0]]) } } : nil
    let chosen = MaskChoice.positions(
      count: maskable.count, masking: masking, groups: groups, random: random, base: base)
    var masks = Masks(replacements: [Int32](repeating: -1, count: events.count))
    for position in chosen.map({ maskable[$0] }) {
      masks.replacements[position] = MaskChoice.replacement(
        for: token(events[position]), masking: masking, vocabulary: vocabulary, random: random,
        element: base + (1 << 23) + UInt64(position))
    }
    return masks
  }

  /// The history, the chosen positions masked, and its tail where the stage asks for it.
  private func appendHistory(_ sample: TrainingSample, masks: Masks, to batch: inout MicroBatch) {
    let asksTail = objectives.tail != nil
    let writer = HistoryRows(
      configuration: configuration, vocabulary: vocabulary, count: sample.window.count,
      isPooled: asksTail && !configuration.pooling.isOneRow)
    writer.begin(&batch)
    for (position, event) in sample.window.enumerated() {
      let token = token(event)
      if asksTail && position == sample.window.count - 1 {
        writer.appendTail(position, target: token, weight: Kind.tail.rawValue, to: &batch)
      } else if let replacement = masks[position] {
        writer.append(replacement, at: position, target: token, weight: Kind.mlm.rawValue, to: &batch)
      } else {
        writer.append(token, at: position, to: &batch)
      }
    }
  }

  /// Items see the items up to themselves; the query at position `p` sees the `p` items before it and itself.
  private func appendQueries(_ sample: TrainingSample, to batch: inout MicroBatch) {
    for (position, event) in sample.window.dropLast().enumerated() {
      batch.rows.append(token: token(event), position: position, visible: position + 1)
    }
    for position in 1..<sample.window.count {
      batch.appendAsked(
        token: vocabulary.mask, position: position, visible: position,
        target: token(sample.window.lowerBound + position), weight: Kind.queries.rawValue)
    }
  }

  private func appendNextItems(_ sample: TrainingSample, to batch: inout MicroBatch) {
    for (position, event) in sample.window.dropLast().enumerated() {
      batch.appendAsked(
        token: token(event), position: position, visible: position + 1,
        target: token(sample.window.lowerBound + position + 1), weight: Kind.nextItem.rawValue)
    }
  }

  /// `[CLS] A [SEP] B [SEP]`: segment 0 up to the first `[SEP]`, segment 1 from there.
  private func appendPair(_ sample: TrainingSample, epoch: Int, to batch: inout MicroBatch) {
    guard let second = sample.second else { preconditionFailure("a pair without its second segment") }
    let masks = masks(sample, epoch: epoch)
    let count = rowCount(sample)
    var position = 0
    func special(_ token: Int, segment: Int32) {
      batch.rows.append(token: Int32(token), position: position, segment: segment, visible: count)
      position += 1
    }
    func segment(_ events: Range<Int>, number: Int32, from start: Int) {
      for (index, event) in events.enumerated() {
        if let replacement = masks[start + index] {
          batch.appendAsked(
            token: replacement, position: position, segment: number, visible: count, target: token(event),
            weight: Kind.mlm.rawValue)
        } else {
          batch.rows.append(token: token(event), position: position, segment: number, visible: count)
        }
        position += 1
      }
    }
    batch.firstRows.append(
      batch.appendNeeded(token: Int32(vocabulary.specials.classification), position: 0, visible: count))
    batch.nextLabels.append(sample.follows ? 0 : 1)
    position = 1
    segment(sample.window, number: 0, from: 0)
    special(vocabulary.specials.separator, segment: 0)
    segment(second, number: 1, from: sample.window.count)
    special(vocabulary.specials.separator, segment: 1)
  }
}
