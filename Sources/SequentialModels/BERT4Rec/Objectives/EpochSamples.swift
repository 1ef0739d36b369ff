import Interactions
import Kernels
import NeuralNetwork

/// The samples of an epoch, in a random order that is a function of seed and epoch.
package enum EpochSamples {
  /// - Parameter positions: how many items a sequence may have, its masked tail included.
  package static func make(
    log: InteractionLog, objectives: Objectives, positions: Int, windows: Windows, seed: UInt64, epoch: Int
  ) -> [TrainingSample] {
    var samples: [TrainingSample] = []
    let random = CounterRandom(seed: seed, .samples, step: UInt64(epoch))
    // Static masks stand on pairs that come again, too.
    let copies = objectives.mlm?.copies ?? 0
    let pairing = CounterRandom(seed: seed, .samples, step: UInt64(copies == 0 ? epoch : epoch % copies))
    var number: UInt64 = 0
    func cut(_ user: Int, limit: Int) -> [Range<Int>] {
      windows.of(log.range(of: UserID(user)), limit: limit) { random.below(limit, UInt64(user) + 1 << 60) }
    }
    func add(_ form: TrainingSample.Form, _ window: Range<Int>) {
      samples.append(TrainingSample(form: form, window: window, number: number))
      number += 1
    }
    for user in 0..<log.userCount {
      let range = log.range(of: UserID(user))
      for window in cut(user, limit: positions) {
        if objectives.mlm != nil && objectives.nextSegment == nil { add(.masked, window) }
        if objectives.tail != nil && objectives.mlm == nil { add(.tail, window) }
      }
      for prefix in 0..<(objectives.tail?.prefixes ?? 0) where range.count > 2 {
        let end = range.lowerBound + 2 + random.below(range.count - 1, number << 8 + UInt64(prefix) + 1 << 62)
        add(.tail, max(range.lowerBound, end - positions)..<end)
      }
      if objectives.nextSegment != nil, let pair = pair(in: log, of: user, positions: positions, number, pairing) {
        samples.append(pair)
        number += 1
      }
      // One item more than positions: the last is only a target.
      if objectives.nextItem != nil {
        for window in cut(user, limit: positions + 1) { add(.nextItem, window) }
      }
      if objectives.queries != nil {
        for window in cut(user, limit: positions) { add(.queries, window) }
      }
    }
    for last in stride(from: samples.count - 1, to: 0, by: -1) {
      samples.swapAt(last, random.below(last + 1, UInt64(last)))
    }
    return samples
  }

  /// The most recent items of `user`, cut in two; in half of the pairs the second part is a piece of somebody else's
  /// history, no longer than what it stands for.
  ///
  /// - Source: BERT's `create_instances_from_document`; both segments fit from the start, so nothing is truncated.
  private static func pair(
    in log: InteractionLog, of user: Int, positions: Int, _ number: UInt64, _ random: CounterRandom
  ) -> TrainingSample? {
    // `[CLS]` is already taken off; two `[SEP]` remain.
    let range = log.range(of: UserID(user))
    let window = max(range.lowerBound, range.upperBound - (positions - 2))..<range.upperBound
    if window.count < 2 { return nil }
    let element = number << 8 + 1 << 61
    let cut = window.lowerBound + 1 + random.below(window.count - 1, element)
    let (first, next) = (window.lowerBound..<cut, cut..<window.upperBound)
    if random.uniform(element + 1) < 0.5 || log.userCount < 2 {
      return TrainingSample(form: .pair, window: first, number: number, second: next, follows: true)
    }
    let other = (user + 1 + random.below(log.userCount - 1, element + 2)) % log.userCount
    let theirs = log.range(of: UserID(other))
    if theirs.isEmpty { return TrainingSample(form: .pair, window: first, number: number, second: next, follows: true) }
    let length = min(next.count, theirs.count)
    let start = theirs.lowerBound + random.below(theirs.count - length + 1, element + 3)
    return TrainingSample(form: .pair, window: first, number: number, second: start..<start + length)
  }
}
