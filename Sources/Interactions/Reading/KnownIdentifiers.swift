/// The users, items and groups met so far, numbered; a second log goes on where the first one ended.
package struct KnownIdentifiers: Sendable {
  package var users = IdentifierTable()
  package var items = IdentifierTable()
  package var groups = IdentifierTable()

  package init() {}
}
