/// The SHA-256 of a stream of bytes, fed piece by piece.
///
/// - Source: FIPS 180-4; checked against its published examples and against `sha256sum`.
package struct SHA256: Sendable {
  private var state: InlineArray<8, UInt32> = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  /// Bytes that do not fill a block of 64 yet.
  private var rest: [UInt8] = []
  private var length: UInt64 = 0

  package init() { rest.reserveCapacity(128) }

  package mutating func update(_ bytes: [UInt8]) { update(bytes, 0..<bytes.count) }

  /// Feeds `value` as eight bytes, lowest first.
  package mutating func update(integer value: Int) {
    length += 8
    for shift in 0..<8 { rest.append(UInt8(truncatingIfNeeded: value >> (8 * shift))) }
    if rest.count >= 64 { digestRest() }
  }

  /// Feeds the bytes at `range` of `array`.
  package mutating func update(_ array: [UInt8], _ range: Range<Int>) {
    let bytes = array.span
    length += UInt64(range.count)
    var start = range.lowerBound
    if !rest.isEmpty {
      while rest.count < 64, start < range.upperBound {
        rest.append(bytes[start])
        start += 1
      }
      if rest.count == 64 { digestRest() }
    }
    while start + 64 <= range.upperBound {
      state = Self.digest(bytes, at: start, state)
      start += 64
    }
    while start < range.upperBound {
      rest.append(bytes[start])
      start += 1
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
    var text = ""
    for index in 0..<8 {
      let word = String(last.state[index], radix: 16)
      text += String(repeating: "0", count: 8 - word.count) + word
    }
    return text
  }

  /// Digests the first 64 bytes of `rest`.
  private mutating func digestRest() {
    state = Self.digest(rest.span, at: 0, state)
    rest.removeFirst(64)
  }

  private static func digest(_ bytes: Span<UInt8>, at start: Int, _ state: InlineArray<8, UInt32>) -> InlineArray<
    8, UInt32
  > {
    let constants = roundConstants.span
    var words = InlineArray<16, UInt32>(repeating: 0)
    for index in 0..<16 {
      let at = start + 4 * index
      words[index] =
        UInt32(bytes[at]) << 24 | UInt32(bytes[at + 1]) << 16 | UInt32(bytes[at + 2]) << 8 | UInt32(bytes[at + 3])
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for round in 0..<64 {
      if round >= 16 {
        let early = words[(round - 15) & 15]
        let late = words[(round - 2) & 15]
        let first = rotated(early, 7) ^ rotated(early, 18) ^ (early >> 3)
        let second = rotated(late, 17) ^ rotated(late, 19) ^ (late >> 10)
        words[round & 15] = words[round & 15] &+ first &+ words[(round - 7) & 15] &+ second
      }
      let choice = (e & f) ^ (~e & g)
      let majority = (a & b) ^ (a & c) ^ (b & c)
      let one =
        h &+ (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) &+ choice &+ constants[round] &+ words[round & 15]
      let two = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) &+ majority
      (h, g, f, e, d, c, b, a) = (g, f, e, d &+ one, c, b, a, one &+ two)
    }
    return [
      state[0] &+ a, state[1] &+ b, state[2] &+ c, state[3] &+ d,
      state[4] &+ e, state[5] &+ f, state[6] &+ g, state[7] &+ h,
    ]
  }

  @inline(__always) private static func rotated(_ word: UInt32, _ bits: UInt32) -> UInt32 {
    word >> bits | word << (32 - bits)
  }

  private static let roundConstants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]
}
