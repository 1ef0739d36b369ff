import ClozeServer
import Foundation
import InteractionStore
import Interactions
import Items
import Kernels
import ModelFiles
import Recommending
import Serving
import Testing

@Suite struct TitleTests {
  let shop: SmallShop
  let table: ItemTable

  /// `item 3` has no title, `new 0` has one that the model has no item for.
  init() throws {
    shop = try SmallShop()
    let file = shop.folder.appendingPathComponent("items.csv")
    let titles = ["Red lamp", "lamp, red", "Clamp", "", "Blue Chair", "Ärmel"]
    var rows = "item,title\n"
    for (item, title) in zip(SmallShop.items, titles) { rows += "\(item),\"\(title)\"\n" }
    try Data((rows + "new 0,Stool\n").utf8).write(to: file)
    table = try ItemTable.read(file.path)
  }

  func served(_ table: ItemTable?) throws -> ServedModel {
    try ServedModel(shop.model, titles: table.flatMap { ItemTitles($0) }, workers: Workers(threads: 1))
  }

  @Test func searchLooksAtTitlesAndIds() throws {
    let model = try served(table)
    #expect(model.items(like: "LAMP", 10) == [1, 0, 2])
    #expect(model.items(like: "lamp", 1) == [1])
    #expect(model.items(like: "chair", 10) == [4] && model.items(like: "äRM", 10) == [5])
    #expect(model.items(like: "item 1", 3) == [1, 10, 11])
    #expect(model.items(like: "", 2) == [0, 1] && model.items(like: "none of them", 5) == [])
    #expect(model.labels.title(of: 0) == "Red lamp" && model.labels.title(of: 3) == nil)
    #expect(model.titles?.title(of: "new 0") == "Stool")
    let plain = try served(nil)
    #expect(plain.items(like: "lamp", 10) == [] && plain.items(like: "59", 10) == [59])
  }

  @Test func aSecondModelHasTheHistoriesOfTheFirst() async throws {
    let first = try shop.engine { [table] in $0.items = { table } }
    try shop.write(seed: 2)
    let second = try RecommendationEngine(model: shop.model, beside: first, configuration: first.configuration)
    let api = API(first, comparedTo: second, metrics: ServerMetrics())
    try await first.append([NewEvent(user: "zoe", item: "item 4"), NewEvent(user: "zoe", item: "new 0")])
    let request = ListRequest(.user("zoe"), top: 3)
    let lists = try await [first.recommend([request])[0], second.recommend([request])[0]]
    #expect(lists[0].list != lists[1].list && lists.map(\.list.source) == [.model, .model])
    #expect(lists.map(\.unknown) == [["new 0"], ["new 0"]])
    // Popular items are those of the same store, and new events count for both.
    let popular = ListRequest(.items(["nothing known"]), top: 60)
    #expect(try await first.recommend([popular])[0].list == second.recommend([popular])[0].list)
    let body = Array(#"{"user": "zoe", "k": 60, "model": "\#(second.model.shortHash)"}"#.utf8)
    let response = await api.respond(
      to: APIRequest("POST", "/v1/recommend", body: body) { $0 == "content-type" ? "application/json" : nil }
    ).response
    let json = try #require(JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any])
    #expect(json["model"] as? String == second.model.shortHash)
    let items = try #require(json["items"] as? [[String: Any]])
    let titles = Dictionary(uniqueKeysWithValues: items.map { ($0["item"] as! String, $0["title"] as? String) })
    #expect(titles["item 0"] == "Red lamp" && titles["item 3"] == .some(nil) && titles.count == 60)
    await first.close()
    await second.close()
  }

  @Test func rowsHaveTitlesWhereTheRequestSaysSo() async throws {
    let engine = try shop.engine { [table] in $0.items = { table } }
    let api = API(engine, metrics: ServerMetrics())
    func answer(_ titles: String, _ accept: String, of api: API) async -> (status: Int, text: String) {
      let body = Array(#"{"items": ["item 1"], "k": 60\#(titles)}"#.utf8)
      let headers = ["content-type": "application/json", "accept": accept]
      let response = await api.respond(to: APIRequest("POST", "/v1/recommend", body: body) { headers[$0] }).response
      return (response.status, String(decoding: response.body, as: UTF8.self))
    }
    let list = try await engine.recommend([ListRequest(.items(["item 1"]), top: 60)])[0].list
    let labels = ItemLabels(table, for: engine.model.items)
    for (accept, format) in [("text/csv", RecommendationText.Format.csv), ("application/x-ndjson", .jsonLines)] {
      for (titles, labels) in [(#", "titles": true"#, labels), (#", "titles": false"#, .none), ("", .none)] {
        let text = RecommendationText(format: format, probabilities: false, columns: labels.columns)
        let rows = list.rows(for: "history", items: engine.model.items, labels: labels)
        #expect(await answer(titles, accept, of: api) == (200, text.of(rows, isFirst: true)))
      }
    }
    #expect(await answer("", "*/*", of: api).text.contains(#""title":"Red lamp""#))
    #expect(await !answer(#", "titles": false"#, "*/*", of: api).text.contains("title"))
    let untitled = API(try shop.engine(), metrics: ServerMetrics())
    let refused = await answer(#", "titles": true"#, "text/csv", of: untitled)
    #expect(refused.status == 409 && refused.text.contains("start the service with --items-from FILE"))
    // Before anything is ranked.
    #expect(untitled.engine.model.cacheStatistics.map { $0.identical + $0.extended + $0.whole } == 0)
    await engine.close()
    await untitled.engine.close()
  }
}
