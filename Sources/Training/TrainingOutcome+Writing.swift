import Evaluation
import Foundation
import Interactions
import Kernels
import ModelFiles
import SequentialModels

extension TrainingOutcome {
  /// Replaces the model directory at `url` by this model, with `cloze.json` and `record.json`.
  ///
  /// - Parameters:
  ///   - split: how the data was cut, in words.
  ///   - heldOut: what it has not learnt of it.
  package func write(
    record: RunRecord, split: String, heldOut: HeldOut = .validationAndTest, tokenizer: Tokenizer, to url: URL,
    also: (URL) throws -> Void = { _ in }
  ) throws {
    let card = ModelCard(
      program: record.program, configuration: model.network.configuration, logFingerprint: record.log.fingerprint,
      split: split, heldOut: heldOut, seed: record.seed,
      validation: Dictionary(best.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }))
    try ModelDirectory.write(model, tokenizer: tokenizer, card: card, to: url) { folder in
      try RecordFile.write(record, to: folder.appendingPathComponent("record.json"))
      try also(folder)
    }
  }
}

extension RunCost {
  /// What the training of `outcome` has cost this process so far.
  init(of outcome: TrainingOutcome, workers: Workers) {
    self.init(
      trainingSeconds: outcome.seconds, threads: workers.threads, peakKilobytes: ResidentMemory.peakKilobytes,
      processor: Processor.name)
  }
}
