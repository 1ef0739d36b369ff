import DurableFiles
import Evaluation
import Foundation
import Interactions

/// Everything that is known about one training run.
///
/// `record.json` holds all that follows from the log, the settings and the seed: the same bytes on any number of threads,
/// also for a training that was resumed. What differs from one run to the next, its cost, stands beside it in `cost.json`.
package struct RunRecord: Sendable, Equatable {
  /// What the run is called, e.g. the model directory's name.
  package var name: String
  /// The program and its version that made it.
  package var program: String
  package var log: LogIdentity
  /// How the log was read and prepared, and what that found; nil for lines of tokens, and in records older than 0.2.
  package var provenance: LogProvenance?
  package var configuration: JSONValue
  package var seed: UInt64
  /// What came from a pretrained model; nil where the weights started fresh.
  package var start: StartSummary?
  /// In the order they ran; an epoch repeats only across stages.
  package var epochs: [EpochRecord]
  /// Test figures of the model; nil where it was not evaluated.
  package var evaluation: EvaluationSummary?
  /// Test figures of the rivals on the same users, e.g. popularity.
  package var baselines: [EvaluationSummary]
  package var `protocol`: [ProtocolLine]
  /// What the evaluation found suspicious, one sentence each.
  package var warnings: [String]
  /// nil where the record was read without it.
  package var cost: RunCost?

  package init(
    name: String, program: String = Program.description, log: LogIdentity, configuration: JSONValue, seed: UInt64,
    start: StartSummary? = nil, epochs: [EpochRecord] = [], evaluation: EvaluationSummary? = nil, cost: RunCost? = nil
  ) {
    self.name = name
    self.program = program
    self.log = log
    self.configuration = configuration
    self.seed = seed
    self.start = start
    self.epochs = epochs
    self.evaluation = evaluation
    baselines = []
    `protocol` = []
    warnings = []
    self.cost = cost
  }

  /// Test figures of the model over all users; empty where it was not evaluated.
  package var results: [MeasuredValue] { evaluation?.results ?? [] }

  /// This record with the figures of an evaluation of its model.
  package func evaluated(by report: EvaluationReport) -> RunRecord {
    guard let model = report.model else { return self }
    var record = self
    record.evaluation = model.summary
    record.baselines = (report.baselines + (report.knownBest.map { [$0] } ?? [])).map(\.summary)
    record.protocol = model.protocol.lines
    record.warnings = model.warnings.map(\.description)
    record.cost?.microsecondsPerUser = model.microsecondsPerUser
    return record
  }
}

/// What one pass over the training sequences did.
package struct EpochRecord: Codable, Sendable, Equatable {
  /// The stage it belongs to: `pretrain`, `tune`.
  package var stage: String
  /// Counted from 1 within the stage.
  package var epoch: Int
  /// Mean loss per target, in nats.
  package var loss: Double
  /// The share of training pairs whose second segment was rightly told from a random one; nil where there were no pairs.
  package var nextSegmentAccuracy: Double?
  /// Figures on the validation users; empty for an epoch after which nothing was evaluated.
  package var validation: [MeasuredValue]

  package init(
    stage: String, epoch: Int, loss: Double, nextSegmentAccuracy: Double? = nil, validation: [MeasuredValue] = []
  ) {
    self.stage = stage
    self.epoch = epoch
    self.loss = loss
    self.nextSegmentAccuracy = nextSegmentAccuracy
    self.validation = validation
  }
}

/// What a run cost on the machine that made it.
package struct RunCost: Codable, Sendable, Equatable {
  /// Seconds of training, all stages that are this run's own.
  package var trainingSeconds: Double
  /// Microseconds to encode one user and rank the catalogue, batched; nil where it was not measured.
  package var microsecondsPerUser: Double?
  package var threads: Int
  /// The most kilobytes of memory that the program had held by the end of the run; nil where it was not measured.
  package var peakKilobytes: Int?
  /// The processor's own name; nil where it was not measured.
  package var processor: String?
  /// When the training ended, in ISO 8601; nil where it was not recorded.
  package var date: String?
  /// The command line; nil where there was none.
  package var command: String?
  /// Of each epoch, in the record's order; nil where they were not measured.
  package var epochs: [EpochCost]?

  package init(
    trainingSeconds: Double, microsecondsPerUser: Double? = nil, threads: Int, peakKilobytes: Int? = nil,
    processor: String? = nil, epochs: [EpochCost]? = nil
  ) {
    self.trainingSeconds = trainingSeconds
    self.microsecondsPerUser = microsecondsPerUser
    self.threads = threads
    self.peakKilobytes = peakKilobytes
    self.processor = processor
    self.epochs = epochs
  }
}

/// How long an epoch took.
package struct EpochCost: Codable, Sendable, Equatable {
  /// Validation included.
  package var seconds: Double
  /// Of the training alone.
  package var tokensPerSecond: Double

  package init(seconds: Double, tokensPerSecond: Double) {
    self.seconds = seconds
    self.tokensPerSecond = tokensPerSecond
  }
}
