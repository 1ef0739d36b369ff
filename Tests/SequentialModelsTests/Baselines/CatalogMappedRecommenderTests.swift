import Interactions
import Kernels
import SequentialModels
import Testing

@Suite struct CatalogMappedRecommenderTests {
  @Test func speaksTheLogsItems() {
    let own = Catalog(["a", "b", "c"])
    let training = InteractionLog(
      users: Catalog(["u"]), items: own, offsets: [0, 4], events: [0, 1, 0, 1].map { ItemID($0) })
    let base = LastItemMarkov(training)
    let mapped = CatalogMappedRecommender(base, knowing: own, for: Catalog(["z", "c", "b", "a"]))
    #expect(mapped.itemCount == 4 && mapped.unknownItems == 1 && mapped.name == base.name)
    let scores = Matrix(rows: 2, columns: 4)
    // The unknown last item is skipped: both histories end with a.
    mapped.score([[ItemID(3)], [ItemID(3), ItemID(0)]], into: scores)
    let direct = Matrix(rows: 1, columns: 3)
    base.score([[ItemID(0)]], into: direct)
    let expected = [-Float.infinity, direct[0, 2], direct[0, 1], direct[0, 0]]
    #expect(scores.values == expected + expected)
  }
}
