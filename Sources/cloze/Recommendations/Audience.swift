import Interactions

/// Somebody to recommend to.
struct Person {
  var name: String
  /// Items the model knows, oldest first.
  var history: ArraySlice<ItemID>
}

/// Whoever is recommended to, in order, a batch at a time.
protocol Audience {
  /// How many people there are; nil where it shows only at the end.
  var count: Int? { get }
  /// Items of histories so far that the model does not know, in the order of their appearance.
  var unknownItems: [String] { get }
  /// How often somebody came who had come before.
  var repeated: Int { get }
  /// The next people, at most `most` of them; none at the end.
  mutating func next(_ most: Int) throws -> [Person]
}

/// People of a log, or people whose histories were typed.
struct ListedAudience: Audience {
  let people: [Person]
  let unknownItems: [String]
  let repeated = 0
  private var position = 0

  var count: Int? { people.count }

  /// Everybody in `log`, or those of `names`; whoever is not in the log has an empty history.
  init(_ log: InteractionLog, unknownItems: [String], names: [String]? = nil) {
    self.unknownItems = unknownItems
    people =
      names?.map { name in
        Person(name: name, history: log.users.index(of: name).map { log.history(of: UserID($0)) } ?? [])
      } ?? (0..<log.userCount).map { Person(name: log.users[$0].text, history: log.history(of: UserID($0))) }
  }

  /// One person per history of item names; a single one is called `history`, several `history 1`, `history 2`, ….
  init(histories: [[String]], catalog: Catalog) {
    var reader = HistoryReader(catalog)
    people = histories.enumerated().map { index, names in
      Person(name: histories.count == 1 ? "history" : "history \(index + 1)", history: reader.read(names))
    }
    unknownItems = reader.unknown.names.map(\.text)
  }

  mutating func next(_ most: Int) -> [Person] {
    let batch = people[position..<min(people.count, position + most)]
    position += batch.count
    return Array(batch)
  }
}

/// Turns item names into the model's items, and keeps the names it does not know.
struct HistoryReader {
  let catalog: Catalog
  private(set) var unknown = Catalog()

  init(_ catalog: Catalog) { self.catalog = catalog }

  mutating func read(_ names: [String]) -> ArraySlice<ItemID> {
    var history: [ItemID] = []
    for name in names {
      if let index = catalog.index(of: name) { history.append(ItemID(index)) } else { _ = unknown.insert(name) }
    }
    return history[...]
  }
}
