import Evaluation
import Foundation
import Interactions
import Kernels
import Synchronization
import TestSupport
import Testing
import Training

/// What is stopped and gone on with is what was never stopped.
@Suite final class TrainingResumptionTests {
  private let folder = TestFolder.url.appendingPathComponent("resumption-\(UUID().uuidString)")
  private var model: URL { folder.appendingPathComponent("model") }

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Two stages of several epochs, with dropout, early stopping and an epoch between two validations.
  private func job(threads: Int = 2, seed: UInt64 = 1) -> TrainingJob {
    var experiment = Recipe.plain.experiment
    experiment.model.hidden = 16
    experiment.model.length = 16
    experiment.seed = seed
    for index in experiment.stages.indices {
      experiment.stages[index].epochs = 5
      experiment.stages[index].batch = 16
      experiment.stages[index].validateEvery = 2
      experiment.stages[index].patience = 2
      experiment.stages[index].learningRate.peak = 3e-3
    }
    return TrainingJob(
      log: TrainerTests.ring,
      identity: LogIdentity(name: "ring", fingerprint: "r", users: 200, items: 20, interactions: 1_800),
      split: LeaveOneOut.split(TrainerTests.ring), experiment: experiment, workers: Workers(threads: threads))
  }

  /// What a run found, without the time it took.
  private struct Findings: Equatable {
    let weights: [Float]
    let best: [MeasuredValue]
    let epochs: [EpochRecord]

    init(_ outcome: TrainingOutcome) {
      weights = outcome.model.parameters.all.values
      best = outcome.best
      epochs = outcome.epochs.map {
        var epoch = $0
        (epoch.seconds, epoch.tokensPerSecond) = (0, 0)
        return epoch
      }
    }
  }

  private func keeper(_ job: TrainingJob, resuming: Bool = true) throws -> TrainingKeeper {
    try TrainingKeeper(SavedTraining(beside: model, job.trainingIdentity), resuming: resuming, every: .zero)
  }

  /// Runs at most `steps` steps of what is left.
  private func attempt(_ job: TrainingJob, steps: Int) throws -> TrainingOutcome {
    let done = Mutex(0)
    return try job.run(
      keeper: try keeper(job), shouldStop: { done.withLock { $0 >= steps } },
      observe: { if case .stepped = $0 { done.withLock { $0 += 1 } } })
  }

  @Test(arguments: [7, 13]) func manyAttemptsAreOneRun(steps: Int) throws {
    let whole = try job().run()
    var attempts = 0
    var outcome: TrainingOutcome
    repeat {
      attempts += 1
      outcome = try attempt(job(threads: 1 + attempts % 2), steps: steps)
    } while outcome.wasInterrupted
    #expect(Set(whole.epochs.map(\.stage)).count == 2)
    #expect(attempts > 5)
    #expect(Findings(outcome) == Findings(whole))
  }

  @Test func anotherTrainingIsNotGoneOnWith() throws {
    _ = try attempt(job(), steps: 3)
    let error = #expect(throws: SavedTrainingError.self) { try self.keeper(self.job(seed: 2)) }
    let text = try #require(error).description
    #expect(text.hasSuffix("other values of the settings; give the command as it was, or begin anew without --resume"))
    #expect(try keeper(job(seed: 2), resuming: false).point == nil)
    #expect(try keeper(job()).point != nil, "a training that has nothing to keep yet takes nothing away")
  }

  @Test func vectorsThatAreCutShortAreSaid() throws {
    _ = try attempt(job(), steps: 3)
    let vectors = folder.appendingPathComponent(".model.training/vectors.safetensors")
    let file = try FileHandle(forUpdating: vectors)
    try file.truncate(atOffset: 4_000)
    #expect(throws: TrainingError.self) { try self.attempt(self.job(), steps: 3) }
    try FileManager.default.removeItem(at: vectors)
    do {
      _ = try attempt(job(), steps: 3)
      Issue.record("it went on without its vectors")
    } catch {
      #expect("\(error)".contains("there is no such file; begin anew without --resume"), "\(error)")
    }
  }

  @Test func aTrainingThatCannotBeKeptGoesOnAndSaysSoOnce() throws {
    let refusals = Mutex(0)
    let job = job()
    let keeper = try TrainingKeeper(
      SavedTraining(beside: URL(fileURLWithPath: "/nowhere/model"), job.trainingIdentity), resuming: false, every: .zero
    )
    let outcome = try job.run(
      keeper: keeper, observe: { if case .notKept = $0 { refusals.withLock { $0 += 1 } } })
    #expect(refusals.withLock { $0 } == 1)
    #expect(!outcome.wasInterrupted)
  }

  /// Somebody puts a file where the model should go: it stays, and the training is not lost.
  @Test func aModelThatCouldNotBeWrittenIsWrittenByGoingOn() throws {
    let job = job()
    let model = model
    do {
      _ = try job.train(into: model, keeper: try keeper(job), shouldStop: { false }) { _ in
        try? Data("theirs".utf8).write(to: model)
      }
      Issue.record("a file was replaced by a model")
    } catch let error as UnwrittenModelError {
      #expect("\(error)".contains("the training is kept in"), "\(error)")
      #expect("\(error)".contains(".model.training: the same again with --resume"), "\(error)")
    }
    #expect(try String(contentsOf: model, encoding: .utf8) == "theirs")
    try FileManager.default.removeItem(at: model)
    let (outcome, _) = try job.train(
      into: model, keeper: try job.keeper(for: model, resuming: true), shouldStop: { false })
    #expect(Findings(outcome) == Findings(try job.run()))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["model"], "nothing is left of the training")
  }
}
