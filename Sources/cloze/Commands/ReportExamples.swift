import Interactions
import Items
import Kernels
import ModelFiles
import Recommending
import Reports
import SequentialModels

/// Makes the examples of a report: lists, neighbors and a map of one model on one log.
struct ReportExamples {
  static let users = 12
  private static let popular = 12
  private static let places = 300
  private static let (last, top, nearest) = (5, 5, 5)

  let loaded: ModelDirectory.Loaded
  /// In the model's items.
  let log: InteractionLog
  /// nil where nothing is known of items beside their ids.
  let table: ItemTable?

  /// - Parameter seed: draws the users.
  func make(seed: UInt64) -> ListExamples {
    let counts = log.eventCountsByItem
    let popular = counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
    let (places, variance) = map(Array(popular.prefix(Self.places)))
    return ListExamples(
      seed: seed, users: lists(drawn(seed)), neighbors: neighbors(Array(popular.prefix(Self.popular))), places: places,
      colored: category.map { $0.name }, variance: variance)
  }

  /// The title, or the id.
  private func name(_ item: Int) -> String { table?.title(of: loaded.items[item]) ?? loaded.items[item].text }

  /// Users with a history, in the order of a drawing.
  private func drawn(_ seed: UInt64) -> [UserID] {
    var random = SplitMix64(seed: seed)
    var left = (0..<log.userCount).map { UserID($0) }.filter { !log.history(of: $0).isEmpty }
    return (0..<min(Self.users, left.count)).map { _ in left.remove(at: random.below(left.count)) }
  }

  private func lists(_ users: [UserID]) -> [ListExamples.User] {
    let recommender = TopKRecommender(
      loaded.model, items: loaded.items, rules: ListRules(top: Self.top, excludesSeen: true))
    let histories = users.map { log.history(of: $0) }
    return zip(histories, recommender.recommend(histories.map { RecommendationRequest(history: $0) })).map {
      ListExamples.User(
        history: $0.suffix(Self.last).map { name($0.index) }, list: $1.items.map { name(Int($0.item)) })
    }
  }

  private func neighbors(_ items: [Int]) -> [ListExamples.Neighbors] {
    let similar = ItemSimilarity(loaded.model, .cosine)
    let lists = similar.nearest(Self.nearest, to: items.map { ItemID($0) }, workers: loaded.model.workers)
    return zip(items, lists).map { item, list in
      ListExamples.Neighbors(item: name(item), nearest: list.items.map { name(Int($0.item)) })
    }
  }

  private func map(_ items: [Int]) -> (places: [ListExamples.Place], variance: Double) {
    if items.count < 3 { return ([], 0) }
    let rows = Matrix(rows: items.count, columns: loaded.model.hidden)
    Rows.gather(loaded.model.itemTable, items.map { Int32($0) }, into: rows)
    let components = PrincipalComponents(of: rows, count: rows.columns)
    let seen = components.project(rows)
    let whole = components.variances.reduce(0, +)
    let places = items.indices.map { row in
      ListExamples.Place(
        item: name(items[row]), x: Double(seen[row, 0]), y: seen.columns > 1 ? Double(seen[row, 1]) : 0,
        category: category?.of(loaded.items[items[row]]))
    }
    return (places, whole == 0 ? 0 : components.variances.prefix(2).reduce(0, +) / whole)
  }

  /// The first column of categories, and the first value that an item has.
  private var category: (name: String, of: (Identifier) -> String?)? {
    guard let table, let index = table.columns.firstIndex(where: { $0.kind == .category }),
      case .categories(let values) = table.values[index]
    else { return nil }
    return (table.columns[index].name, { table.ids.index(of: $0).flatMap { values[$0].first?.text } })
  }
}
