import ArgumentParser

/// A number of the command line that has bounds.
///
/// - Throws: `ValidationError` naming the option, what was given and what is expected.
func require<Number: Comparable>(
  _ value: Number?, in range: ClosedRange<Number>, _ option: String, _ meaning: String = "expected a number"
) throws {
  guard let value, !range.contains(value) else { return }
  throw ValidationError("\(option) \(value): \(meaning) from \(range.lowerBound) to \(range.upperBound)")
}
