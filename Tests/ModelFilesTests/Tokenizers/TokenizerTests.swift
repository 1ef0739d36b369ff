import ModelFiles
import SequentialModels
import Testing

@Suite struct TokenizerTests {
  @Test func readsTokensBetweenBlanks() {
    let vocabulary = Vocabulary(items: ["a", "b c", "[MASK]"])
    let escaped = Tokenizer(vocabulary, kind: .whitespace(escaped: true))
    #expect(escaped.encode(" a\tb%20c  x [MASK] %5BMASK]").ids == [5, 6, 1, 4, 7])
    #expect(escaped.encode("a a").words == [0, 1])
    let plain = Tokenizer(vocabulary, kind: .whitespace(escaped: false))
    #expect(plain.encode("a b%20c").ids == [5, 1])
    #expect(plain.encode("").ids.isEmpty)
  }
}
