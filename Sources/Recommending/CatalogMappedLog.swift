import Foundation
import Interactions
import ModelFiles
import SequentialModels

/// A log in a model's items.
package struct CatalogMappedLog: Sendable {
  /// The histories, without items that the model does not know.
  package let log: InteractionLog
  /// Items of the log that the model does not know, in the order of their appearance.
  package let unknownItems: [Identifier]
  /// Of the whole log.
  package let fingerprint: String
  private let whole: (users: Int, items: Int, events: Int)

  package init(_ log: InteractionLog, fingerprint: String, catalog: Catalog) {
    let (known, unknown) = log.renumbered(to: catalog)
    (self.log, self.fingerprint) = (known, fingerprint)
    unknownItems = unknown.map(\.item)
    whole = (log.userCount, log.itemCount, log.eventCount)
  }

  /// Refuses a log other than the one that the model in `directory` was trained on.
  ///
  /// - Throws: `RecommendationError.otherLog` with what differs.
  package func requireTrainingLog(
    of model: ModelDirectory.Loaded, at directory: String
  ) throws(RecommendationError) {
    let trained = model.card.logFingerprint
    if trained.isEmpty || trained == fingerprint { return }
    throw .otherLog(model: directory, differences: differences(directory, modelItems: model.items.count))
  }

  /// What a run's record says of the log it was trained on.
  private struct TrainingRecord: Decodable {
    struct Log: Decodable {
      var users, items: Int
      /// Records before 0.2 call them `interactions`.
      var events, interactions: Int?
    }
    var log: Log
  }

  private func differences(_ directory: String, modelItems: Int) -> [String] {
    var differences: [String] = []
    let file = URL(fileURLWithPath: directory).appendingPathComponent("record.json")
    if let then = try? JSONDecoder().decode(TrainingRecord.self, from: Data(contentsOf: file)).log {
      for (what, before, now) in [
        ("users", then.users, whole.users), ("items", then.items, whole.items),
        ("events", then.events ?? then.interactions ?? whole.events, whole.events),
      ] where before != now { differences.append("\(before) \(what) then, \(now) here") }
    }
    let missing = modelItems - (whole.items - unknownItems.count)
    if !unknownItems.isEmpty { differences.append("\(unknownItems.count) items here are unknown to the model") }
    if missing > 0 { differences.append("\(missing) of the model's items are missing here") }
    return differences.isEmpty ? ["the same counts, but other events, order or times"] : differences
  }
}
