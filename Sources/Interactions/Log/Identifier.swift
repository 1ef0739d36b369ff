/// An external id of a user, an item or a group, as the log has it.
///
/// Two ids are the same where their UTF-8 bytes are: `é` in one code point and `é` in two are two ids, although Swift
/// calls such strings equal. Ids are therefore never compared, hashed or kept in sets as `String`.
package struct Identifier: Sendable {
  /// What a user of the program sees; never compare it.
  package let text: String

  package init(_ text: String) { self.text = text }
  package init(_ text: Substring) { self.text = String(text) }

  /// The id with these bytes, which are UTF-8.
  package init(utf8 bytes: some Collection<UInt8>) { text = String(decoding: bytes, as: UTF8.self) }

  package var utf8: String.UTF8View { text.utf8 }
}

extension Identifier: Hashable, Comparable {
  package static func == (a: Identifier, b: Identifier) -> Bool { a.utf8.elementsEqual(b.utf8) }

  /// By bytes, which is by code points.
  package static func < (a: Identifier, b: Identifier) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

  package func hash(into hasher: inout Hasher) {
    for byte in utf8 { hasher.combine(byte) }
    hasher.combine(utf8.count)
  }
}

extension Identifier: CustomStringConvertible, ExpressibleByStringInterpolation {
  package init(stringLiteral text: String) { self.text = text }
  package var description: String { text }
}

/// As a string.
extension Identifier: Codable {
  package init(from decoder: any Decoder) throws {
    text = try decoder.singleValueContainer().decode(String.self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
