import Foundation
import InteractionStore
import Interactions
import Items
import Kernels
import ModelFiles
import Recommending
import SequentialModels
import Synchronization

/// Answers requests while models and histories change: what waits is answered together, on threads of its own.
///
/// - `cloze list`: encodes, ranks and explains, in batches of what waits.
/// - `cloze store`: writes events, all that wait in one transaction.
/// - `cloze load`: loads models beside the one that answers.
package final class RecommendationEngine: Sendable {
  /// How a service answers; the model and the log come apart.
  package struct Configuration: Sendable {
    /// Lists that may wait, and that are answered together.
    package var lists = QueueLimits(waiting: 1_024, batch: 128)
    /// Events that may wait, and that are written together.
    package var events = QueueLimits(waiting: 16_384, batch: 4_096)
    /// How long a request may wait for its turn.
    package var patience = Duration.seconds(2)
    package var threads = 1
    /// What a model may keep of histories that it has encoded, for those that go on; 0 for nothing.
    package var cacheBytes = 256_000_000
    /// The group of each item, for requests that limit them.
    package var groups: [(item: Identifier, group: Identifier)] = []
    /// What is known of items, for titles; read again with every model.
    package var items: @Sendable () throws -> ItemTable? = { nil }
    /// Catalogs beyond this are not searched for what a caller may have meant.
    package var largestCatalogForSuggestions = 20_000

    package init() {}
  }

  /// What a caller may want to count.
  package enum Event: Sendable {
    case lists(QueueReport)
    case store(QueueReport)
    case loaded(ServedModel, Duration)
    case notLoaded(String)
  }

  typealias ListQueue = BatchingQueue<ListJob, ListJob.Answer>
  typealias StoreQueue = BatchingQueue<StoreJob, Void>

  package let configuration: Configuration
  /// Where histories come from; nil where every request brings its own.
  package let log: URL?
  package let workers: Workers
  let directory: URL
  let state: ServingState
  let lists: ListQueue
  let store: StoreQueue?
  let loader: BatchingQueue<Void, ServedModel>
  let observe: @Sendable (Event) -> Void

  /// Loads the model in `directory`, and the histories of `log`: a store, which also takes events, or a file.
  ///
  /// - Parameter first: an engine whose histories are this one's as well, where it has no log of its own.
  /// - Throws: what loading the model throws, `LogError`, `StoreError`, `ItemError`.
  package init(
    model directory: URL, log: URL? = nil, beside first: RecommendationEngine? = nil,
    configuration: Configuration = Configuration(),
    observe: @escaping @Sendable (Event) -> Void = { _ in }
  ) throws {
    (self.directory, self.log, self.configuration, self.observe) = (directory, log, configuration, observe)
    let workers = Workers(threads: configuration.threads)
    self.workers = workers
    let start = ContinuousClock.now
    precondition(log == nil || first == nil, "a log of its own, and that of another engine")
    let load: @Sendable () throws -> ServedModel = {
      try ServedModel(
        directory, titles: configuration.items().flatMap { ItemTitles($0) }, cacheBytes: configuration.cacheBytes,
        workers: workers)
    }
    let served = try load()
    let state = ServingState(
      served, log: try log.map { try LiveLog($0, asFor: served) }, groups: configuration.groups)
    self.state = state
    first?.state.share(with: state)
    lists = ListQueue("cloze list", limits: configuration.lists, observe: { observe(.lists($0)) }) { jobs in
      ListJob.answers(jobs, workers: workers)
    }
    if let log, LogSource.isDatabase(log.path) {
      let writer = try StoreWriter(log, state: state)
      store = StoreQueue("cloze store", limits: configuration.events, observe: { observe(.store($0)) }) { jobs in
        writer.answers(jobs)
      }
    } else {
      store = nil
    }
    loader = BatchingQueue("cloze load", limits: .init(waiting: 1_024, batch: 1_024)) { waiting in
      // Every request that waits gets the same new model.
      let start = ContinuousClock.now
      let result = Result { () throws -> ServedModel in
        let model = try load()
        if log != nil, !LogSource.isDatabase(log!.path) {
          state.replace(log: try LiveLog(log!, asFor: model))
        }
        state.replace(model: model)
        return model
      }.mapError { ServingError.badModel("\($0)") as any Error }
      switch result {
      case .success(let model): observe(.loaded(model, ContinuousClock.now - start))
      case .failure(let error): observe(.notLoaded("\(error)"))
      }
      return waiting.map { result }
    }
    observe(.loaded(served, ContinuousClock.now - start))
  }

  deinit {
    lists.stop()
    store?.stop()
    loader.stop()
  }

  /// The model that answers.
  package var model: ServedModel { state.model }

  /// What the weights of the model look like on disk now.
  package var stampOnDisk: FileStamp { FileStamp(of: directory) }

  /// What waits: lists and events.
  package var waiting: (lists: Int, events: Int) { (lists.waiting, store?.waiting ?? 0) }

  /// One answer per request, in order; all of them by one model.
  ///
  /// - Throws: `ServingError`.
  package func recommend(_ requests: [ListRequest]) async throws -> [ListAnswer] {
    if requests.isEmpty { return [] }
    let (model, prepared) = try state.prepare(requests)
    let answer = try await lists.answer(
      .lists(prepared.map(\.list)), weight: requests.count, patience: configuration.patience)
    guard case .lists(let ranked) = answer else { preconditionFailure("an answer of another kind") }
    return zip(ranked, prepared).map {
      ListAnswer(list: $0, model: model, user: $1.list.request.user, unknown: $1.unknown)
    }
  }

  /// The items nearest to each of `items`, nearest first.
  ///
  /// - Throws: `ServingError`, `.unknownItem` for the first that the model does not know.
  package func similar(
    to items: [Identifier], top: Int, by measure: ItemSimilarity.Measure
  ) async throws -> (model: ServedModel, lists: [RankedList]) {
    let model = state.model
    var numbers: [ItemID] = []
    for item in items { numbers.append(try known(item, in: model)) }
    let answer = try await lists.answer(
      .similar(model, numbers, measure, top: top), weight: items.count, patience: configuration.patience)
    guard case .lists(let ranked) = answer else { preconditionFailure("an answer of another kind") }
    return (model, ranked)
  }

  /// What each item of a history does to the score and rank of `item`, or of the first item of its list.
  ///
  /// - Throws: `ServingError`, `.noCandidates` where the item is none of the request's candidates.
  package func explain(
    _ item: Identifier?, _ request: ListRequest
  ) async throws -> (explanation: Explanation, unknown: [Identifier], model: ServedModel) {
    let (model, prepared) = try state.prepare([request])
    let target = try item.map { try known($0, in: model) }
    // It encodes the history once per item that the model reads.
    let length = min(prepared[0].list.request.history.count, model.model.network.configuration.positions) + 1
    let answer = try await lists.answer(
      .explanation(prepared[0].list, target), weight: length, patience: configuration.patience)
    guard case .explanation(let explanation?) = answer else { throw ServingError.noCandidates }
    return (explanation, prepared[0].unknown, model)
  }

  /// Adds events to the store, and to the histories that lists are made from.
  ///
  /// - Throws: `ServingError`; nothing was then added.
  package func append(_ events: [NewEvent]) async throws {
    guard let store else { throw ServingError.noStore }
    _ = try await store.answer(.append(events), weight: events.count, patience: configuration.patience)
  }

  /// Loads the model on disk beside the one that answers, checks it and lets it answer from then on; reads the log again.
  ///
  /// - Throws: `ServingError.badModel`; the model that answered then goes on.
  @discardableResult package func reload() async throws -> ServedModel {
    let model = try await loader.answer(())
    // It weighs nothing: what a report of the store weighs are events.
    _ = try await store?.answer(.read, weight: 0)
    return model
  }

  /// Takes no more requests, and returns when all that wait are answered.
  package func close() async {
    await lists.close()
    await store?.close()
    await loader.close()
  }

  /// The place of an item in the model, from 0.
  ///
  /// - Throws: `ServingError.unknownItem`.
  package func index(of item: Identifier) throws(ServingError) -> Int { try known(item, in: state.model).index }

  func known(_ item: Identifier, in model: ServedModel) throws(ServingError) -> ItemID {
    if let index = model.items.index(of: item) { return ItemID(index) }
    let names = model.items.names
    throw .unknownItem(
      item,
      suggestion: names.count <= configuration.largestCatalogForSuggestions
        ? NearestName.suggestion(for: item.text, among: names.lazy.map(\.text)) : nil)
  }
}

extension RecommendationEngine {
  /// Users, items and events of the log; nil where there is none.
  package var logSize: (users: Int, items: Int, events: Int)? { state.size }

  /// How many items of the log the model does not know; histories skip them.
  package var unknownItemCount: Int { state.unknownItemCount }

  /// The user's items, oldest first; nil where the log has no such user.
  package func history(of user: Identifier) -> [Identifier]? { state.history(of: user) }

  /// The number of events of an item; nil where the log does not have it.
  package func events(of item: Identifier) -> Int? { state.events(of: item) }

  /// The first `count` users of the log whose id holds `text`, those that begin with it before the others.
  package func users(like text: String, _ count: Int) -> [Identifier] {
    Self.matches(state.userNames, text, count)
  }

  /// How many ids are looked at for one search.
  private static let mostSearched = 200_000

  private static func matches(_ names: [Identifier], _ text: String, _ count: Int) -> [Identifier] {
    let wanted = Array(text.lowercased().utf8)
    var (first, then): ([Identifier], [Identifier]) = ([], [])
    for name in names.prefix(mostSearched) {
      if first.count == count { break }
      let letters = name.text.lowercased().utf8
      if letters.starts(with: wanted) {
        first.append(name)
      } else if then.count < count, letters.firstRange(of: wanted) != nil {
        then.append(name)
      }
    }
    return Array((first + then).prefix(count))
  }
}
