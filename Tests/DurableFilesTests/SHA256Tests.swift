import DurableFiles
import Testing

@Suite struct SHA256Tests {
  /// The examples of FIPS 180-4, and lengths around the ends of blocks (values of `sha256sum`).
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (String(repeating: "a", count: 63), "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"),
    (String(repeating: "a", count: 64), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
    (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ])
  func digestsKnownTexts(text: String, digest: String) {
    let bytes = Array(text.utf8)
    for (piece, plainly) in [(1, false), (3, false), (17, true), (64, false), (1 << 20, false), (1 << 20, true)] {
      if bytes.count > 1_000, piece < 17 { continue }
      var hash = SHA256(plainly: plainly)
      var start = 0
      while start < bytes.count {
        let end = min(bytes.count, start + piece)
        hash.update(bytes, start..<end)
        start = end
      }
      #expect(hash.hexadecimal() == digest, "in pieces of \(piece)")
    }
  }

  @Test func integersAreEightBytesLowestFirst() {
    var numbers = SHA256()
    numbers.update(integer: 0x0102_0304)
    numbers.update(integer: -1)
    var bytes = SHA256()
    bytes.update([4, 3, 2, 1, 0, 0, 0, 0] + [UInt8](repeating: 255, count: 8))
    #expect(numbers.hexadecimal() == bytes.hexadecimal())
  }
}
