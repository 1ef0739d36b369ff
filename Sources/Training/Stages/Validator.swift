import Collectives
import Evaluation
import Foundation
import Interactions
import Kernels
import ModelFiles
import RankingMetrics
import SequentialModels

/// What is measured on held-out data after an epoch, and which figure decides whether the weights are kept.
package protocol Validator: Sendable {
  /// The figures of `model`, `metric` among them where a stage names one; empty where nothing is held out, nil where
  /// `isOver` ended it early.
  func measure(_ model: BERT4Rec, metric: MetricKey?, until isOver: @Sendable () -> Bool) -> [MeasuredValue]?
  /// What is to increase; nil where nothing was measured.
  func quality(of values: [MeasuredValue], metric: MetricKey?) -> Double?
}

extension Validator {
  /// The figures of `model`, however long it takes.
  package func measure(_ model: BERT4Rec, metric: MetricKey? = nil) -> [MeasuredValue] {
    guard let values = measure(model, metric: metric, until: { false }) else { preconditionFailure("ended by nothing") }
    return values
  }
}

/// Ranks all items for held-out next items, seen ones removed; NDCG@10 decides unless the stage names another metric.
package struct NextItemValidator: Validator {
  package let cases: [EvaluationCase]
  package let workers: Workers
  /// Which share the cases out.
  package let processes: any Processes

  package init(_ cases: [EvaluationCase], workers: Workers, processes: any Processes = OneProcess()) {
    self.cases = cases
    self.workers = workers
    self.processes = processes
  }

  package func measure(
    _ model: BERT4Rec, metric: MetricKey?, until isOver: @Sendable () -> Bool
  ) -> [MeasuredValue]? {
    if cases.isEmpty { return [] }
    let ranker = Ranker(seen: .remove, workers: workers, processes: processes)
    guard let ranks = ranker.rank(model, cases, until: isOver)?.map(\.ranks) else { return nil }
    var keys = [Self.usual, MetricKey(.hitRate, 10)]
    if let metric, !keys.contains(metric) { keys.append(metric) }
    return keys.compactMap { key in
      guard case .ranking(let metric, let cutoff) = key else { return nil }
      return MeasuredValue(key, metric.mean(ofRanks: ranks, at: cutoff))
    }
  }

  package func quality(of values: [MeasuredValue], metric: MetricKey? = nil) -> Double? {
    values.first(metric ?? Self.usual)?.value
  }

  /// What decides where a stage does not say.
  private static let usual = MetricKey(.ndcg, 10)
}

/// Predicts masked tokens of a held-out corpus, the same ones after every epoch; the loss decides.
///
///     perplexity = exp(mean cross-entropy over masked tokens)
package struct MaskedTokenValidator: Validator {
  package let corpus: TokenCorpus
  package let masking: MaskedItems
  package let workers: Workers

  /// Rows that go through the encoder together.
  private static let rows = 1_024

  package init(_ corpus: TokenCorpus, masking: MaskedItems, workers: Workers) {
    self.corpus = corpus
    self.masking = masking
    self.workers = workers
  }

  package func measure(
    _ model: BERT4Rec, metric: MetricKey?, until isOver: @Sendable () -> Bool
  ) -> [MeasuredValue]? {
    let objectives = Objectives(mlm: masking, nextSegment: corpus.hasPairs ? NextSegment() : nil)
    let builder = SampleBuilder(
      log: corpus.log, vocabulary: corpus.vocabulary, configuration: model.configuration, objectives: objectives,
      seed: 0)
    guard let sums = model.losses(of: corpus.hasPairs ? pairs(builder) : batches(builder), until: isOver) else {
      return nil
    }
    let loss = sums.items / Double(sums.itemTargets)
    let count = sums.nextSegmentCount
    let next = count == 0 ? nil : Double(sums.nextSegmentCorrect) / Double(count)
    return (next.map { [MeasuredValue(MetricKey(.nextSegment), $0)] } ?? []) + [
      MeasuredValue(MetricKey(.loss), loss), MeasuredValue(MetricKey(.perplexity), exp(loss)),
      MeasuredValue(MetricKey(.accuracy), Double(sums.itemsCorrect) / Double(sums.itemTargets)),
    ]
  }

  package func quality(of values: [MeasuredValue], metric: MetricKey? = nil) -> Double? {
    values.first(MetricKey(.loss)).map { -$0.value }
  }

  /// The pairs of segments of the first epoch, the same ones every time.
  private func pairs(_ builder: SampleBuilder) -> [MicroBatch] {
    let samples = EpochSamples.make(
      log: corpus.log, objectives: builder.objectives, positions: builder.configuration.itemLimit, windows: .recent,
      seed: 0, epoch: 0)
    var batches: [MicroBatch] = []
    for sample in samples {
      let rows = builder.rowCount(sample)
      if batches.last.map({ $0.rows.count + rows > Self.rows }) ?? true { batches.append(MicroBatch()) }
      builder.append(sample, epoch: 0, to: &batches[batches.count - 1])
    }
    for index in batches.indices { batches[index].weigh { _ in 1 } }
    return batches
  }

  /// All sequences, as many together as fit, every masked token with the weight 1.
  private func batches(_ builder: SampleBuilder) -> [MicroBatch] {
    var batches: [MicroBatch] = []
    for sequence in 0..<corpus.log.userCount {
      let window = corpus.log.range(of: UserID(sequence))
      if batches.last.map({ $0.rows.count + window.count > Self.rows }) ?? true { batches.append(MicroBatch()) }
      builder.append(
        TrainingSample(.mlm, window: window, number: UInt64(sequence)), epoch: 0,
        to: &batches[batches.count - 1])
    }
    for index in batches.indices {
      batches[index].weigh { _ in 1 }
    }
    return batches
  }
}
