import ModelFiles
import SequentialModels
import Testing

@Suite struct ItemEscapingTests {
  static let odd = [
    "", " ", "blue shoe", "tab\tline\nreturn\r", "100%", "%20", "[MASK]", "a[SEP]b", "[", "##ing", "é", "e\u{301}",
    "東京", "🚀",
    "\u{A0}\u{2003}\u{3000}\u{85}\u{2028}", "\u{0}\u{7F}", "%", "%%", "%zz", "quote\"back\\slash", "\u{FEFF}x", "plain",
  ]

  @Test(arguments: odd) func comesBack(id: String) {
    let token = ItemEscaping.escape(id)
    #expect(ItemEscaping.unescape(token).utf8.elementsEqual(id.utf8))
    #expect(!token.isEmpty)
    #expect(!token.unicodeScalars.contains { $0.properties.isWhitespace || $0 == "[" })
  }

  @Test func isWhatAURLDoes() {
    #expect(ItemEscaping.escape("blue shoe [1] 100%") == "blue%20shoe%20%5B1]%20100%25")
    #expect(ItemEscaping.escape("\u{2003}") == "%E2%80%83")
    #expect(ItemEscaping.escape("B000FQ9QVI") == "B000FQ9QVI")
    #expect(ItemEscaping.unescape("a%2") == "a%2")
    #expect(ItemEscaping.unescape("a%zz%41") == "a%zzA")
  }
}
