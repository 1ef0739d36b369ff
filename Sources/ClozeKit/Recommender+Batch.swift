import Foundation
import Interactions
import Recommending

extension Recommender {
  /// Where the lists of many users go; a file or table appears whole at the end.
  public enum Destination: Sendable {
    /// A file that ends in `.csv` or `.jsonl`.
    case file(URL)
    /// A table of a store, in place of one that a run like this wrote earlier.
    case table(String, in: Store)
  }

  /// What a batch run lists, and for whom.
  public struct Batch: Sendable {
    /// Only these users, in order; nil for all users of the log. One that the log lacks gets popular items.
    public var users: [String]?
    /// The length of a list.
    public var top = 10
    /// Whether a list leaves out the items of its user's history.
    public var excludingSeen = false
    /// Pairs not to recommend.
    public var excludedPairs: [(user: String, item: String)] = []
    /// Whether each item comes with its probability among the user's candidates.
    public var probabilities = false
    /// Whether items of `excludedPairs` that the model does not know are ignored instead of refused.
    public var allowsUnknownItems = false
    /// Whether to resume an earlier run of the same request that was killed or cancelled, where there is one.
    public var resumes = false

    public init() {}
  }

  /// What became of the users of a batch run.
  public struct BatchSummary: Sendable, Equatable {
    /// Users of this run; those of the run it resumed are not counted.
    public let users: Int
    public let rows: Int
    /// Users who got popular items because none of their own is known.
    public let usersWithPopularItems: Int
    /// Users for whom no candidate was left; their one row says so.
    public let usersWithoutItems: Int
    /// Items of the log that the model does not know, each once; they were skipped.
    public let unknownItems: [String]
  }

  /// Writes the best next items of the users of `log`, as `cloze recommend` does; memory does not grow with the users.
  ///
  /// When its task is cancelled it stops after the current thousand users and throws `CancellationError`; a run with
  /// `resumes` continues there. The work is done on threads of its own.
  /// - Throws: `ClozeError.request` where the destination cannot be written, or was begun by another request;
  ///   `ClozeError.unknownItem`.
  @discardableResult
  public func recommend(
    _ batch: Batch = Batch(), usersOf log: Log, to destination: Destination
  ) async throws -> BatchSummary {
    try await LongWork.stoppable { try run(batch, usersOf: log, to: destination, $0) }
  }

  private func run(
    _ batch: Batch, usersOf log: Log, to destination: Destination, _ stop: StopFlag
  ) throws -> BatchSummary {
    let mapped = CatalogMappedLog(log.log, fingerprint: log.fingerprint, catalog: loaded.items)
    let excluded = batch.excludedPairs.isEmpty ? nil : excludedPairs(batch)
    if let unknown = excluded?.findings(users: nil).first?.ids.first, !batch.allowsUnknownItems {
      throw ClozeError.unknownItem(unknown.text)
    }
    let run = BatchRun(
      recommender(batch.top, excludingSeen: batch.excludingSeen, probabilities: batch.probabilities),
      excludedPairs: excluded)
    var users: any UserSource = LogUsers(mapped, names: batch.users?.map { Identifier($0) })
    let summary: BatchRun.Summary
    do {
      let identity = run.identity(model: directory, users: users)
      let sink = try target(destination).open(
        identity, probabilities: batch.probabilities, resuming: batch.resumes)
      summary = try run.run(&users, into: sink, shouldStop: { stop.isRaised })
    } catch {
      throw error as? ClozeError ?? .request("\(error)")
    }
    if !summary.isComplete { throw CancellationError() }
    return BatchSummary(
      users: summary.users, rows: summary.rows, usersWithPopularItems: summary.bySource[.popular] ?? 0,
      usersWithoutItems: summary.withoutItems, unknownItems: users.unknownItems.map(\.text))
  }

  private func excludedPairs(_ batch: Batch) -> ExcludedPairs {
    ExcludedPairs(
      batch.excludedPairs.lazy.map { (user: Identifier($0.user), item: Identifier($0.item)) }, catalog: loaded.items)
  }

  private func target(_ destination: Destination) throws(ClozeError) -> RecommendationDestination {
    switch destination {
    case .table(let name, let store): return .table(name, in: store.store)
    case .file(let url):
      guard let format = RecommendationText.Format(path: url.path) else {
        throw .request("\(url.path): expected a name that ends in .csv or .jsonl")
      }
      return .file(url, format)
    }
  }
}
