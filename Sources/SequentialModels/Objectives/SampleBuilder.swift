import Interactions
import Kernels
import NeuralNetwork

/// Writes samples into micro-batches, each by its objective.
package struct SampleBuilder: Sendable {
  package let log: InteractionLog
  package let vocabulary: ItemVocabulary
  package let configuration: EncoderConfiguration
  package let objectives: Objectives
  package let loss: ItemLoss
  /// Which positions name later items than the next; nil for none.
  package let futureTargets: FutureTargets?
  package let seed: UInt64
  private let byKind: PerObjective<(any Objective)?>
  private let negatives: NegativeDraw?

  package init(
    log: InteractionLog, vocabulary: ItemVocabulary, configuration: EncoderConfiguration, objectives: Objectives,
    loss: ItemLoss = ItemLoss(), futureTargets: FutureTargets? = nil, seed: UInt64
  ) {
    self.log = log
    self.vocabulary = vocabulary
    self.configuration = configuration
    self.objectives = objectives
    self.loss = loss
    self.futureTargets = futureTargets
    self.seed = seed
    let list = objectives.list
    byKind = PerObjective { kind in list.first { $0.kind == kind } }
    negatives = NegativeDraw(loss, log: log, vocabulary: vocabulary, seed: seed)
  }

  private func objective(of sample: TrainingSample) -> any Objective {
    guard let objective = byKind[sample.objective] else {
      preconditionFailure("a sample of \(sample.objective) in a stage without that objective")
    }
    return objective
  }

  /// How many rows `sample` takes.
  package func rowCount(_ sample: TrainingSample) -> Int {
    objective(of: sample).rowCount(of: sample, in: configuration)
  }

  /// What the stage lets a target of `kind` weigh; 0 without that objective.
  package func weight(of kind: ObjectiveKind) -> Double { byKind[kind]?.weight ?? 0 }

  /// Appends `sample` to `batch`, its targets not yet weighed.
  package func append(_ sample: TrainingSample, epoch: Int, to batch: inout MicroBatch) {
    objective(of: sample).write(sample, epoch: epoch, from: self, to: &batch)
    batch.rows.endSequence()
  }

  /// Draws what the targets of `batch` are weighed against, where not against all items.
  func drawNegatives(for batch: inout MicroBatch, number: Int, step: UInt64) {
    batch.sampled = negatives?.draw(for: batch.scoredTokens, number: number, step: step)
  }

  func token(_ event: Int) -> Int32 { vocabulary.token(log.events[event]) }

  /// The token that `position` of a sample names: the item behind it, or a later one.
  func nextToken(after position: Int, of sample: TrainingSample, epoch: Int) -> Int32 {
    let next = sample.window.lowerBound + position + 1
    guard let futureTargets else { return token(next) }
    let random = random(.futureTargets, step: UInt64(epoch))
    return token(futureTargets.event(next, end: sample.window.upperBound, random))
  }

  func random(_ stream: RandomStream, step: UInt64) -> CounterRandom { CounterRandom(seed: seed, stream, step: step) }

  /// The history, the chosen positions masked, and its tail where the stage has that objective.
  func writeHistory(_ sample: TrainingSample, masks: Masks, to batch: inout MicroBatch) {
    let hasTail = objectives.tail != nil
    let writer = HistoryRows(
      configuration: configuration, vocabulary: vocabulary, count: sample.window.count,
      isPooled: hasTail && !configuration.pooling.isOneRow)
    writer.begin(&batch)
    for (position, event) in sample.window.enumerated() {
      let token = token(event)
      if hasTail && position == sample.window.count - 1 {
        writer.appendTail(position, target: token, to: &batch)
      } else if let replacement = masks[position] {
        writer.append(replacement, at: position, target: token, of: .mlm, to: &batch)
      } else {
        writer.append(token, at: position, to: &batch)
      }
    }
  }
}
