import Foundation
import InteractionStore
import Interactions

/// Recommends to all users of a source and writes their rows, batch after batch; memory does not grow with the users.
package struct BatchRun {
  package var recommender: TopKRecommender
  package var excludedPairs: ExcludedPairs?
  package var labels: ItemLabels

  /// Users of one batch.
  private static let batch = 1_024

  package init(_ recommender: TopKRecommender, excludedPairs: ExcludedPairs? = nil, labels: ItemLabels = .none) {
    self.recommender = recommender
    self.excludedPairs = excludedPairs
    self.labels = labels
  }

  /// What became of the users of one run.
  package struct Summary: Sendable, Equatable {
    /// Whether the run came to the end of its users.
    package var isComplete = false
    package var users = 0
    package var rows = 0
    package var bySource: [RankedList.Source: Int] = [:]
    /// Users for whom no candidate was left.
    package var withoutItems = 0
    /// Users with fewer items than the length of a list.
    package var short = 0

    mutating func count(_ list: RankedList, top: Int) {
      users += 1
      rows += max(1, list.items.count)
      if list.items.isEmpty {
        withoutItems += 1
      } else {
        bySource[list.source, default: 0] += 1
        if list.items.count < top { short += 1 }
      }
    }
  }

  /// What decides the rows: the model in `directory`, the users, candidates and rules.
  package func identity(model directory: URL, users: any UserSource) -> RunIdentity {
    var identity = RunIdentity()
    identity.add("model", Fingerprint.ofFile(directory.appendingPathComponent("model.safetensors")))
    identity.add(users.identity)
    identity.add("popularity", recommender.popularity.map { Fingerprint.of($0.lazy.map(Int32.init)) })
    identity.add("candidates", recommender.candidates.fingerprint)
    identity.add("excluded pairs", excludedPairs?.fingerprint)
    let rules = recommender.rules
    identity.add("top", rules.top)
    identity.add("excludes seen", rules.excludesSeen)
    identity.add("groups", rules.groupLimit.map { Fingerprint.of($0.groups) })
    identity.add("most per group", rules.groupLimit?.most)
    identity.add("probabilities", rules.probabilities)
    identity.add("labels", labels.fingerprint)
    identity.add(
      "cold share", recommender.coldShare.map { "\($0.share) \(Fingerprint.of($0.isCold.map { $0 ? 1 : 0 }))" })
    return identity
  }

  /// Goes through `users`, from where `sink` stands, until their end or until `shouldStop` says so.
  ///
  /// - Throws: what the source or the sink throws; `RecommendationError.unfinished` where rows are kept with which another
  ///   run can resume. A fault of the users' own lines keeps nothing: mended, they are other users.
  package func run(
    _ users: inout any UserSource, into sink: some RecommendationSink, shouldStop: () -> Bool = { false },
    observe: (Int) -> Void = { _ in }
  ) throws -> Summary {
    var summary = Summary()
    do {
      try advance(&users, into: sink, &summary, shouldStop: shouldStop, observe: observe)
    } catch {
      if sink.done == 0 || error is RecommendationError || error is ListError {
        try? sink.discard()
        throw error
      }
      throw RecommendationError.unfinished(users: sink.done, reason: "\(error)")
    }
    if !summary.isComplete && sink.done == 0 { try? sink.discard() }
    return summary
  }

  private func advance(
    _ users: inout any UserSource, into sink: some RecommendationSink, _ summary: inout Summary,
    shouldStop: () -> Bool, observe: (Int) -> Void
  ) throws {
    var done = 0
    while done < sink.done {
      let skipped = try users.next(min(Self.batch, sink.done - done)).count
      if skipped == 0 { break }
      done += skipped
    }
    while true {
      if shouldStop() { return }
      let requests = try users.next(Self.batch)
      if requests.isEmpty && done > 0 { break }
      let lists = recommender.recommend(requests.map(excludingPairs))
      var rows: [RecommendationRow] = []
      for (request, list) in zip(requests, lists) {
        summary.count(list, top: recommender.rules.top)
        rows += list.rows(for: request.user, items: recommender.items, labels: labels)
      }
      try sink.write(rows, users: done..<done + requests.count)
      done += requests.count
      observe(done)
      if requests.isEmpty { break }
    }
    try sink.finish()
    summary.isComplete = true
  }

  private func excludingPairs(_ request: RecommendationRequest) -> RecommendationRequest {
    guard let excludedPairs else { return request }
    var request = request
    request.excluded += excludedPairs.items(of: request.user)
    return request
  }
}
