import Testing
import cloze

@Suite struct TextTableTests {
  @Test func wordsStandLeftAndFiguresRight() {
    var table = TextTable([.text("model"), .number("HR@10"), .text("note")])
    table.append(["popularity", "0.0369", ""])
    table.append(["größer", "1", "best"])
    #expect(
      table.text == """
        model        HR@10  note
        ──────────  ──────  ────
        popularity  0.0369
        größer           1  best
        """)
  }

  @Test func anEmptyTableHasItsTitles() {
    #expect(TextTable([.text("a"), .number("b")]).text == "a  b\n─  ─")
  }
}
