/// Text as a field of a CSV line.
enum CSVField {
  /// As RFC 4180 has it: in quotation marks where it holds a comma, a quotation mark or the end of a line.
  static func quote(_ text: String) -> String {
    let plain = text.utf8.allSatisfy { $0 != 0x2C && $0 != 0x22 && $0 != 0x0A && $0 != 0x0D }
    return plain ? text : "\"\(text.replacing("\"", with: "\"\""))\""
  }
}
