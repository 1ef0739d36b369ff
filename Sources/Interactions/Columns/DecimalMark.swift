/// What stands before the decimals of a number; the other one may stand between thousands.
package enum DecimalMark: String, Codable, CaseIterable, Sendable {
  case point, comma

  private var byte: UInt8 { self == .point ? UInt8(ascii: ".") : Byte.comma }
  private var other: UInt8 { self == .point ? Byte.comma : UInt8(ascii: ".") }

  /// The number at `range`, such as `1,234.5` with a point; nil where it is none.
  func value(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Double? {
    let range = Byte.trimmed(bytes, range)
    guard range.count <= 40, range.contains(where: { Byte.isDigit(bytes[$0]) }) else { return nil }
    var text: [UInt8] = []
    for position in range {
      let byte = bytes[position]
      guard Byte.isDigit(byte) || "+-.,eE".utf8.contains(byte) else { return nil }
      if byte == other {
        // Thousands: a digit before, three behind, and then no fourth.
        let digits = (position + 1..<min(range.upperBound, position + 5)).prefix { Byte.isDigit(bytes[$0]) }.count
        guard digits == 3, position > range.lowerBound, Byte.isDigit(bytes[position - 1]) else { return nil }
      } else {
        text.append(byte == self.byte ? UInt8(ascii: ".") : byte)
      }
    }
    return Double(String(decoding: text, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
  }

  /// The mark that the values of a column show; nil where they may be read in both ways.
  static func of(_ profile: ColumnProfile) -> DecimalMark? {
    var shown = Set<DecimalMark>()
    var isOpen = false
    for value in profile.values {
      let marks = value.indices.filter { value[$0] == Byte.comma || value[$0] == UInt8(ascii: ".") }
      guard let last = marks.last else { continue }
      let mark = value[last] == Byte.comma ? DecimalMark.comma : .point
      if Set(marks.map { value[$0] }).count == 2 {
        shown.insert(mark)
      } else if marks.count > 1 {
        shown.insert(mark == .comma ? .point : .comma)
      } else if value.count - last - 1 != 3 || value.starts(with: [Byte.zero, Byte.comma]) || mark == .point {
        shown.insert(mark)
      } else {
        isOpen = true
      }
    }
    if shown.count > 1 { return nil }
    return shown.first ?? (isOpen ? nil : .point)
  }
}
