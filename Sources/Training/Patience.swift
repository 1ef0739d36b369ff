/// Counts evaluations since the best one.
struct Patience: Codable, Sendable, Equatable {
  /// So many evaluations without a better one end a stage; 0 for never.
  let limit: Int
  private(set) var best: Double?
  private(set) var bestEpoch = -1
  private var waited = 0

  init(limit: Int) { self.limit = limit }

  /// Takes note of an evaluation and says whether it is the best so far.
  mutating func isBest(_ value: Double, epoch: Int) -> Bool {
    if value > best ?? -.infinity {
      best = value
      bestEpoch = epoch
      waited = 0
      return true
    }
    waited += 1
    return false
  }

  var isOver: Bool { limit > 0 && waited >= limit }
}
