/// A number of bytes as a sentence says it: `512 bytes`, `4.1 kB`, `38 MB`, with two digits at least.
package struct ByteSize: Sendable {
  private let bytes: Int

  package init(_ bytes: Int) { self.bytes = bytes }

  /// The bytes that an option says, such as `0`, `512kB`, `256MB` or `2 GB`, in either case; nil where it says none.
  package static func parse(_ text: String) -> Int? {
    let digits = text.prefix { ("0"..."9").contains($0) }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }.uppercased()
    let factors = ["": 1, "B": 1, "KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000]
    guard let number = Int(digits), let factor = factors[unit] else { return nil }
    let (bytes, overflows) = number.multipliedReportingOverflow(by: factor)
    return overflows ? nil : bytes
  }

  /// For what is needed: never less than it is.
  package var needed: String { text { $0.rounded(.up) } }

  /// For what there is: never more than it is.
  package var available: String { text { $0.rounded(.down) } }

  private func text(_ rounded: (Double) -> Double) -> String {
    if bytes < 1_000 { return "\(Counted(Int(bytes), "byte"))" }
    var (value, unit) = (Double(bytes) / 1_000, 0)
    let units = ["kB", "MB", "GB", "TB", "PB", "EB"]
    while rounded(value) >= 1_000, unit + 1 < units.count { (value, unit) = (value / 1_000, unit + 1) }
    // A whole number of tenths below 10, so that 1.2 MB is not 2.
    let tenths = rounded(value * 10)
    if tenths >= 100 { return "\(Int(rounded(value))) \(units[unit])" }
    return "\(Int(tenths) / 10).\(Int(tenths) % 10) \(units[unit])"
  }
}
