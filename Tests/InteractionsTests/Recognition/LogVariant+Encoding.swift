import TestSupport

extension LogVariant {
  /// Makes the file's bytes: mostly UTF-8, else packed or in an encoding that is to be refused.
  mutating func encode() {
    let utf8 = Array(text.utf8)
    switch random.below(100) {
    case ..<76: bytes = utf8
    case ..<88:
      bytes = PackedBytes.gzip(utf8)
      description += " gzip"
    case ..<92:
      bytes = [0xff, 0xfe] + wide { PackedBytes.little(Int($0), 2) }
      description += " UTF-16"
    case ..<94:
      bytes = wide { [UInt8($0 >> 8), UInt8($0 & 255)] }
      description += " UTF-16BE without a mark"
    default:
      // What Latin-1 has no letter for stays away, so that nothing but the letters above 127 differs from UTF-8.
      bytes = text.unicodeScalars.compactMap { $0.value < 256 ? UInt8($0.value) : nil }
      description += " Latin-1"
    }
  }

  private func wide(_ unit: (UInt16) -> [UInt8]) -> [UInt8] { text.utf16.flatMap(unit) }
}
