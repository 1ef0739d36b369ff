/// One line of the passport a result travels with: `split` – `leave-one-out, last item`.
package struct PassportLine: Codable, Sendable, Equatable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}
