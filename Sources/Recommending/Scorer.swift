import Interactions
import Kernels
import SequentialModels

/// Answers questions for the next items: the model where it knows something of the history, popularity where it does not.
package struct Scorer: Sendable {
  /// Somebody to recommend to.
  package struct Question: Sendable {
    /// Items the model knows, oldest first.
    package var history: ArraySlice<ItemID>
    /// Items that this person must not get, in any order.
    package var excluded: [Int32]

    package init(history: ArraySlice<ItemID>, excluded: [Int32] = []) {
      self.history = history
      self.excluded = excluded
    }
  }

  /// Where a list comes from.
  package enum Source: String, Sendable, Codable, CaseIterable {
    /// The model, from a history.
    case model
    /// The most touched items of the log, for somebody without a known item; the score is the number of interactions.
    case popular
    /// The model, from an empty history, where there is no log to count in.
    case prior
  }

  package struct Answer: Sendable, Equatable {
    package var source: Source
    package var list: RankedList
    /// The probability of each item among the candidates; empty where it was not asked for.
    package var probabilities: [Double]
  }

  package let model: BERT4Rec
  package let candidates: Candidates
  package let popular: PopularItems?
  package var top: Int
  package var limit: GroupLimit?
  package var probabilities: Bool

  /// - Parameters:
  ///   - popularity: `[items]` interactions per item, for those without a known item.
  ///   - allowed: `[items]` whether an item may be recommended; nil for all.
  package init(
    _ model: BERT4Rec, top: Int, popularity: [Int]? = nil, allowed: [Bool]? = nil, limit: GroupLimit? = nil,
    probabilities: Bool = false
  ) {
    precondition(top >= 0, "the top \(top) items")
    self.model = model
    self.top = top
    self.limit = limit
    self.probabilities = probabilities
    candidates = Candidates(model, allowed: allowed)
    popular = popularity.map { PopularItems($0, allowed: allowed) }
  }

  /// One answer per question, in order.
  package func answers(to questions: [Question]) -> [Answer] {
    let byModel = questions.indices.filter { popular == nil || !questions[$0].history.isEmpty }
    let vectors = Matrix(rows: byModel.count, columns: model.hidden)
    model.encode(byModel.map { questions[$0].history }, into: vectors)
    let lists = candidates.rank(
      top, for: vectors, excluded: byModel.map { questions[$0].excluded }, logSums: probabilities, limit: limit,
      workers: model.workers)
    var answers = [Answer?](repeating: nil, count: questions.count)
    for (index, list) in zip(byModel, lists) {
      answers[index] = Answer(
        source: questions[index].history.isEmpty ? .prior : .model, list: list, probabilities: list.probabilities)
    }
    return answers.enumerated().map { index, answer in
      answer ?? popular!.answer(top, excluded: questions[index].excluded, limit: limit, probabilities: probabilities)
    }
  }
}
