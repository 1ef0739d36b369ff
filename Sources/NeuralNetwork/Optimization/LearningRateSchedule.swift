import Foundation

/// How the learning rate moves over a stage's steps: a linear rise, then one of four ways on.
package struct LearningRateSchedule: Codable, Sendable, Equatable {
  package enum Decay: String, Codable, Sendable, CaseIterable {
    case constant, linear, cosine
    /// Constant until validation has stopped rising, then linear from there: the stage stops itself.
    ///
    /// - Source: the warmup-stable-decay schedule, Hu et al. 2024, arXiv:2404.06395.
    case plateau
  }

  package var peak: Double
  /// The share of all steps spent rising from 0.
  package var warmup: Double
  package var decay: Decay
  /// What the decay ends at, as a share of the peak.
  package var floor: Double
  /// How many epochs the fall of `plateau` takes, as a share of those up to where it begins.
  package var cooldown: Double

  package init(
    peak: Double = 1e-3, warmup: Double = 0.02, decay: Decay = .linear, floor: Double = 0, cooldown: Double = 0.5
  ) {
    self.peak = peak
    self.warmup = warmup
    self.decay = decay
    self.floor = floor
    self.cooldown = cooldown
  }

  /// The rate at `step` (from 0) of `steps`.
  ///
  /// - Parameter fall: the steps of `plateau`'s fall; nil where it has not begun.
  package func rate(step: Int, of steps: Int, fall: Range<Int>? = nil) -> Double {
    let rise = (warmup * Double(steps)).rounded(.up)
    let position = Double(step) + 1
    if position < rise { return peak * position / rise }
    let progress = steps <= Int(rise) ? 1 : min(1, (position - rise) / (Double(steps) - rise))
    switch decay {
    case .constant: return peak
    case .plateau:
      guard let fall, step >= fall.lowerBound else { return peak }
      let fallen = min(1, (position - Double(fall.lowerBound)) / Double(max(1, fall.count)))
      return peak * (floor + (1 - floor) * (1 - fallen))
    case .linear: return peak * (floor + (1 - floor) * (1 - progress))
    case .cosine: return peak * (floor + (1 - floor) * 0.5 * (1 + cos(.pi * progress)))
    }
  }

  /// The epochs that `plateau`'s fall takes where it goes on from what `epochs` epochs have made.
  package func fallEpochs(after epochs: Int) -> Int { max(1, Int((cooldown * Double(epochs)).rounded(.up))) }
}
