import Foundation

/// Something that must be the same in all processes, or they would compute different things.
package struct SharedFact: Sendable, Hashable, Codable {
  /// Such as `log`.
  package var name: String
  /// Such as its fingerprint.
  package var value: String
  /// What to do where processes differ, an imperative.
  package var advice: String

  package init(_ name: String, _ value: String, advice: String) {
    (self.name, self.value, self.advice) = (name, value, advice)
  }
}

/// Processes that do not belong together.
package struct Disagreement: Error, Hashable, CustomStringConvertible {
  package let fact: SharedFact
  package let first, other: Party

  /// A process, its host, and what it has.
  package struct Party: Sendable, Hashable {
    package let rank: Int
    package let host, value: String
  }

  package var description: String {
    "\(fact.name): process \(first.rank) on \(first.host) has \(first.value) and process \(other.rank) on \(other.host) has "
      + "\(other.value), they must be equal; \(fact.advice)"
  }
}

extension Processes {
  /// Compares facts with those of all other processes; where they differ every process throws the same error.
  package func agree(on facts: [SharedFact], host: String) throws(Disagreement) {
    func text(_ value: String) -> [UInt8] { Array(value.utf8) }
    let hosts = gather(text(host)).map { String(decoding: $0, as: UTF8.self) }
    for fact in facts {
      let values = gather(text(fact.value)).map { String(decoding: $0, as: UTF8.self) }
      guard let other = values.firstIndex(where: { $0 != values[0] }) else { continue }
      func party(_ rank: Int) -> Disagreement.Party { .init(rank: rank, host: hosts[rank], value: values[rank]) }
      var shared = fact
      shared.value = values[0]
      throw Disagreement(fact: shared, first: party(0), other: party(other))
    }
  }
}
