import Interactions
import Recommending

/// Why a request to a running service is not answered.
package enum ServingError: Error, Equatable, CustomStringConvertible {
  /// As much waits as may wait.
  case overloaded(waiting: Int)
  /// The deadline passed before its turn came.
  case late(waited: Duration)
  case stopped
  case noStore
  case unknownUser(Identifier)
  case unknownItem(Identifier, suggestion: String?)
  case noCandidates
  case noGroups
  /// Events that lack, or have, a column of the store.
  case badEvent(number: Int, reason: String)
  /// The store cannot take events.
  case store(String)
  /// A model that was to replace the one that answers.
  case badModel(String)

  package var description: String {
    switch self {
    case .overloaded(let waiting): "\(waiting) requests wait already, which is as many as may; try again in a second"
    case .late(let waited):
      "the request waited \(waited / .milliseconds(1)) ms for its turn, longer than its deadline; try again, or allow more"
    case .stopped: "the service is stopping and takes no more requests; ask another one"
    case .noStore:
      "the service has no store to look users up in or to add events to; start it with --store, or give items"
    case .unknownUser(let user):
      "no user \"\(user.beginning)\" is known; give the history as items, or add its events first"
    case .unknownItem(let item, let suggestion):
      "the model knows no item \"\(item.beginning)\"\(suggestion.map { "; did you mean \"\($0)\"?" } ?? "; ids are those of the log that it was trained on")"
    case .noCandidates: "the model knows none of the items that are left to choose from; look at `only` and `exclude`"
    case .noGroups: "max_per_group needs the groups of items; start the service with --groups FILE"
    case .badEvent(let number, let reason): "event \(number): \(reason)"
    case .store(let reason): reason
    case .badModel(let reason): reason
    }
  }
}

extension Identifier {
  /// What a sentence quotes of an id that a client made up, however long it is.
  fileprivate var beginning: String {
    let scalars = text.unicodeScalars
    return scalars.count > 80 ? "\(String(scalars.prefix(80)))…" : text
  }
}
