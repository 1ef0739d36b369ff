import CClozeSystem

/// The SHA-256 of a stream of bytes, fed piece by piece.
///
/// - Source: FIPS 180-4; checked against its published examples and against `sha256sum`.
package struct SHA256: Sendable {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  /// Bytes that do not fill a block of 64 yet.
  private var rest: [UInt8] = []
  private var length: UInt64 = 0
  private let isPlain: Int32

  package init() { self.init(plainly: false) }

  /// - Parameter plainly: whether the processor's instructions for it are left unused, for tests.
  package init(plainly: Bool) {
    isPlain = plainly ? 1 : 0
    rest.reserveCapacity(128)
  }

  package mutating func update(_ bytes: [UInt8]) { update(bytes.span.bytes) }

  /// Feeds the bytes at `range` of `array`.
  package mutating func update(_ array: [UInt8], _ range: Range<Int>) { update(array.span.bytes.extracting(range)) }

  /// Feeds `value` as eight bytes, lowest first.
  package mutating func update(integer value: Int) {
    length += 8
    for shift in 0..<8 { rest.append(UInt8(truncatingIfNeeded: value >> (8 * shift))) }
    if rest.count >= 64 { digestRest() }
  }

  package mutating func update(_ bytes: RawSpan) {
    bytes.withUnsafeBytes { bytes in
      length += UInt64(bytes.count)
      var start = 0
      if !rest.isEmpty {
        start = min(64 - rest.count, bytes.count)
        rest.append(contentsOf: bytes[..<start])
        if rest.count == 64 { digestRest() }
      }
      let blocks = (bytes.count - start) / 64
      if blocks > 0 {
        cloze_sha256(&state, bytes.baseAddress! + start, blocks, isPlain)
        start += 64 * blocks
      }
      rest.append(contentsOf: bytes[start...])
    }
  }

  /// The digest of everything fed so far, in 64 hexadecimal digits.
  package func hexadecimal() -> String {
    var last = self
    let bits = length &* 8
    last.rest.append(0x80)
    while last.rest.count % 64 != 56 { last.rest.append(0) }
    for shift in (0..<8).reversed() { last.rest.append(UInt8(truncatingIfNeeded: bits >> (8 * UInt64(shift)))) }
    while !last.rest.isEmpty { last.digestRest() }
    return last.state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  /// Digests the first 64 bytes of `rest`.
  private mutating func digestRest() {
    cloze_sha256(&state, rest, 1, isPlain)
    rest.removeFirst(64)
  }
}
