/// A number of things in words: `1 user`, `2 users`, `3 histories`, and what they do: `1 row was`, `2 rows were`.
package struct Counted: Sendable, CustomStringConvertible {
  package let description: String

  /// - Parameters:
  ///   - what: one of the things.
  ///   - written: the number in other digits, such as `1,234`.
  package init(_ count: Int, _ what: String, written: String? = nil) {
    description = "\(written ?? "\(count)") \(count == 1 ? what : Self.plural(of: what))"
  }

  /// What the things do: `one` where there is one of them, `many` where there are others.
  package static func verb(_ count: Int, _ one: String, _ many: String) -> String { count == 1 ? one : many }

  private static func plural(of word: String) -> String {
    if word.hasSuffix("y"), let before = word.dropLast().last, !"aeiou".contains(before) {
      return word.dropLast() + "ies"
    }
    return word + (["s", "x", "sh"].contains { word.hasSuffix($0) } ? "es" : "s")
  }
}
