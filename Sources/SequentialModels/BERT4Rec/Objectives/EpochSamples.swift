import Interactions
import Kernels

/// The samples of an epoch, in a random order that is a function of seed and epoch.
package enum EpochSamples {
  /// Which windows of a history longer than the limit are trained on.
  package enum Windows: String, Codable, Sendable, CaseIterable {
    /// The most recent one.
    case recent
    /// All, from the end, without overlap; a remainder of fewer than two items is left out.
    case all
  }

  /// - Parameter positions: the encoder's longest sequence.
  package static func make(
    log: InteractionLog, objectives: Objectives, positions: Int, windows: Windows, seed: UInt64, epoch: Int
  ) -> [TrainingSample] {
    var samples: [TrainingSample] = []
    let random = CounterRandom(seed: seed, purpose: 0x5A3B, step: UInt64(epoch))
    var number: UInt64 = 0
    func add(_ form: TrainingSample.Form, _ window: Range<Int>) {
      samples.append(TrainingSample(form: form, window: window, number: number))
      number += 1
    }
    for user in 0..<log.userCount {
      let range = log.range(of: UserID(user))
      for window in Self.windows(of: range, limit: positions, windows) {
        if objectives.mlm != nil { add(.masked, window) }
        if objectives.tail != nil && objectives.mlm == nil { add(.tail, window) }
      }
      for prefix in 0..<(objectives.tail?.prefixes ?? 0) where range.count > 2 {
        let end = range.lowerBound + 2 + random.below(range.count - 1, number << 8 + UInt64(prefix) + 1 << 62)
        add(.tail, max(range.lowerBound, end - positions)..<end)
      }
      // One item more than positions: the last is only a target.
      for window in Self.windows(of: range, limit: positions + 1, windows) {
        if objectives.nextItem != nil { add(.nextItem, window) }
      }
      for window in Self.windows(of: range, limit: positions, windows) where objectives.queries != nil {
        add(.queries, window)
      }
    }
    for last in stride(from: samples.count - 1, to: 0, by: -1) {
      samples.swapAt(last, random.below(last + 1, UInt64(last)))
    }
    return samples
  }

  private static func windows(of range: Range<Int>, limit: Int, _ windows: Windows) -> [Range<Int>] {
    if range.count < 2 { return [] }
    var found: [Range<Int>] = []
    var end = range.upperBound
    while end - range.lowerBound >= 2 {
      let start = max(range.lowerBound, end - limit)
      found.append(start..<end)
      if windows == .recent { break }
      end = start
    }
    return found
  }
}
