import Evaluation
import Foundation
import Interactions
import Kernels
import ModelFiles
import SequentialModels

/// Asks for masked tokens of a held-out corpus, the same ones after every epoch; the loss decides.
///
///     perplexity = exp(mean cross-entropy over masked tokens)
package struct MaskedTokenJudge: ValidationJudge {
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

  package func measure(_ model: BERT4Rec) -> [MeasuredValue] {
    let builder = SampleBuilder(
      log: corpus.log, vocabulary: corpus.vocabulary, configuration: model.configuration,
      objectives: Objectives(mlm: masking), seed: 0)
    let sums = model.losses(of: batches(builder))
    let loss = sums.items / Double(sums.itemTargets)
    return [
      MeasuredValue("loss", loss), MeasuredValue("perplexity", exp(loss)),
      MeasuredValue("masked accuracy", Double(sums.itemsCorrect) / Double(sums.itemTargets)),
    ]
  }

  package func quality(of values: [MeasuredValue]) -> Double? { values.named("loss").map { -$0.value } }

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
