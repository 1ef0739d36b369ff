/// Which interaction log a result belongs to.
package struct LogIdentity: Codable, Sendable, Equatable {
  package var name: String
  package var fingerprint: String
  package var users: Int
  package var items: Int
  package var interactions: Int

  package init(name: String, fingerprint: String, users: Int, items: Int, interactions: Int) {
    self.name = name
    self.fingerprint = fingerprint
    self.users = users
    self.items = items
    self.interactions = interactions
  }
}
