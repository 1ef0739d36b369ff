import ModelFiles
import SequentialModels
import Testing

@Suite struct VocabularyTests {
  @Test func specialsStandFirstAndItemsFollow() {
    let vocabulary = Vocabulary(items: ["b", "a"])
    #expect(vocabulary.tokens == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "b", "a"])
    #expect(vocabulary.specials.ids == [0, 1, 2, 3, 4])
    #expect(vocabulary.id(of: "a") == 6)
    #expect(vocabulary.id(of: "c") == nil)
    #expect(vocabulary.itemIDs == [5, 6])
  }

  @Test func anItemMayBeCalledLikeASpecialToken() {
    var vocabulary = Vocabulary(items: ["[MASK]"])
    #expect(vocabulary.id(of: "[MASK]") == 5)
    #expect(vocabulary.id(of: "[PAD]") == nil)
    vocabulary.append("[PAD]")
    #expect(vocabulary.id(of: "[PAD]") == 6)
  }

  @Test func idsThatOnlyLookAlikeStayTwo() {
    let composed = "caf\u{E9}"
    let decomposed = "cafe\u{301}"
    let vocabulary = Vocabulary(items: [composed, decomposed])
    #expect(vocabulary.id(of: composed) == 5)
    #expect(vocabulary.id(of: decomposed) == 6)
    #expect(vocabulary != Vocabulary(items: [decomposed, composed]))
  }

  @Test func appendsOnlyWhatIsNew() {
    var vocabulary = Vocabulary(items: ["a"])
    let again = vocabulary.append("a")
    #expect(!again)
    #expect(vocabulary.count == 6)
  }
}
