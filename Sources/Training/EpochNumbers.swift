import Evaluation
import Foundation
import SequentialModels

/// What an epoch adds up while it runs: losses, tokens, seconds.
struct EpochNumbers: Sendable {
  let stepsPerEpoch: Int
  let epochs: Int
  private var account = Account()
  private var began = ContinuousClock.now
  private var seconds = 0.0

  /// What has been added up, with the seconds that the clock had run: a run that goes on from it adds up the same.
  struct Account: Codable, Sendable, Equatable {
    var steps = 0
    var stepsInEpoch = 0
    var losses = 0.0
    var tokens = 0
    var sums = LossSums()
    /// Of this epoch so far, and of the epochs before it.
    var seconds = 0.0
    var earlierSeconds = 0.0
  }

  /// - Parameter account: of an earlier attempt, which ended within an epoch.
  init(stepsPerEpoch: Int, epochs: Int, goingOnFrom account: Account? = nil) {
    self.stepsPerEpoch = stepsPerEpoch
    self.epochs = epochs
    self.account = account ?? Account()
    began = .now - .seconds(self.account.seconds)
  }

  var steps: Int { account.steps }
  var stepsInEpoch: Int { account.stepsInEpoch }
  var allSteps: Int { stepsPerEpoch * epochs }
  var meanLoss: Double { stepsInEpoch == 0 ? 0 : account.losses / Double(stepsInEpoch) }
  var tokensPerSecond: Double { Double(account.tokens) / max(1e-9, elapsed) }
  private var elapsed: Double { (ContinuousClock.now - began) / .seconds(1) }

  /// What has been added up so far.
  var soFar: Account {
    var account = account
    account.seconds = elapsed
    return account
  }

  mutating func begin() {
    began = .now
    account.losses = 0
    account.stepsInEpoch = 0
    account.tokens = 0
    account.sums = LossSums()
  }

  mutating func add(_ result: TrainingStep.Result) {
    account.steps += 1
    account.stepsInEpoch += 1
    account.losses += result.loss
    account.tokens += result.tokens
    account.sums += result.sums
  }

  /// The training part of the epoch is over; validation is not counted in its speed.
  mutating func end() {
    seconds = elapsed
  }

  mutating func record(stage: String, epoch: Int, validation: [MeasuredValue]) -> EpochRecord {
    account.earlierSeconds += elapsed
    let sums = account.sums
    return EpochRecord(
      stage: stage, epoch: epoch + 1, loss: meanLoss, seconds: elapsed,
      tokensPerSecond: Double(account.tokens) / max(1e-9, seconds),
      nextSegmentAccuracy: sums.nextSegmentCount == 0
        ? nil : Double(sums.nextSegmentCorrect) / Double(sums.nextSegmentCount),
      validation: validation)
  }

  /// At the pace so far.
  func secondsLeft(after epoch: Int) -> Double {
    account.earlierSeconds / Double(epoch + 1) * Double(epochs - epoch - 1)
  }
}
