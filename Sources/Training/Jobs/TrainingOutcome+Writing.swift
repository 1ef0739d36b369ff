import Evaluation
import Foundation
import Interactions
import Kernels
import ModelFiles
import NeuralNetwork
import SequentialModels

/// How the data of a model was cut, as its card keeps it.
package enum CardSplit {
  /// By a method; nil where it is unknown.
  case log(SplitMethod?)
  /// Lines of another file are held out.
  case lines(of: String)

  fileprivate var text: String {
    switch self {
    case .log(let method): method?.description ?? ""
    case .lines(let file): "lines of \(file) held out"
    }
  }

  fileprivate var method: SplitMethod? { if case .log(let method) = self { method } else { nil } }
}

extension TrainingOutcome<BERT4Rec> {
  /// The rows of the item table, where they are spread over processes: while the first one writes the model, the others
  /// `finish`.
  package var spreadRows: SpreadNumbers? {
    model.itemShards.map { SpreadNumbers($0, [(model.parameters, $0.table.range)]) }
  }

  /// Replaces the model directory at `url` by this model, with `cloze.json` and the record; in the first process only.
  ///
  /// - Parameters:
  ///   - split: how the data was cut.
  ///   - heldOut: what it has not learned of it.
  package func write(
    record: RunRecord, split: CardSplit, heldOut: HeldOut = .validationAndTest, tokenizer: Tokenizer,
    features: ModelFeatures? = nil, whitening: VectorWhitening? = nil, to url: URL,
    also: (URL) throws -> Void = { _ in }
  ) throws {
    var card = ModelCard(
      program: record.program, configuration: model.network.configuration, logFingerprint: record.log.fingerprint,
      split: split.text, heldOut: heldOut, seed: record.seed,
      validation: Dictionary(
        self.history.best.map { ($0.key.description, $0.value) }, uniquingKeysWith: { first, _ in first }))
    card.splitMethod = split.method
    card.provenance = record.provenance
    let complete = card
    let rows = spreadRows
    defer { rows?.finish() }
    try ModelDirectory.write(
      model, tokenizer: tokenizer, card: card, features: features, whitening: whitening, rows: rows, to: url
    ) { folder in
      try record.write(in: folder)
      try ModelReadme(record, card: complete, tokenizer: tokenizer).write(in: folder)
      try also(folder)
    }
  }
}

extension RunCost {
  /// What a training has cost this process so far.
  init(of history: TrainingHistory, workers: Workers) {
    self.init(
      trainingSeconds: history.seconds, threads: workers.threads, peakKilobytes: ResidentMemory.peakKilobytes,
      processor: Processor.name, epochs: history.costs)
    date = Date.now.ISO8601Format()
    let words = CommandLine.arguments
    if let program = words.first, URL(fileURLWithPath: program).lastPathComponent == Program.name {
      command = ([Program.name] + words.dropFirst().map(ShellWord.quoted)).joined(separator: " ")
    }
  }
}
