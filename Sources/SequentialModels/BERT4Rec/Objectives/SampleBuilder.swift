import Interactions
import Kernels

/// Writes a sample's rows and targets into a micro-batch, as its objective wants them.
package struct SampleBuilder: Sendable {
  package let log: InteractionLog
  package let vocabulary: ItemVocabulary
  package let configuration: BERTConfiguration
  package let objectives: Objectives
  package let seed: UInt64

  package init(
    log: InteractionLog, vocabulary: ItemVocabulary, configuration: BERTConfiguration, objectives: Objectives,
    seed: UInt64
  ) {
    self.log = log
    self.vocabulary = vocabulary
    self.configuration = configuration
    self.objectives = objectives
    self.seed = seed
  }

  /// How many rows `sample` takes.
  package func rowCount(_ sample: TrainingSample) -> Int {
    switch sample.form {
    case .masked, .tail: sample.window.count
    case .queries: 2 * (sample.window.count - 1)
    case .nextItem: sample.window.count - 1
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
    case .masked: appendMasked(sample, epoch: epoch, to: &batch)
    case .tail: appendTail(sample, to: &batch)
    case .queries: appendQueries(sample, to: &batch)
    case .nextItem: appendNextItems(sample, to: &batch)
    }
    batch.rows.endSequence()
  }

  private func visible(_ position: Int, of count: Int) -> Int {
    configuration.attention == .causal ? position + 1 : count
  }

  private func appendMasked(_ sample: TrainingSample, epoch: Int, to batch: inout MicroBatch) {
    guard let masking = objectives.mlm else { preconditionFailure("a masked sample in a stage without masking") }
    let count = sample.window.count
    let turn = masking.copies == 0 ? epoch : epoch % masking.copies
    let random = CounterRandom(seed: seed, purpose: 0x3A5C, step: UInt64(turn))
    let base = sample.number << 24
    let asksTail = objectives.tail != nil
    let events = log.events[sample.window]
    let maskable = (0..<(asksTail ? count - 1 : count)).filter {
      vocabulary.isMaskable(events[events.startIndex + $0])
    }
    let groups =
      masking.wholeGroups ? log.groups.map { groups in maskable.map { groups[events.startIndex + $0] } } : nil
    let chosen = MaskChoice.positions(
      count: maskable.count, masking: masking, groups: groups, random: random, base: base
    ).map { maskable[$0] }
    var next = 0
    for position in 0..<count {
      let token = vocabulary.token(log.events[sample.window.lowerBound + position])
      let seen = visible(position, of: count)
      if asksTail && position == count - 1 {
        batch.appendAsked(
          token: vocabulary.mask, position: position, visible: seen, target: token,
          weight: Kind.tail.rawValue)
      } else if next < chosen.count && chosen[next] == position {
        next += 1
        batch.appendAsked(
          token: MaskChoice.replacement(
            for: token, masking: masking, vocabulary: vocabulary, random: random,
            element: base + (1 << 23) + UInt64(position)),
          position: position, visible: seen, target: token, weight: Kind.mlm.rawValue)
      } else {
        batch.rows.append(token: token, position: position, visible: seen)
      }
    }
  }

  private func appendTail(_ sample: TrainingSample, to batch: inout MicroBatch) {
    let count = sample.window.count
    for position in 0..<count - 1 {
      let token = vocabulary.token(log.events[sample.window.lowerBound + position])
      batch.rows.append(token: token, position: position, visible: visible(position, of: count))
    }
    batch.appendAsked(
      token: vocabulary.mask, position: count - 1, visible: count,
      target: vocabulary.token(log.events[sample.window.upperBound - 1]), weight: Kind.tail.rawValue)
  }

  /// Items see the items up to themselves; the query at position `p` sees the `p` items before it and itself.
  private func appendQueries(_ sample: TrainingSample, to batch: inout MicroBatch) {
    let items = log.events[sample.window].dropLast()
    for (position, item) in items.enumerated() {
      batch.rows.append(token: vocabulary.token(item), position: position, visible: position + 1)
    }
    for position in 1..<sample.window.count {
      batch.appendAsked(
        token: vocabulary.mask, position: position, visible: position,
        target: vocabulary.token(log.events[sample.window.lowerBound + position]), weight: Kind.queries.rawValue)
    }
  }

  private func appendNextItems(_ sample: TrainingSample, to batch: inout MicroBatch) {
    for (position, item) in log.events[sample.window].dropLast().enumerated() {
      batch.appendAsked(
        token: vocabulary.token(item), position: position, visible: position + 1,
        target: vocabulary.token(log.events[sample.window.lowerBound + position + 1]),
        weight: Kind.nextItem.rawValue)
    }
  }
}
