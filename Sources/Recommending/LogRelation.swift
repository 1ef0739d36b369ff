import DurableFiles
import Foundation
import InteractionStore
import Interactions
import ModelFiles

/// How a log stands to the one that a model was trained on.
package enum LogRelation: Sendable, Equatable {
  /// The model does not say what it was trained on.
  case unknown
  case same
  /// A store with more events; what it held then is as it was.
  case grown(LogExtension)
  /// What differs.
  case other([String])
}

/// What a store has got since a model was trained on it.
package struct LogExtension: Sendable, Equatable {
  package let events, users, items: Int
  /// Whether every user has the number of then, by which a split may draw users.
  package let keepsUserNumbers: Bool

  init(from before: InteractionLog, to now: InteractionLog) {
    events = now.eventCount - before.eventCount
    users = now.users.names.count { before.users.index(of: $0) == nil }
    items = now.items.names.count { before.items.index(of: $0) == nil }
    keepsUserNumbers = now.users.names.starts(with: before.users.names)
  }
}

extension LogExtension: CustomStringConvertible {
  package var description: String {
    "\(Counted(events, "new event")), \(Counted(users, "new user")), \(Counted(items, "new item"))"
      + (items > 0 ? " that the model does not know" : "")
  }
}

extension LogSource.Loaded {
  /// How this log stands to the one that `model` was trained on.
  ///
  /// - Parameters:
  ///   - path: where the log was loaded from.
  ///   - directory: where the model was.
  /// - Throws: `LogError` or `StoreError` where the store cannot be read again.
  package func relation(
    to model: ModelDirectory.Loaded, at directory: String, path: String
  ) throws -> LogRelation {
    let card = model.card
    if card.logFingerprint.isEmpty { return .unknown }
    if card.logFingerprint == fingerprint { return .same }
    // Events are only ever appended; a log file may have become the first import of a store.
    if isStore, let provenance = card.provenance, provenance.rows.used > 0,
      provenance.rows.used < reports.reduce(0, { $0 + $1.rows.used }),
      let before = try LogSource.earlier(path, provenance.settings, events: provenance.rows.used),
      before.fingerprint == card.logFingerprint
    {
      return .grown(LogExtension(from: before, to: log))
    }
    return .other(differences(from: card, directory, modelItems: model.items))
  }

  /// What a run's record says of the log it was trained on; cards older than 0.2 do not say it.
  private struct TrainingRecord: Decodable {
    struct Log: Decodable {
      var users, items: Int
      /// Records before 0.2 call them `interactions`.
      var events, interactions: Int?
    }
    var log: Log
  }

  private func differences(from card: ModelCard, _ directory: String, modelItems: Catalog) -> [String] {
    var differences: [String] = []
    func compare(_ what: String, _ before: Int, _ now: Int) {
      if before != now { differences.append("\(before) \(what) then, \(now) here") }
    }
    let file = URL(fileURLWithPath: directory).appendingPathComponent("record.json")
    if let then = card.provenance?.size {
      compare("users", then.users, log.userCount)
      compare("items", then.items, log.itemCount)
      compare("events", then.events, log.eventCount)
    } else if let then = try? JSONDecoder().decode(TrainingRecord.self, from: Data(contentsOf: file)).log {
      compare("users", then.users, log.userCount)
      compare("items", then.items, log.itemCount)
      compare("events", then.events ?? then.interactions ?? log.eventCount, log.eventCount)
    }
    let unknown = log.items.names.count { modelItems.index(of: $0) == nil }
    let missing = modelItems.count - (log.itemCount - unknown)
    if unknown > 0 {
      differences.append("\(Counted(unknown, "item")) here \(Counted.verb(unknown, "is", "are")) unknown to the model")
    }
    if missing > 0 { differences.append("\(missing) of the model's items are missing here") }
    return differences.isEmpty ? ["the same counts, but other events, order or times"] : differences
  }
}

/// A model that is to be used otherwise than it was trained.
package enum TrainedOtherwiseError: Error, CustomStringConvertible, Equatable {
  case otherLog(model: String, differences: [String])
  /// Options that would make other histories of the log, each with what was given in its training.
  case preparation(model: String, given: [String], trained: [String])
  case split(model: String, given: String, trained: String)

  package var description: String {
    switch self {
    case .otherLog(let model, let differences):
      "\(model) was trained on another log: \(differences.joined(separator: "; ")); train again, or use it with --force"
    case .preparation(let model, let given, let trained):
      "\(model) was trained with \(trained.joined(separator: " ")), not with \(given.joined(separator: " ")); leave "
        + "\(given.count == 1 ? "it" : "them") out, train again, or take the log as given with --force"
    case .split(let model, let given, let trained):
      "\(model) was trained with the split “\(trained)”, so under “\(given)” it may have learned the answers; leave --split "
        + "out, train again with it, or evaluate all the same with --force"
    }
  }
}
