import Interactions

/// The JSON text of an answer, written as it grows.
struct AnswerText {
  private(set) var bytes: [UInt8] = []
  /// Whether the next member or element needs a comma before it.
  private var needsComma = false

  init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

  /// An object whose members `body` writes.
  mutating func object<Failure: Error>(_ name: String? = nil, _ body: (inout AnswerText) throws(Failure) -> Void)
    throws(Failure)
  {
    begin(name, UInt8(ascii: "{"))
    try body(&self)
    end(UInt8(ascii: "}"))
  }

  /// A list with what `element` writes of each element.
  mutating func list<Element>(
    _ name: String? = nil, _ elements: some Sequence<Element>, _ element: (inout AnswerText, Element) -> Void
  ) {
    begin(name, UInt8(ascii: "["))
    for value in elements { element(&self, value) }
    end(UInt8(ascii: "]"))
  }

  mutating func text(_ name: String?, _ value: String) {
    key(name)
    quote(value)
  }

  mutating func integer(_ name: String?, _ value: Int) { plain(name, "\(value)") }
  mutating func flag(_ name: String?, _ value: Bool) { plain(name, value ? "true" : "false") }

  /// A score as `cloze recommend` writes it; null where it is no number.
  mutating func score(_ name: String?, _ value: Float) { plain(name, value.isFinite ? "\(value)" : "null") }
  mutating func number(_ name: String?, _ value: Double) { plain(name, value.isFinite ? "\(value)" : "null") }

  /// JSON that is ready to stand here.
  mutating func raw(_ name: String?, _ json: [UInt8]) {
    key(name)
    bytes += json
  }

  private mutating func plain(_ name: String?, _ text: String) {
    key(name)
    bytes += text.utf8
  }

  private mutating func begin(_ name: String?, _ bracket: UInt8) {
    key(name)
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func end(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func key(_ name: String?) {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
    guard let name else { return }
    quote(name)
    bytes.append(UInt8(ascii: ":"))
  }

  private mutating func quote(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
