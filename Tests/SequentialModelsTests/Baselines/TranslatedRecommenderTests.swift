import Interactions
import Kernels
import SequentialModels
import Testing

@Suite struct TranslatedRecommenderTests {
  @Test func speaksTheLogsItems() {
    let own = Catalog(["a", "b", "c"])
    let training = InteractionLog(
      users: Catalog(["u"]), items: own, offsets: [0, 4], events: [0, 1, 0, 1].map { ItemID($0) })
    let base = LastItemMarkov(training)
    let translated = TranslatedRecommender(base, knowing: own, for: Catalog(["z", "c", "b", "a"]))
    #expect(translated.itemCount == 4 && translated.unknownItems == 1 && translated.name == base.name)
    let scores = Matrix(rows: 2, columns: 4)
    // The unknown last item is skipped: both histories end with a.
    translated.score([[ItemID(3)], [ItemID(3), ItemID(0)]], into: scores)
    let direct = Matrix(rows: 1, columns: 3)
    base.score([[ItemID(0)]], into: direct)
    let expected = [-Float.infinity, direct[0, 2], direct[0, 1], direct[0, 0]]
    #expect(scores.values == expected + expected)
  }
}
