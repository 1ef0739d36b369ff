import Evaluation
import Foundation
import Interactions
import ModelFiles

extension RunRecord: Codable {
  /// The layout that is written. Versions before 0.2 wrote none, and had the cost among the epochs.
  private static let currentFormat = 2

  private enum Key: String, CodingKey {
    case format, name, program, log, provenance, configuration, seed, start, epochs, evaluation, baselines, `protocol`,
      warnings, cost
    /// What versions before 0.2 called `evaluation.results`, `evaluation.cohorts`, `protocol` and `warnings`.
    case results, cohorts, passport, alarms
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let format = try container.decodeIfPresent(Int.self, forKey: .format) ?? 1
    guard format <= Self.currentFormat else {
      throw DecodingError.dataCorruptedError(
        forKey: .format, in: container, debugDescription: "\(format) is newer than this program knows; update it")
    }
    name = try container.decode(String.self, forKey: .name)
    program = try container.decode(String.self, forKey: .program)
    log = try container.decode(LogIdentity.self, forKey: .log)
    provenance = try container.decodeIfPresent(LogProvenance.self, forKey: .provenance)
    configuration = try container.decode(JSONValue.self, forKey: .configuration)
    seed = try container.decode(UInt64.self, forKey: .seed)
    start = try container.decodeIfPresent(StartSummary.self, forKey: .start)
    epochs = try container.decode([EpochRecord].self, forKey: .epochs)
    baselines = try container.decode([EvaluationSummary].self, forKey: .baselines)
    cost = try container.decodeIfPresent(RunCost.self, forKey: .cost)
    if format == 1 {
      let results = try container.decode([MeasuredValue].self, forKey: .results)
      let cohorts = try container.decode([Cohort].self, forKey: .cohorts)
      evaluation = results.isEmpty ? nil : EvaluationSummary(name: name, results: results, cohorts: cohorts)
      `protocol` = try container.decode([ProtocolLine].self, forKey: .passport)
      warnings = try container.decode([String].self, forKey: .alarms)
      cost?.epochs = try container.decode([EpochCost].self, forKey: .epochs)
    } else {
      evaluation = try container.decodeIfPresent(EvaluationSummary.self, forKey: .evaluation)
      `protocol` = try container.decode([ProtocolLine].self, forKey: .protocol)
      warnings = try container.decode([String].self, forKey: .warnings)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(Self.currentFormat, forKey: .format)
    try container.encode(name, forKey: .name)
    try container.encode(program, forKey: .program)
    try container.encode(log, forKey: .log)
    try container.encodeIfPresent(provenance, forKey: .provenance)
    try container.encode(configuration, forKey: .configuration)
    try container.encode(seed, forKey: .seed)
    try container.encodeIfPresent(start, forKey: .start)
    try container.encode(epochs, forKey: .epochs)
    try container.encodeIfPresent(evaluation, forKey: .evaluation)
    try container.encode(baselines, forKey: .baselines)
    try container.encode(`protocol`, forKey: .protocol)
    try container.encode(warnings, forKey: .warnings)
    try container.encodeIfPresent(cost, forKey: .cost)
  }
}

extension RunRecord {
  private static let fileName = "record.json"
  private static let costFileName = "cost.json"

  /// Whether `folder` holds the record of a run.
  package static func exists(in folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(fileName).path)
  }

  /// Writes `record.json` and, beside it, `cost.json`.
  ///
  /// - Throws: `RecordError.notWritten`.
  package func write(in folder: URL) throws(RecordError) {
    var record = self
    record.cost = nil
    try RecordFile.write(record, to: folder.appendingPathComponent(Self.fileName))
    if let cost { try RecordFile.write(cost, to: folder.appendingPathComponent(Self.costFileName)) }
  }

  /// The record in `folder`, with its cost where that is there; in a model directory both are as they were written.
  ///
  /// - Throws: `RecordError` for a file that is no such record; `.missing` where there is none; `.damaged`.
  package static func read(in folder: URL) throws(RecordError) -> RunRecord {
    do {
      return try ModelDirectory.verifying([fileName, costFileName], in: folder) { try readUnverified(folder) }
    } catch let error as RecordError {
      throw error
    } catch ModelDirectoryError.missing, ModelDirectoryError.notADirectory {
      throw .missing(folder.appendingPathComponent(fileName).path)
    } catch {
      throw .damaged("\(error)")
    }
  }

  private static func readUnverified(_ folder: URL) throws(RecordError) -> RunRecord {
    var record = try RecordFile.read(RunRecord.self, from: folder.appendingPathComponent(fileName))
    let costFile = folder.appendingPathComponent(costFileName)
    if FileManager.default.fileExists(atPath: costFile.path) {
      record.cost = try RecordFile.read(RunCost.self, from: costFile)
    }
    return record
  }
}
