import Foundation

/// How the learning rate moves over a stage's steps: a linear rise, then one of three ways down.
package struct LearningRateSchedule: Codable, Sendable, Equatable {
  package enum Decay: String, Codable, Sendable, CaseIterable { case constant, linear, cosine }

  package var peak: Double
  /// The share of all steps spent rising from 0.
  package var warmup: Double
  package var decay: Decay
  /// What the decay ends at, as a share of the peak.
  package var floor: Double

  package init(peak: Double = 1e-3, warmup: Double = 0.02, decay: Decay = .linear, floor: Double = 0) {
    self.peak = peak
    self.warmup = warmup
    self.decay = decay
    self.floor = floor
  }

  /// The rate at `step` (from 0) of `steps`.
  package func rate(step: Int, of steps: Int) -> Double {
    let rise = (warmup * Double(steps)).rounded(.up)
    let position = Double(step) + 1
    if position < rise { return peak * position / rise }
    let progress = steps <= Int(rise) ? 1 : min(1, (position - rise) / (Double(steps) - rise))
    switch decay {
    case .constant: return peak
    case .linear: return peak * (floor + (1 - floor) * (1 - progress))
    case .cosine: return peak * (floor + (1 - floor) * 0.5 * (1 + cos(.pi * progress)))
    }
  }
}
