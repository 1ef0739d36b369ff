import Interactions
import Kernels
import Recommending
import SequentialModels

/// What the thread that ranks has to do.
enum ListJob: Sendable {
  case lists([PreparedList])
  case similar(ServedModel, [ItemID], ItemSimilarity.Measure, top: Int)
  case explanation(PreparedList, ItemID?)

  enum Answer: Sendable {
    case lists([RankedList])
    case explanation(Explanation?)
  }

  /// The answers to a batch: all lists together, then the others one by one.
  static func answers(_ jobs: [ListJob], workers: Workers) -> [Result<Answer, any Error>] {
    var prepared: [PreparedList] = []
    for case .lists(let lists) in jobs { prepared += lists }
    var ranked = PreparedList.lists(prepared)[...]
    return jobs.map { job in
      switch job {
      case .lists(let lists):
        defer { ranked = ranked.dropFirst(lists.count) }
        return .success(.lists(Array(ranked.prefix(lists.count))))
      case .similar(let model, let items, let measure, let top):
        return .success(.lists(model.similarity(measure).nearest(top, to: items, workers: workers)))
      case .explanation(let list, let target):
        return .success(.explanation(list.recommender.explain(target, list.request)))
      }
    }
  }
}
