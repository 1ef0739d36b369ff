import InteractionStore
import Interactions
import Recommending
import SequentialModels
import Synchronization

/// The model that answers and the histories it answers from; both change while requests are prepared.
final class ServingState: Sendable {
  private struct Values {
    var model: ServedModel
    var log: LiveLog?
    /// The model's item of each item of the log, −1 where it knows none.
    var numbers: [Int32] = []
    /// The group of each of the model's items.
    var groups: [Int32] = []
    /// How often the log was read.
    var reading = 0
    /// Changes with the events that popular items are counted in.
    var popularity = 0
    /// nil where popular items are to be counted again.
    var recommender: TopKRecommender?
    /// Others that have the same histories.
    var followers: [ServingState] = []
  }

  private let values: Mutex<Values>
  private let groups: [(item: Identifier, group: Identifier)]

  init(_ model: ServedModel, log: LiveLog?, groups: [(item: Identifier, group: Identifier)]) {
    self.groups = groups
    var values = Values(model: model, log: log)
    values.numbers = Self.numbers(of: log?.items, in: model)
    values.groups = Self.groups(groups, in: model)
    self.values = Mutex(values)
  }

  var model: ServedModel { values.withLock { $0.model } }

  /// Users, items and events of the log.
  var size: (users: Int, items: Int, events: Int)? {
    values.withLock { $0.log.map { ($0.users.count, $0.items.count, $0.eventCount) } }
  }

  /// How many items of the log the model does not know.
  var unknownItemCount: Int { values.withLock { $0.numbers.count { $0 < 0 } } }

  /// The user's history by name, oldest first; nil where there is no such user.
  func history(of user: Identifier) -> [Identifier]? {
    values.withLock { values in
      guard let log = values.log else { return nil }
      return log.history(of: user)?.map { log.items[Int($0)] }
    }
  }

  /// The number of events of an item; nil where there is no log or it has no such item.
  func events(of item: Identifier) -> Int? {
    values.withLock { values in values.log.flatMap { log in log.items.index(of: item).map { log.counts[$0] } } }
  }

  var userNames: [Identifier] { values.withLock { $0.log?.users.names ?? [] } }

  /// Lets histories grow by events that the store has taken.
  func append(_ events: [NewEvent]) {
    let followers = values.withLock { values in
      values.log?.append(events)
      Self.recount(&values)
      return values.followers
    }
    for follower in followers { follower.append(events) }
  }

  func replace(log: LiveLog) {
    let model = self.model
    let numbers = Self.numbers(of: log.items, in: model)
    let followers = values.withLock { values in
      values.log = log
      values.reading += 1
      values.numbers = values.model === model ? numbers : Self.numbers(of: log.items, in: values.model)
      Self.recount(&values)
      return values.followers
    }
    for follower in followers { follower.replace(log: log) }
  }

  /// Lets `other` have these histories from now on, and what they grow by.
  func share(with other: ServingState) {
    let log = values.withLock { values in
      values.followers.append(other)
      return values.log
    }
    if let log { other.replace(log: log) }
  }

  func replace(model: ServedModel) {
    // Names are looked up outside of the lock; those of items that came meanwhile, within.
    let (items, reading) = values.withLock { ($0.log?.items, $0.reading) }
    let numbers = Self.numbers(of: items, in: model)
    let groups = Self.groups(groups, in: model)
    values.withLock { values in
      (values.model, values.groups) = (model, groups)
      values.numbers = values.reading == reading ? numbers : Self.numbers(of: values.log?.items, in: model)
      Self.recount(&values)
    }
  }

  /// The requests in the items of the model that answers, and the ids that it does not know.
  ///
  /// - Throws: `ServingError.noStore`, `.noCandidates`, `.noGroups`.
  func prepare(
    _ requests: [ListRequest]
  ) throws(ServingError) -> (model: ServedModel, lists: [(list: PreparedList, unknown: [Identifier])]) {
    let (model, base, popularity, groups, histories) = try values.withLock { values throws(ServingError) in
      let base = values.recommender ?? Self.recommender(values)
      values.recommender = base
      var histories: [History] = []
      for request in requests { histories.append(try Self.history(of: request, values)) }
      return (values.model, base, values.popularity, values.groups, histories)
    }
    var lists: [(PreparedList, [Identifier])] = []
    for (request, history) in zip(requests, histories) {
      var mapper = ItemMapper(model.items)
      var items = history.known
      if case .items(let names) = request.history { items = mapper.map(names) }
      _ = mapper.map(history.unknown)
      let excluded = mapper.map(request.excluded) + (request.excludesSeen ? items : [])
      let only = request.only.map { Set(mapper.map($0).map(\.rawValue)).sorted() }
      if only?.isEmpty == true { throw .noCandidates }
      if request.mostPerGroup != nil && self.groups.isEmpty { throw .noGroups }
      let rules = ListRules(
        top: request.top, groupLimit: request.mostPerGroup.map { GroupLimit(groups: groups, most: $0) },
        probabilities: request.probabilities)
      lists.append(
        (
          PreparedList(
            kind: PreparedList.Kind(
              model: ObjectIdentifier(model), popularity: popularity, only: only, rules: rules),
            base: base, request: RecommendationRequest(user: history.user, history: items[...], excluded: excluded)),
          mapper.unknown.names
        ))
    }
    return (model, lists)
  }

  private struct History {
    var user: Identifier
    var known: [ItemID] = []
    var unknown: [Identifier] = []
  }

  private static func history(of request: ListRequest, _ values: Values) throws(ServingError) -> History {
    guard case .user(let name) = request.history else { return History(user: "history") }
    guard let log = values.log else { throw .noStore }
    var history = History(user: name)
    for item in log.history(of: name) ?? [] {
      let number = values.numbers[Int(item)]
      if number >= 0 {
        history.known.append(ItemID(rawValue: number))
      } else {
        history.unknown.append(log.items[Int(item)])
      }
    }
    return history
  }

  private static func recommender(_ values: Values) -> TopKRecommender {
    var popularity: [Int]?
    if let log = values.log {
      var counts = [Int](repeating: 0, count: values.model.items.count)
      for (number, events) in zip(values.numbers, log.counts) where number >= 0 { counts[Int(number)] += events }
      popularity = counts
    }
    return values.model.recommender.with(popularity: popularity)
  }

  private static func recount(_ values: inout Values) {
    if let items = values.log?.items {
      for item in values.numbers.count..<max(values.numbers.count, items.count) {
        values.numbers.append(values.model.items.index(of: items[item]).map(Int32.init) ?? -1)
      }
    }
    values.popularity += 1
    values.recommender = nil
  }

  private static func numbers(of items: Catalog?, in model: ServedModel) -> [Int32] {
    items?.names.map { model.items.index(of: $0).map(Int32.init) ?? -1 } ?? []
  }

  private static func groups(_ groups: [(item: Identifier, group: Identifier)], in model: ServedModel) -> [Int32] {
    if groups.isEmpty { return [] }
    return GroupLimit.assigning(groups, most: 1, catalog: model.items).limit.groups
  }
}
