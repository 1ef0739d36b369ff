import Interactions
import Kernels
import SequentialModels

/// What becomes of an item's score and rank without each item of the history.
package struct Explanation: Sendable, Equatable, Encodable {
  package struct Place: Sendable, Equatable {
    package var score: Float
    /// From 1.
    package var rank: Int
  }

  /// What one item of the history does.
  package struct Part: Sendable, Equatable, Encodable {
    package var item: String
    /// In the history, from 1.
    package var position: Int
    /// The score with the item minus the score without it.
    package var scoreChange: Float
    package var rankWithout: Int
  }

  /// The item whose place is explained.
  package var item: String
  package var score: Float
  package var rank: Int
  /// The items of the history that the model reads, oldest first.
  package var history: [Part]
}

extension TopKRecommender {
  /// Leaves out each item of the history in turn and ranks `target` again among the request's candidates; the first
  /// recommendation if no target is given.
  ///
  /// - Returns: nil where `target` is no candidate, or no candidate is left.
  /// - Complexity: one encoding and one ranking per item that the model reads, all of them batched.
  package func explain(_ target: ItemID? = nil, _ request: RecommendationRequest) -> Explanation? {
    // Items before these are never read, not even where one of these is left out.
    let history = Array(request.history.suffix(model.network.configuration.positions + 1))
    let excluded = excluded(in: request)
    var histories = [history[...]]
    for position in history.indices { histories.append((history[..<position] + history[(position + 1)...])[...]) }
    let vectors = Matrix(rows: histories.count, columns: model.hidden)
    model.encode(histories, into: vectors)
    let first = { candidates.rank(1, for: vectors.prefix(1), excluded: [excluded], workers: model.workers)[0] }
    guard let target = target ?? first().items.first.map({ ItemID(rawValue: $0.item) }),
      let places = candidates.places(of: target, for: vectors, excluded: excluded, workers: model.workers)
    else { return nil }
    let start = request.history.count - history.count
    return Explanation(
      item: items[target.index].text, score: places[0].score, rank: places[0].rank,
      history: zip(history, places.dropFirst()).enumerated().map { index, part in
        Explanation.Part(
          item: items[part.0.index].text, position: start + index + 1, scoreChange: places[0].score - part.1.score,
          rankWithout: part.1.rank)
      })
  }
}

extension Candidates {
  /// Numbers of a ranking that exist at once while a place is searched.
  private static let mostEntries = 1 << 22

  /// Where `target` stands for each vector, searched eight times deeper until it is found; nil where it is no candidate.
  func places(
    of target: ItemID, for vectors: Matrix, excluded: [Int32], workers: Workers
  ) -> [Explanation.Place]? {
    var places = [Explanation.Place?](repeating: nil, count: vectors.rows)
    var depth = min(128, table.rows)
    while true {
      let open = places.indices.filter { places[$0] == nil }
      if open.isEmpty { return places.map { $0! } }
      let together = max(1, Self.mostEntries / max(1, depth))
      for start in stride(from: 0, to: open.count, by: together) {
        let users = open[start..<min(open.count, start + together)]
        let rows = Matrix(rows: users.count, columns: vectors.columns)
        Rows.gather(vectors, users.map { Int32($0) }, into: rows)
        let lists = rank(depth, for: rows, excluded: users.map { _ in excluded }, workers: workers)
        for (user, list) in zip(users, lists) {
          guard let index = list.items.firstIndex(where: { $0.item == target.rawValue }) else { continue }
          places[user] = Explanation.Place(score: list.items[index].score, rank: index + 1)
        }
      }
      if depth == table.rows { break }
      depth = min(depth * 8, table.rows)
    }
    return places.contains { $0 == nil } ? nil : places.map { $0! }
  }
}
