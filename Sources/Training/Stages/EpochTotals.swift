import Evaluation
import Foundation
import SequentialModels

/// What an epoch adds up while it runs: losses, tokens, seconds.
struct EpochTotals: Sendable {
  let stepsPerEpoch: Int
  let epochs: Int
  private var sums = Sums()
  private var began = ContinuousClock.now
  private var seconds = 0.0

  /// What has been added up, with the seconds that the clock had run: a run that resumes from it adds up the same.
  struct Sums: Codable, Sendable, Equatable {
    var steps = 0
    var stepsInEpoch = 0
    var losses = 0.0
    var tokens = 0
    var lossSums = LossSums()
    /// Of this epoch so far, and of the epochs before it.
    var seconds = 0.0
    var earlierSeconds = 0.0
  }

  /// - Parameter sums: of an earlier attempt, which ended within an epoch.
  init(stepsPerEpoch: Int, epochs: Int, resumingFrom sums: Sums? = nil) {
    self.stepsPerEpoch = stepsPerEpoch
    self.epochs = epochs
    self.sums = sums ?? Sums()
    began = .now - .seconds(self.sums.seconds)
  }

  var steps: Int { sums.steps }
  var stepsInEpoch: Int { sums.stepsInEpoch }
  var allSteps: Int { stepsPerEpoch * epochs }
  var meanLoss: Double { stepsInEpoch == 0 ? 0 : sums.losses / Double(stepsInEpoch) }
  var tokensPerSecond: Double { Double(sums.tokens) / max(1e-9, elapsed) }
  private var elapsed: Double { (ContinuousClock.now - began) / .seconds(1) }

  /// What has been added up so far.
  var soFar: Sums {
    var sums = sums
    sums.seconds = elapsed
    return sums
  }

  mutating func begin() {
    began = .now
    sums.losses = 0
    sums.stepsInEpoch = 0
    sums.tokens = 0
    sums.lossSums = LossSums()
  }

  mutating func add(_ result: TrainingStep.Result) {
    sums.steps += 1
    sums.stepsInEpoch += 1
    sums.losses += result.loss
    sums.tokens += result.tokens
    sums.lossSums += result.sums
  }

  /// The training part of the epoch is over; validation is not counted in its speed.
  mutating func end() {
    seconds = elapsed
  }

  /// What the epoch found, and what it took.
  mutating func finish(stage: String, epoch: Int, validation: [MeasuredValue]) -> (EpochRecord, EpochCost) {
    let all = elapsed
    sums.earlierSeconds += all
    let pairs = sums.lossSums
    return (
      EpochRecord(
        stage: stage, epoch: epoch + 1, loss: meanLoss,
        nextSegmentAccuracy: pairs.nextSegmentCount == 0
          ? nil : Double(pairs.nextSegmentCorrect) / Double(pairs.nextSegmentCount),
        validation: validation),
      EpochCost(seconds: all, tokensPerSecond: Double(sums.tokens) / max(1e-9, seconds))
    )
  }

  /// At the pace so far, if the stage ends after `last` epochs.
  func secondsLeft(after epoch: Int, of last: Int) -> Double {
    sums.earlierSeconds / Double(epoch + 1) * Double(last - epoch - 1)
  }
}

/// Counts evaluations since the best one.
struct Patience: Codable, Sendable, Equatable {
  /// So many evaluations without a better one end a stage; 0 for never.
  let limit: Int
  private(set) var best: Double?
  private(set) var bestEpoch = -1
  /// Evaluations since the best one.
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
