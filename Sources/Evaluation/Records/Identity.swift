/// The program as its results name it.
package enum Program {
  package static let name = "cloze"
  package static let version = "0.2.0"
  /// Counts the changes after which the same log, settings and seed give other bytes; a training is resumed within one
  /// number only.
  package static let arithmetic = 1

  /// `cloze 0.2.0`
  package static let description = "\(name) \(version)"
}

/// Which interaction log a result belongs to.
package struct LogIdentity: Codable, Sendable, Equatable {
  package var name: String
  /// Of the prepared log's events, whatever file or store they came from: the log's fingerprint. The digest of a file's bytes
  /// is another thing, its content SHA-256.
  package var fingerprint: String
  package var users: Int
  package var items: Int
  package var events: Int
  /// Which events they are, as options of the command line; nil for all, and in records older than 0.2.
  package var selection: String?

  package init(
    name: String, fingerprint: String, users: Int, items: Int, events: Int, selection: String? = nil
  ) {
    self.selection = selection
    self.name = name
    self.fingerprint = fingerprint
    self.users = users
    self.items = items
    self.events = events
  }

  private enum CodingKeys: String, CodingKey {
    case name, fingerprint, users, items, events, selection
  }

  /// What versions before 0.2 called `events`.
  private enum OldKeys: String, CodingKey { case interactions }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let old = try decoder.container(keyedBy: OldKeys.self)
    name = try container.decode(String.self, forKey: .name)
    fingerprint = try container.decode(String.self, forKey: .fingerprint)
    users = try container.decode(Int.self, forKey: .users)
    items = try container.decode(Int.self, forKey: .items)
    selection = try container.decodeIfPresent(String.self, forKey: .selection)
    events =
      try container.decodeIfPresent(Int.self, forKey: .events) ?? old.decode(Int.self, forKey: .interactions)
  }
}
