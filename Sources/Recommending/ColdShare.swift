import Interactions
import Kernels
import SequentialModels

/// Lists of which at least a share are cold items, as far as there are any.
package struct ColdShare: Sendable {
  /// By item of the model.
  package let isCold: [Bool]
  package let share: Double
  private let candidates: Candidates

  /// - Parameter allowed: `[items]` whether an item may be recommended; nil for all.
  package init(_ model: BERT4Rec, isCold: [Bool], share: Double, allowed: [Bool]? = nil) {
    precondition(isCold.count == model.itemCount, "\(isCold.count) answers for \(model.itemCount) items")
    self.isCold = isCold
    self.share = share
    candidates = Candidates(model, allowed: isCold.indices.map { isCold[$0] && allowed?[$0] ?? true })
  }

  /// `lists`, whose last warm items give way to the best cold ones where there are too few of these; each list stays in the
  /// order of its scores.
  func filled(
    _ lists: [RankedList], top: Int, vectors: Matrix, excluded: [[Int32]], limit: GroupLimit?, workers: Workers
  ) -> [RankedList] {
    let wanted = Int((share * Double(top)).rounded(.up))
    let cold = candidates.rank(wanted, for: vectors, excluded: excluded, limit: limit, workers: workers)
    return zip(lists, cold).map { list, cold in
      let own = list.items.count { isCold[Int($0.item)] }
      let more = cold.items.filter { item in !list.items.contains { $0.item == item.item } }
      let places = min(max(0, wanted - own), more.count)
      if places == 0 { return list }
      var filled = list
      var leaving = max(0, list.items.count + places - top)
      for index in list.items.indices.reversed() where leaving > 0 && !isCold[Int(list.items[index].item)] {
        filled.items.remove(at: index)
        leaving -= 1
      }
      filled.items += more.prefix(min(places, top - filled.items.count))
      filled.items.sort(by: RankedItem.precedes)
      return filled
    }
  }
}
