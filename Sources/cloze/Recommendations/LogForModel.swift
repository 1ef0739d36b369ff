import Evaluation
import Foundation
import InteractionStore
import Interactions
import ModelFiles
import SequentialModels
import Training

/// A log in a model's items.
struct LogForModel {
  let log: InteractionLog
  /// Items of the log that the model does not know, in the order of their appearance.
  let unknownItems: [String]
  /// Of the whole log.
  let fingerprint: String

  /// - Throws: `otherLog` where the model was trained on another one, unless forced.
  init(
    _ source: LogSource.Loaded, _ loaded: ModelDirectory.Loaded, at model: String, force: Bool
  ) throws(RecommendationError) {
    let (known, unknown) = source.log.renumbered(to: loaded.items)
    (log, unknownItems, fingerprint) = (known, unknown.map(\.item.text), source.fingerprint)
    let trained = loaded.card.logFingerprint
    if force || trained.isEmpty || trained == fingerprint { return }
    let record = URL(fileURLWithPath: model).appendingPathComponent("record.json")
    let then = try? RecordFile.read(RunRecord.self, from: record).log
    throw RecommendationError.otherLog(
      model: model,
      differences: Self.differences(source.log, unknown: unknown.count, then, modelItems: loaded.items.count))
  }

  private static func differences(_ log: InteractionLog, unknown: Int, _ then: LogIdentity?, modelItems: Int)
    -> [String]
  {
    var differences: [String] = []
    if let then {
      for (what, before, now) in [
        ("users", then.users, log.userCount), ("items", then.items, log.itemCount),
        ("interactions", then.interactions, log.eventCount),
      ] where before != now { differences.append("\(before) \(what) then, \(now) here") }
    }
    let missing = modelItems - (log.itemCount - unknown)
    if unknown > 0 { differences.append("\(unknown) items here are unknown to the model") }
    if missing > 0 { differences.append("\(missing) of the model's items are missing here") }
    return differences.isEmpty ? ["the same counts, but other events, order or times"] : differences
  }
}
