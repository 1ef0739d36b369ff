import Foundation
import SequentialModels

/// What an epoch adds up while it runs: losses, tokens, seconds.
struct EpochNumbers: Sendable {
  let stepsPerEpoch: Int
  let epochs: Int
  private(set) var steps = 0
  private var began = ContinuousClock.now
  private var losses = 0.0
  private var stepsInEpoch = 0
  private var tokens = 0
  private var sums = LossSums()
  private var seconds = 0.0
  private var allSeconds = 0.0

  init(stepsPerEpoch: Int, epochs: Int) {
    self.stepsPerEpoch = stepsPerEpoch
    self.epochs = epochs
  }

  var allSteps: Int { stepsPerEpoch * epochs }
  var meanLoss: Double { stepsInEpoch == 0 ? 0 : losses / Double(stepsInEpoch) }
  var tokensPerSecond: Double { Double(tokens) / max(1e-9, elapsed) }
  private var elapsed: Double { (ContinuousClock.now - began) / .seconds(1) }

  mutating func begin() {
    began = .now
    losses = 0
    stepsInEpoch = 0
    tokens = 0
    sums = LossSums()
  }

  mutating func add(_ result: TrainingStep.Result) {
    steps += 1
    stepsInEpoch += 1
    losses += result.loss
    tokens += result.tokens
    sums += result.sums
  }

  /// The training part of the epoch is over; validation is not counted in its speed.
  mutating func end() {
    seconds = elapsed
  }

  mutating func record(stage: String, epoch: Int, validation: [MeasuredValue]) -> EpochRecord {
    allSeconds += elapsed
    return EpochRecord(
      stage: stage, epoch: epoch + 1, loss: meanLoss, seconds: elapsed,
      tokensPerSecond: Double(tokens) / max(1e-9, seconds),
      nextSegmentAccuracy: sums.nextSegmentCount == 0
        ? nil : Double(sums.nextSegmentCorrect) / Double(sums.nextSegmentCount),
      validation: validation)
  }

  /// At the pace so far.
  func secondsLeft(after epoch: Int) -> Double { allSeconds / Double(epoch + 1) * Double(epochs - epoch - 1) }
}
