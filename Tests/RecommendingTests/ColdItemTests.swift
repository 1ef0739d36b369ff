import Collectives
import Foundation
import InteractionStore
import Interactions
import Items
import Kernels
import ModelFiles
import NeuralNetwork
import Recommending
import SequentialModels
import TestSupport
import Testing

/// Items that a model has never seen: their rows, and lists that hold them.
@Suite struct ColdItemTests {
  private static let names = (0..<6).map { "i\($0)" }

  /// A table of the model's six items and three new ones, of which the last has a color that nobody else has.
  private func table() throws -> ItemTable {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let rows = Self.names.indices.map { "\(Self.names[$0]),\($0 % 2 == 0 ? "red" : "blue"),Title \($0)" }
    let new = ["n0,red,New 0", "n1,\"red|blue\",New 1", "n2,mauve,New 2"]
    let file = folder.appendingPathComponent("items.csv")
    try (["item_id,color,title"] + rows + new).joined(separator: "\n").write(
      to: file, atomically: true, encoding: .utf8)
    return try ItemTable.read(file.path)
  }

  /// - Parameter processes: over which its rows are spread.
  private func loaded(
    _ table: ItemTable, untrained: [Int32] = [], spreadOver processes: (any Processes)? = nil
  ) throws -> ModelDirectory.Loaded {
    let network = BERTNetwork(
      EncoderConfiguration(vocabularySize: 11, hidden: 8, layers: 1, heads: 2, positions: 12))
    let shards = processes.map { ItemShards($0, network.layout, table: network.encoder.embeddings.token) }
    let parameters = network.initialParameters(seed: 3, deviation: 0.5, items: shards)
    let vocabulary = try FeatureVocabulary(["color"], of: table, for: Catalog(Self.names))
    let parts = ModelFeatures.Parts(
      own: [Float](repeating: 0, count: shards == nil ? 88 : 0), ownBias: [Float](repeating: 0, count: 11),
      values: (0..<16).map { Float($0) / 8 - 1 }, valueBias: [0.5, -0.25], untrained: untrained,
      features: ModelFeatures(vocabulary: vocabulary, idDropout: 0.2, itemsFingerprint: ""))
    return ModelDirectory.Loaded(
      model: BERT4Rec(
        network: network, parameters: parameters, vocabulary: ItemVocabulary(items: 6), workers: Workers(threads: 1),
        itemShards: shards),
      items: Catalog(Self.names),
      tokenizer: Tokenizer(Vocabulary(items: Self.names), kind: .whitespace(escaped: true)),
      card: ModelCard(
        program: "", configuration: network.configuration, logFingerprint: "", split: "", seed: 0), parts: parts)
  }

  @Test func aNewItemIsTheMeanOfWhatItsValuesSay() throws {
    let table = try table()
    let old = try loaded(table, untrained: [7])
    let cold = try ColdItems(old, table)
    #expect(cold.added == 2 && cold.undescribed == 1)
    #expect(cold.loaded.items.names.map(\.text) == Self.names + ["n0", "n1"])
    #expect(cold.isCold == [false, false, true, false, false, false, true, true])
    let rows = cold.loaded.model.itemTable
    #expect(rows.prefix(6).values == old.model.itemTable.values)
    let red = (0..<8).map { Float($0) / 8 - 1 }
    let both = (0..<8).map { Float($0) / 8 - 0.5 }
    #expect(rows.rows(6..<7).values == red)
    #expect(rows.rows(7..<8).values == both)
    #expect(cold.loaded.model.itemBias.values.suffix(2) == [0.5, 0.125])
    // What was known is scored as before.
    let history = [0, 3].map { ItemID($0) }[...]
    let (before, after) = (Matrix(rows: 1, columns: 6), Matrix(rows: 1, columns: 8))
    old.model.score([history], into: before)
    cold.loaded.model.score([history], into: after)
    #expect(zip(before.values, after.values).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func aNewItemIsWhatItsVectorSaysToo() throws {
    let table = try table()
    let old = try loaded(table)
    var parts = try #require(old.parts)
    parts.whitening = VectorWhitening(mean: [1, 0], axes: Matrix(rows: 1, columns: 2, [2, 1]))
    parts.map = (0..<8).map { Float($0) }
    parts.mapBias = [0.25]
    let model = ModelDirectory.Loaded(
      model: old.model, items: old.items, tokenizer: old.tokenizer, card: old.card, parts: parts)
    let vectors = ItemVectors(
      source: "v.npy", ids: Catalog(["n0", "i1", "n9"]), vectors: Matrix(rows: 3, columns: 2, [2, 1, 9, 9, 1, -2]))
    let cold = try ColdItems(model, table, vectors: vectors)
    #expect(cold.loaded.items.names.suffix(3).map(\.text) == ["n0", "n1", "n9"])
    let rows = cold.loaded.model.itemTable
    let (both, vector) = ((0..<8).map { 3.125 * Float($0) - 1 }, (0..<8).map { -2 * Float($0) })
    #expect(rows.rows(6..<7).values == both)
    #expect(rows.rows(8..<9).values == vector)
    #expect(cold.loaded.model.itemBias.values.suffix(3) == [1.25, 0.125, -0.5])
    let wide = ItemVectors(source: "w.npy", ids: Catalog(["n0"]), vectors: Matrix(rows: 1, columns: 3))
    #expect(throws: ItemVectorError(path: "w.npy", fault: .width(found: 3, expected: 2))) {
      _ = try ColdItems(model, table, vectors: wide)
    }
  }

  @Test(arguments: [1, 2, 4]) func newItemsOfASpreadTableAreListedAlike(processes: Int) throws {
    let table = try table()
    let requests = [[], [0], [1, 2], [6, 3], [7]].map { RecommendationRequest(history: $0.map { ItemID($0) }[...]) }
    @Sendable func lists(_ processes: (any Processes)?) -> [RankedList] {
      let cold = try! ColdItems(try! loaded(table, spreadOver: processes), table)
      return TopKRecommender(cold.loaded.model, items: cold.loaded.items, rules: ListRules(top: 8)).recommend(requests)
    }
    let whole = lists(nil)
    #expect(whole.allSatisfy { $0.items.count == 8 })
    for spread in ThreadProcesses.run(processes, { lists($0) }) { #expect(spread == whole) }
  }

  @Test func aModelOfIDsAloneNamesHowItIsTrainedOtherwise() throws {
    let table = try table()
    let old = try loaded(table)
    let plain = ModelDirectory.Loaded(
      model: old.model, items: old.items, tokenizer: old.tokenizer, card: old.card)
    #expect(throws: ColdItemError.noFeatures(model: "BERT4Rec")) { _ = try ColdItems(plain, table) }
    #expect(try ColdItems(plain, nil).added == 0)
  }

  @Test(arguments: [0.1, 0.5, 1]) func listsHoldAtLeastTheirShareOfColdItems(share: Double) throws {
    let table = try table()
    let cold = try ColdItems(try loaded(table, untrained: [7]), table)
    let rules = ListRules(top: 4, excludesSeen: true)
    let requests = [[0], [1, 2], [6, 3]].map { RecommendationRequest(history: $0.map { ItemID($0) }[...]) }
    let plain = TopKRecommender(cold.loaded.model, items: cold.loaded.items, rules: rules)
    var shared = plain
    shared.coldShare = ColdShare(cold.loaded.model, isCold: cold.isCold, share: share)
    for (request, (before, after)) in zip(requests, zip(plain.recommend(requests), shared.recommend(requests))) {
      let seen = Set(request.history.map(\.rawValue))
      let left = cold.isCold.indices.filter { cold.isCold[$0] && !seen.contains(Int32($0)) }.count
      let found = after.items.count { cold.isCold[Int($0.item)] }
      #expect(found >= min(left, Int((share * 4).rounded(.up))))
      #expect(after.items.count == before.items.count)
      #expect(Set(after.items.map(\.item)).count == after.items.count)
      #expect(seen.isDisjoint(with: after.items.map(\.item)))
      #expect(zip(after.items, after.items.dropFirst()).allSatisfy { $0.score >= $1.score })
      if before.items.count(where: { cold.isCold[Int($0.item)] }) >= Int((share * 4).rounded(.up)) {
        #expect(after == before)
      }
    }
  }

  @Test func rowsSayTitlesAndWhatIsCold() throws {
    let table = try table()
    let cold = try ColdItems(try loaded(table), table)
    let labels = ItemLabels(table, for: cold.loaded.items, isCold: cold.isCold)
    let list = RankedList(items: [RankedItem(item: 6, score: 1.5), RankedItem(item: 0, score: 1)])
    let rows = list.rows(for: "ann", items: cold.loaded.items, labels: labels)
    let csv = RecommendationText(format: .csv, probabilities: false, columns: labels.columns)
    #expect(
      csv.of(rows, isFirst: true) == """
        user,rank,item,title,score,cold,source
        ann,1,n0,New 0,1.5,true,model
        ann,2,i0,Title 0,1.0,false,model

        """)
    let json = RecommendationText(format: .jsonLines, probabilities: false, columns: labels.columns)
    #expect(
      json.of([rows[0]], isFirst: true)
        == #"{"user":"ann","rank":1,"item":"n0","title":"New 0","score":1.5,"cold":true,"source":"model"}"# + "\n")
  }

  @Test func rulesAreReadAsTheyAreTyped() {
    #expect(ColdItems.Rule("keep") == .keep && ColdItems.Rule("only") == .only && ColdItems.Rule("remove") == .remove)
    #expect(ColdItems.Rule("share=0.1") == .share(0.1))
    for text in ["share=0", "share=1.5", "share", "all", ""] { #expect(ColdItems.Rule(text) == nil) }
  }
}
