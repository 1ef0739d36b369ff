import Interactions
import Kernels
import NeuralNetwork

/// One sequence of an epoch: a window of a user's history, written as one objective writes it.
package struct TrainingSample: Sendable, Equatable {
  package let objective: ObjectiveKind
  /// Positions of the log's events.
  package let window: Range<Int>
  /// What tells this sample's draws from all others of its epoch.
  package let number: UInt64
  /// The events of segment B; only in a pair.
  package let second: Range<Int>?
  /// Whether B is what the same user interacted with next; only in a pair.
  package let follows: Bool

  package init(
    _ objective: ObjectiveKind, window: Range<Int>, number: UInt64, second: Range<Int>? = nil, follows: Bool = false
  ) {
    self.objective = objective
    self.window = window
    self.number = number
    self.second = second
    self.follows = follows
  }

  /// The events that are read.
  package var tokens: Int { window.count + (second?.count ?? 0) }
}

/// The samples of an epoch, in a random order that is a function of seed and epoch.
///
/// Every draw has an element of its own in the stream `samples`: the shuffle those below 2^60, windows from 2^60, pairs from
/// 2^61, prefixes from 2^62 on.
package struct EpochSamples: Sendable {
  package let log: InteractionLog
  package let objectives: Objectives
  /// How many items a sequence may have, its masked tail included.
  package let positions: Int
  private let windows: Windows
  private let random: CounterRandom
  /// Static masks stand on pairs that come again too.
  let pairRandom: CounterRandom
  private var samples: [TrainingSample] = []

  /// - Parameter positions: how many items a sequence may have, its masked tail included.
  package static func make(
    log: InteractionLog, objectives: Objectives, positions: Int, windows: Windows, seed: UInt64, epoch: Int
  ) -> [TrainingSample] {
    let pairEpoch = objectives.mlm?.copy(of: epoch) ?? epoch
    var epoch = EpochSamples(
      log: log, objectives: objectives, positions: positions, windows: windows,
      random: CounterRandom(seed: seed, .samples, step: UInt64(epoch)),
      pairRandom: CounterRandom(seed: seed, .samples, step: UInt64(pairEpoch)))
    let list = objectives.list
    for user in 0..<log.userCount {
      for objective in list { objective.addSamples(of: user, to: &epoch) }
    }
    return epoch.shuffled()
  }

  /// The number of the next sample.
  var number: UInt64 { UInt64(samples.count) }

  mutating func add(_ kind: ObjectiveKind, _ window: Range<Int>, second: Range<Int>? = nil, follows: Bool = false) {
    samples.append(TrainingSample(kind, window: window, number: number, second: second, follows: follows))
  }

  /// The windows of a user's history, latest first, each of at least two and at most `limit` items.
  func windows(of user: Int, limit: Int) -> [Range<Int>] {
    windows.of(log.range(of: UserID(user)), limit: limit) { random.below(limit, UInt64(user) + 1 << 60) }
  }

  /// The most recent items of a random prefix; nil where the history is too short to have one.
  func randomPrefix(_ prefix: Int, of user: Int) -> Range<Int>? {
    let range = log.range(of: UserID(user))
    if range.count <= 2 { return nil }
    let end = range.lowerBound + 2 + random.below(range.count - 1, number << 8 + UInt64(prefix) + 1 << 62)
    return max(range.lowerBound, end - positions)..<end
  }

  private consuming func shuffled() -> [TrainingSample] {
    var samples = samples
    for last in stride(from: samples.count - 1, to: 0, by: -1) {
      samples.swapAt(last, random.below(last + 1, UInt64(last)))
    }
    return samples
  }
}

extension EpochSamples {
  /// Which windows of a history longer than the limit are trained on.
  package enum Windows: String, Codable, Sendable, CaseIterable {
    /// The most recent one.
    case recent
    /// All, from the end, without overlap; a remainder of fewer than two items is left out.
    case all
    /// All, but the last of a history begins anywhere, drawn anew in every epoch: no item keeps its position, so that a
    /// small log's histories are not memorized together with where they were cut.
    case shifted

    /// The windows of the history `range`, latest first, each of at least two and at most `limit` items.
    ///
    /// - Parameter draw: a random number from 0 to `limit - 1`, how many items the last window of `shifted` has.
    func of(_ range: Range<Int>, limit: Int, draw: () -> Int) -> [Range<Int>] {
      var found: [Range<Int>] = []
      var end = range.upperBound
      if self == .shifted && range.count > limit {
        end -= draw()
        if range.upperBound - end >= 2 { found.append(end..<range.upperBound) }
      }
      while end - range.lowerBound >= 2 {
        let start = max(range.lowerBound, end - limit)
        found.append(start..<end)
        if self == .recent { break }
        end = start
      }
      return found
    }
  }
}
