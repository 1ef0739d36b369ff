import Foundation

/// How an item's id becomes one token that no tokenizer splits, and back.
///
/// A token of a whitespace tokenizer may hold no blank, a line of `vocab.txt` no line break, and a text between blanks no
/// special token such as `[MASK]`. So `%`, `[`, every blank and every control character are written as in a URL: `%` and
/// two hexadecimal digits per UTF-8 byte (`blue shoe` is the token `blue%20shoe`); the empty id is a lone `%`. Python's
/// `urllib.parse.unquote` undoes it. Ids made of other characters stay as they are.
package enum ItemEscaping {
  /// The token that stands for the item `id`.
  package static func escape(_ id: String) -> String {
    if id.isEmpty { return "%" }
    guard id.unicodeScalars.contains(where: needsEscape) else { return id }
    var token = ""
    for scalar in id.unicodeScalars {
      if needsEscape(scalar) {
        for byte in scalar.utf8 { token += String(format: "%%%02X", byte) }
      } else {
        token.unicodeScalars.append(scalar)
      }
    }
    return token
  }

  /// The item that `token` stands for; a `%` that no two hexadecimal digits follow stays as it is.
  package static func unescape(_ token: String) -> String {
    if token == "%" { return "" }
    guard token.utf8.contains(UInt8(ascii: "%")) else { return token }
    let bytes = Array(token.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
        let high = Character(Unicode.Scalar(bytes[index + 1])).hexDigitValue,
        let low = Character(Unicode.Scalar(bytes[index + 2])).hexDigitValue
      {
        result.append(UInt8(high * 16 + low))
        index += 3
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "%" || scalar == "[" || scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
  }
}
