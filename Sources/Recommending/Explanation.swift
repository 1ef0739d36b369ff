import Interactions
import Kernels
import SequentialModels

/// Why an item stands where it stands: what becomes of its score and rank without each item of the history.
package struct Explanation: Sendable, Equatable {
  package struct Place: Sendable, Equatable {
    package var score: Float
    package var rank: Int
  }

  /// The target with the whole history.
  package var place: Place
  /// `[history]` the target without the item at that position.
  package var without: [Place]
}

extension Scorer {
  /// Drops each item of the history in turn and ranks `target` again among the question's candidates.
  ///
  /// - Returns: nil where `target` is no candidate.
  /// - Complexity: one encoding and one ranking per item of the history, all of them batched.
  package func explain(_ target: ItemID, _ question: Question) -> Explanation? {
    let history = Array(question.history)
    var histories = [history[...]]
    for position in history.indices { histories.append((history[..<position] + history[(position + 1)...])[...]) }
    let vectors = Matrix(rows: histories.count, columns: model.hidden)
    model.encode(histories, into: vectors)
    let places = candidates.places(of: target, for: vectors, excluded: question.excluded, workers: model.workers)
    guard let places else { return nil }
    return Explanation(place: places[0], without: Array(places.dropFirst()))
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
