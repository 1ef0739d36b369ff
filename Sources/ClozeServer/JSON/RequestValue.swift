/// A JSON value of a request.
enum RequestValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case text(String)
  case list([RequestValue])
  /// In the order of the text; a name comes once.
  case object([Member])

  struct Member: Sendable, Equatable {
    var name: String
    var value: RequestValue
  }

  /// What it is, for a sentence: `"ten"`, `a list`.
  var found: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(let value): value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    case .text(let text): "\"\(text.prefix(40))\(text.count > 40 ? "…" : "")\""
    case .list: "a list"
    case .object: "an object"
    }
  }
}

/// Reads one JSON text, as RFC 8259 has it and no other: names come once, nesting ends at 16 levels.
struct RequestParser {
  private let bytes: [UInt8]
  private var position = 0

  private static let mostLevels = 16

  /// The value that `bytes` are.
  ///
  /// - Throws: `APIError` (400) with the byte, from 1, at which they are none.
  static func parse(_ bytes: [UInt8]) throws(APIError) -> RequestValue {
    var parser = RequestParser(bytes: bytes)
    parser.skipSpace()
    if parser.isAtEnd { throw .bad("the body is empty; send a JSON object") }
    let value = try parser.value(level: 0)
    parser.skipSpace()
    if !parser.isAtEnd { throw parser.fault("the end of the text") }
    return value
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var isAtEnd: Bool { position == bytes.count }
  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func fault(_ expected: String) -> APIError {
    .bad("the body is no JSON: at byte \(position + 1) of \(bytes.count) \(expected) is expected")
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func take(word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    guard position + length <= bytes.count,
      word.withUTF8Buffer({ $0.elementsEqual(bytes[position..<position + length]) })
    else { return false }
    position += length
    return true
  }

  private mutating func value(level: Int) throws(APIError) -> RequestValue {
    if level > Self.mostLevels { throw .bad("the body nests deeper than \(Self.mostLevels) levels; nothing here does") }
    switch next {
    case UInt8(ascii: "{"): return try object(level: level)
    case UInt8(ascii: "["): return try list(level: level)
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "t") where take(word: "true"): return .bool(true)
    case UInt8(ascii: "f") where take(word: "false"): return .bool(false)
    case UInt8(ascii: "n") where take(word: "null"): return .null
    default: return .number(try number())
    }
  }

  private mutating func object(level: Int) throws(APIError) -> RequestValue {
    position += 1
    var members: [RequestValue.Member] = []
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object([]) }
    repeat {
      skipSpace()
      if next != UInt8(ascii: "\"") { throw fault("a name in quotes") }
      let name = try string()
      if members.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
        throw .bad("\"\(name.prefix(40))\" stands twice in one object; give it once")
      }
      if members.count == 64 { throw .bad("an object has more than 64 members; nothing here has") }
      skipSpace()
      if !take(UInt8(ascii: ":")) { throw fault("a colon") }
      skipSpace()
      members.append(RequestValue.Member(name: name, value: try value(level: level + 1)))
      skipSpace()
    } while take(UInt8(ascii: ","))
    if !take(UInt8(ascii: "}")) { throw fault("a comma or }") }
    return .object(members)
  }

  private mutating func list(level: Int) throws(APIError) -> RequestValue {
    position += 1
    var values: [RequestValue] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .list([]) }
    repeat {
      skipSpace()
      values.append(try value(level: level + 1))
      skipSpace()
    } while take(UInt8(ascii: ","))
    if !take(UInt8(ascii: "]")) { throw fault("a comma or ]") }
    return .list(values)
  }

  private mutating func string() throws(APIError) -> String {
    position += 1
    let start = position
    while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
    if next == UInt8(ascii: "\"") { return try ended(Self.text(bytes.span.extracting(start..<position))) }
    var unescaped = Array(bytes[start..<position])
    while let byte = next, byte >= 0x20 {
      if byte == UInt8(ascii: "\"") { return try ended(Self.text(unescaped.span)) }
      position += 1
      if byte != UInt8(ascii: "\\") {
        unescaped.append(byte)
        continue
      }
      guard let escape = next else { throw fault("the end of a text") }
      position += 1
      switch escape {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): unescaped.append(escape)
      case UInt8(ascii: "b"): unescaped.append(8)
      case UInt8(ascii: "f"): unescaped.append(12)
      case UInt8(ascii: "n"): unescaped.append(10)
      case UInt8(ascii: "r"): unescaped.append(13)
      case UInt8(ascii: "t"): unescaped.append(9)
      case UInt8(ascii: "u"): unescaped += Array(String(Character(try scalar())).utf8)
      default: throw fault("one of \"\\/bfnrtu behind a backslash")
      }
    }
    throw fault("a quote that ends the text")
  }

  /// nil where `bytes` are no UTF-8.
  private static func text(_ bytes: Span<UInt8>) -> String? {
    guard let utf8 = try? UTF8Span(validating: bytes) else { return nil }
    return String(copying: utf8)
  }

  /// Ends a string at its quote.
  private mutating func ended(_ text: String?) throws(APIError) -> String {
    guard let text else { throw fault("a text in UTF-8 before this") }
    position += 1
    return text
  }

  private mutating func scalar() throws(APIError) -> Unicode.Scalar {
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
      throw fault("the second half of a pair")
    }
    let second = try hexadecimal()
    guard 0xDC00...0xDFFF ~= second, let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw fault("the second half of a pair before this") }
    return scalar
  }

  private mutating func hexadecimal() throws(APIError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw fault("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private mutating func number() throws(APIError) -> Double {
    let start = position
    func isDigit(_ byte: UInt8?) -> Bool { byte.map { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ?? false }
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) {
      if !isDigit(next) { throw fault("a value") }
      while isDigit(next) { position += 1 }
    }
    if take(UInt8(ascii: ".")) {
      if !isDigit(next) { throw fault("a digit") }
      while isDigit(next) { position += 1 }
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      if !isDigit(next) { throw fault("a digit") }
      while isDigit(next) { position += 1 }
    }
    guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite else {
      throw .bad("a number of the body is too large")
    }
    return value
  }
}
