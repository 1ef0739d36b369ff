import Foundation
import InteractionStore
import Interactions
import Kernels

/// The best items of one request, in order, and what turns their scores into probabilities where the request wants them.
package struct RankedList: Sendable, Equatable {
  /// Where a list comes from.
  package enum Source: String, Sendable, Codable, CaseIterable {
    /// The model, from a history.
    case model
    /// The most frequent items of the log, for a user without a known item; the score is the number of events.
    case popular
    /// The model, from an empty history, where there is no log to count in.
    case prior
  }

  /// What the scores of all of the user's candidates sum up to.
  package enum Normalizer: Sendable, Equatable {
    /// log Σ e^score: probabilities are the softmax.
    case logSum(Double)
    /// Σ score: probabilities are shares of events.
    case sum(Double)
  }

  package var source = Source.model
  /// Best first; of equal scores the lower item first.
  package var items: [RankedItem]
  package var normalizer: Normalizer?

  package init(items: [RankedItem], source: Source = .model, normalizer: Normalizer? = nil) {
    self.items = items
    self.source = source
    self.normalizer = normalizer
  }

  /// The best `k` of several pieces of one table.
  init(_ pieces: [(items: [RankedItem], logSum: Double?)], _ k: Int) {
    if pieces.count == 1 {
      items = pieces[0].items
      normalizer = pieces[0].logSum.map { .logSum($0) }
      return
    }
    items = Array(pieces.flatMap(\.items).sorted(by: RankedItem.precedes).prefix(k))
    let sums = pieces.compactMap(\.logSum)
    let top = sums.max() ?? -.infinity
    if sums.isEmpty { return }
    normalizer = .logSum(top == -.infinity ? top : top + log(sums.reduce(0) { $0 + exp($1 - top) }))
  }

  /// Each item's probability among all of the user's candidates; nil where the request does not want it.
  package var probabilities: [Double]? {
    switch normalizer {
    case .logSum(let logSum): items.map { exp(Double($0.score) - logSum) }
    case .sum(let sum): items.map { Double($0.score) / sum }
    case nil: nil
    }
  }

  /// The same list with each row's number replaced by its item.
  func renamed(_ items: [Int32]?) -> RankedList {
    guard let items else { return self }
    var list = self
    list.items = self.items.map { RankedItem(item: items[Int($0.item)], score: $0.score) }
    return list
  }

  /// The list as rows of files, tables and answers; one row that says why where it is empty.
  package func rows(for user: Identifier, items catalog: Catalog, labels: ItemLabels = .none)
    -> [RecommendationRow]
  {
    if items.isEmpty { return [RecommendationRow(user: user.text, source: "none: no candidate is left")] }
    let probabilities = probabilities
    return items.enumerated().map { place, entry in
      RecommendationRow(
        user: user.text, rank: place + 1, item: catalog[Int(entry.item)].text, score: entry.score,
        probability: probabilities?[place], source: source.rawValue, title: labels.title(of: Int(entry.item)),
        isCold: labels.isCold?[Int(entry.item)])
    }
  }
}
