import Foundation
import InteractionStore
import Interactions
import Recommending
import Serving

/// A model that answers while requests, events and new models come: what an HTTP server needs, without HTTP.
///
/// Requests that wait are answered together, on threads of the service's own; lists are those of `Recommender` and of
/// `cloze recommend`. Safe to use from many tasks at once. `close` ends its threads.
public final class RecommendationService: Sendable {
  /// How a service answers.
  public struct Options: Sendable {
    /// Lists that may wait; a request beyond them is refused.
    public var waiting = 1_024
    /// Lists that are answered together.
    public var batch = 128
    /// How long a request may wait for its turn.
    public var deadline = Duration.seconds(2)
    /// Threads that encode and rank; results do not depend on it.
    public var threads = ProcessInfo.processInfo.activeProcessorCount
    /// Bytes that the model may take for histories that it has encoded: one that comes again costs nothing, and in a causal
    /// model one that goes on costs its new items alone. Results do not depend on it; 0 keeps nothing.
    public var sessionCacheBytes = 256_000_000
    /// A file of items, as `cloze recommend --items-from` reads it, for the titles in answers; nil for those of the store. Read
    /// again with every model.
    public var itemsFrom: URL?
    /// The group of each item, for requests that limit them.
    public var groups: [(item: String, group: String)] = []

    public init() {}
  }

  /// One list that is requested.
  public struct Request: Sendable {
    public enum History: Sendable {
      /// A user of the log; one that it lacks gets popular items.
      case user(String)
      /// Oldest first.
      case items([String])
    }

    public var history: History
    /// The length of the list.
    public var top = 10
    /// Whether the items of the history are left out.
    public var excludingSeen = false
    /// Items that the list must not contain.
    public var excluded: [String] = []
    /// The only items that it may contain; nil for all that the model knows.
    public var only: [String]?
    /// At most this many items of one group.
    public var mostPerGroup: Int?
    /// Whether each item comes with its probability among the candidates.
    public var probabilities = false

    public init(_ history: History) { self.history = history }
  }

  /// What a caller may want to count.
  public enum Event: Sendable {
    /// So many lists were answered together, in `work`; each had waited.
    case answered(lists: Int, waits: [Duration], work: Duration)
    /// So many events were written together.
    case stored(events: Int, work: Duration)
    /// A model answers from now on; its SHA-256.
    case loaded(model: String)
    /// A model was refused, and why; the one before goes on.
    case refused(String)
  }

  /// What the model that answers has taken from the histories it keeps, since it was loaded.
  public struct SessionCache: Sendable, Equatable {
    /// Histories that were encoded before.
    public let identical: Int
    /// Histories that went on behind one that was.
    public let extended: Int
    /// Histories that were encoded whole.
    public let whole: Int
    /// Rows of the encoder that were taken, and that were computed.
    public let rowsTaken: Int, rowsComputed: Int
    /// What is kept takes so many bytes.
    public let bytes: Int
  }

  /// Why a service gives no answer.
  public enum Refusal: Error, Sendable, Equatable, CustomStringConvertible {
    /// As many requests wait as may; try again.
    case overloaded(String)
    /// The deadline passed before its turn came.
    case late(String)
    case closed(String)
    /// The request cannot be answered as it is.
    case request(String)
    /// The store or the new model cannot be used.
    case failed(String)

    public var description: String {
      switch self {
      case .overloaded(let text), .late(let text), .closed(let text), .request(let text), .failed(let text): text
      }
    }
  }

  private let engine: RecommendationEngine

  /// Loads the model in `directory`, and the histories of `log`: a store, which also takes events, or a log file.
  ///
  /// - Throws: `ClozeError.model` or `.log`.
  public init(
    directory: URL, log: URL? = nil, options: Options = Options(),
    observe: @escaping @Sendable (Event) -> Void = { _ in }
  ) throws(ClozeError) {
    var configuration = RecommendationEngine.Configuration()
    configuration.lists = QueueLimits(waiting: max(1, options.waiting), batch: max(1, options.batch))
    configuration.patience = options.deadline
    configuration.threads = max(1, options.threads)
    configuration.cacheBytes = max(0, options.sessionCacheBytes)
    configuration.items = { [itemsFrom = options.itemsFrom?.path, log = log?.path] in
      try ItemSource.load(itemsFrom, log: log)
    }
    configuration.groups = options.groups.map { (item: Identifier($0.item), group: Identifier($0.group)) }
    let metrics = ServiceMetrics()
    do {
      engine = try RecommendationEngine(model: directory, log: log, configuration: configuration) { event in
        metrics.count(event)
        switch event {
        case .lists(let report) where report.jobs > 0:
          observe(.answered(lists: report.weight, waits: report.waited, work: report.worked))
        case .store(let report) where report.done > 0: observe(.stored(events: report.done, work: report.worked))
        case .lists, .store: break
        case .loaded(let model, _): observe(.loaded(model: model.hash))
        case .notLoaded(let reason): observe(.refused(reason))
        }
      }
    } catch let error as LogError {
      throw .log("\(error)")
    } catch let error as StoreError {
      throw .log("\(error)")
    } catch {
      throw .model("\(error)")
    }
  }

  /// The SHA-256 of the model that answers.
  public var model: String { engine.model.hash }

  /// nil where nothing is kept.
  public var sessionCache: SessionCache? {
    engine.model.cacheStatistics.map {
      SessionCache(
        identical: $0.identical, extended: $0.extended, whole: $0.whole, rowsTaken: $0.rowsTaken,
        rowsComputed: $0.rowsComputed, bytes: $0.bytes)
    }
  }

  /// One list per request, in order, all of one model.
  ///
  /// - Throws: `Refusal`.
  public func recommend(_ requests: [Request]) async throws -> [Recommendations] {
    try await refusing {
      try await engine.recommend(requests.map(Self.listRequest)).map {
        Recommendations($0.list, $0.model.items, labels: $0.model.labels, unknownItems: $0.unknown.map(\.text))
      }
    }
  }

  /// The items nearest to `item` in the model's table, nearest first, without itself.
  ///
  /// - Throws: `Refusal`.
  public func similarItems(
    to item: String, top: Int = 10, by measure: Recommender.Similarity = .cosine
  ) async throws -> [Recommendations.Entry] {
    try await refusing {
      let (model, lists) = try await engine.similar(
        to: [Identifier(item)], top: max(0, top), by: measure == .cosine ? .cosine : .product)
      return Recommendations(lists[0], model.items, labels: model.labels, unknownItems: []).entries
    }
  }

  /// Adds an event to the store; it is on disk, and lists count it, when this returns.
  ///
  /// - Parameter time: when it was; now if not given. Only for a store whose events have times.
  /// - Throws: `Refusal`.
  public func addEvent(user: String, item: String, time: Date? = nil, group: String? = nil) async throws {
    let event = NewEvent(
      user: Identifier(user), item: Identifier(item),
      time: time.map { Int64(exactly: ($0.timeIntervalSince1970 * 1e6).rounded()) ?? .max },
      group: group.map { Identifier($0) })
    try await refusing { try await engine.append([event]) }
  }

  /// Loads the model on disk beside the one that answers and lets it take its place; reads the log again.
  ///
  /// - Throws: `Refusal.failed`; the model that answered goes on.
  public func reload() async throws { try await refusing { _ = try await engine.reload() } }

  /// Takes no more requests, answers those that wait, and ends the threads.
  public func close() async { await engine.close() }

  private static func listRequest(_ request: Request) -> ListRequest {
    let history: ListRequest.History =
      switch request.history {
      case .user(let user): .user(Identifier(user))
      case .items(let items): .items(items.map { Identifier($0) })
      }
    return ListRequest(
      history, top: max(0, request.top), excludesSeen: request.excludingSeen,
      excluded: request.excluded.map { Identifier($0) }, only: request.only?.map { Identifier($0) },
      mostPerGroup: request.mostPerGroup.map { max(1, $0) }, probabilities: request.probabilities)
  }

  private func refusing<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
      return try await body()
    } catch let error as ServingError {
      let text = error.description
      switch error {
      case .overloaded: throw Refusal.overloaded(text)
      case .late: throw Refusal.late(text)
      case .stopped: throw Refusal.closed(text)
      case .store, .badModel: throw Refusal.failed(text)
      case .noStore, .unknownUser, .unknownItem, .noCandidates, .noGroups, .badEvent: throw Refusal.request(text)
      }
    }
  }
}
