import Collectives
import DurableFiles
import Evaluation
import Foundation
import Interactions
import Kernels
import NeuralNetwork
import RankingMetrics
import SequentialModels
import Synchronization
import TestSupport
import Testing
import Training

/// What is stopped and resumed is what was never stopped.
@Suite final class TrainingResumptionTests {
  private let folder = TestFolder.url.appendingPathComponent("resumption-\(UUID().uuidString)")
  private var model: URL { folder.appendingPathComponent("model") }

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Two stages of several epochs, with dropout, early stopping and an epoch between two validations.
  private static func job(
    threads: Int = 2, seed: UInt64 = 1, decay: LearningRateSchedule.Decay = .linear
  ) -> TrainingJob {
    var experiment = Recipe.bert4rec.experiment
    experiment.model.hidden = 16
    experiment.model.length = 16
    experiment.seed = seed
    for index in experiment.stages.indices {
      experiment.stages[index].epochs = 5
      experiment.stages[index].batch = 16
      experiment.stages[index].validateEvery = 2
      experiment.stages[index].patience = 2
      experiment.stages[index].learningRate.peak = 3e-3
      experiment.stages[index].learningRate.decay = decay
    }
    return try! TrainingJob(
      log: TrainerTests.ring,
      identity: LogIdentity(name: "ring", fingerprint: "r", users: 200, items: 20, events: 1_800),
      split: LeaveOneOut.split(TrainerTests.ring), experiment: experiment, workers: Workers(threads: threads))
  }

  /// What a run found, without the time it took.
  private struct Findings: Equatable {
    let weights: [Float]
    let best: [MeasuredValue]
    let epochs: [EpochRecord]

    init(_ outcome: TrainingOutcome<BERT4Rec>) {
      weights = outcome.model.parameters.all.values
      best = outcome.best
      epochs = outcome.epochs
    }
  }

  private func checkpoints(_ job: TrainingJob, resuming: Bool = true) throws -> CheckpointWriter {
    try CheckpointWriter(TrainingCheckpoint(beside: model, job.trainingIdentity), resuming: resuming, every: .zero)
  }

  /// Runs at most `steps` steps of what is left.
  private func attempt(_ job: TrainingJob, steps: Int) throws -> TrainingOutcome<BERT4Rec> {
    let done = Mutex(0)
    return try job.train(
      checkpoints: try checkpoints(job), shouldStop: { done.withLock { $0 >= steps } },
      observe: { if case .stepped = $0 { done.withLock { $0 += 1 } } })
  }

  @Test(arguments: [(7, LearningRateSchedule.Decay.linear), (13, .linear), (13, .plateau)])
  func manyAttemptsAreOneRun(steps: Int, decay: LearningRateSchedule.Decay) throws {
    let falls = Mutex(0)
    let whole = try Self.job(decay: decay).train(observe: { if case .fallBegan = $0 { falls.withLock { $0 += 1 } } })
    #expect(falls.withLock(\.self) == (decay == .plateau ? 2 : 0))
    var attempts = 0
    var outcome: TrainingOutcome<BERT4Rec>
    repeat {
      attempts += 1
      outcome = try attempt(Self.job(threads: 1 + attempts % 2, decay: decay), steps: steps)
    } while outcome.wasInterrupted
    #expect(Set(whole.epochs.map(\.stage)).count == 2)
    #expect(attempts > 5)
    #expect(Findings(outcome) == Findings(whole))
  }

  /// Requests a stop in every second validation, after so many of its cases, and has no time for the rest.
  private final class StoppingValidator: Validator {
    private let base: NextItemValidator
    private let calls = Mutex(0)
    private let stop = Atomic(false)

    init(_ cases: [EvaluationCase]) { base = NextItemValidator(cases, workers: Workers(threads: 1)) }

    var isStopped: Bool { stop.load(ordering: .relaxed) }

    func measure(_ model: BERT4Rec, metric: MetricKey?, until isOver: @Sendable () -> Bool) -> [MeasuredValue]? {
      if calls.withLock({
        $0 += 1; return $0
      }) == 2 {
        stop.store(true, ordering: .relaxed)
      }
      return base.measure(model, metric: metric, until: isOver)
    }

    func quality(of values: [MeasuredValue], metric: MetricKey?) -> Double? {
      base.quality(of: values, metric: metric)
    }
  }

  /// What was trained before a validation that a stop ends is kept, and validated when it is resumed.
  @Test(arguments: [LearningRateSchedule.Decay.linear, .plateau])
  func aStopEndsAValidationAndLosesNothing(decay: LearningRateSchedule.Decay) throws {
    let whole = try Self.job(decay: decay).train()
    var attempts = 0
    var outcome: TrainingOutcome<BERT4Rec>
    repeat {
      attempts += 1
      let job = Self.job(decay: decay)
      let validator = StoppingValidator(job.split.validation)
      let ends = Mutex<[Bool]>([])
      var trainer = Trainer(
        experiment: job.experiment, split: job.split, vocabulary: ItemVocabulary(items: 20),
        workers: Workers(threads: 2),
        validator: validator, checkpoints: try checkpoints(job), shouldStop: { validator.isStopped },
        observe: { event in if case .validationEnded(let keepsLast) = event { ends.withLock { $0.append(keepsLast) } } }
      )
      trainer.grace = .zero
      outcome = try trainer.train()
      #expect(ends.withLock(\.self).count == (outcome.wasInterrupted ? 1 : 0))
      if outcome.wasInterrupted { #expect(outcome.epochs.last?.validation == []) }
    } while outcome.wasInterrupted
    #expect(attempts > 2)
    #expect(Findings(outcome) == Findings(whole))
  }

  /// Where nothing was validated yet, the model is what was trained so far, and no figure goes with it.
  @Test func aStopInTheFirstValidationKeepsTheLastWeights() throws {
    let job = Self.job()
    var trainer = job.trainer(checkpoints: nil, shouldStop: { true }, observe: { _ in })
    trainer.grace = .zero
    let outcome = try trainer.train()
    #expect(outcome.wasInterrupted)
    #expect(outcome.best == [])
    // A short one is not ended by the stop: it has a second.
    let validated = try job.trainer(checkpoints: nil, shouldStop: { true }, observe: { _ in }).train()
    #expect(validated.epochs.last?.validation.isEmpty == false)
    #expect(validated.model.parameters.all.values == outcome.model.parameters.all.values)
  }

  /// A stop that the last process alone is told of ends all of them; the first one alone writes and reads.
  @Test(arguments: [13]) func attemptsOfSeveralProcessesAreOneRun(steps: Int) throws {
    let whole = try Self.job().train()
    var attempts = 0
    var outcomes: [TrainingOutcome<BERT4Rec>]
    repeat {
      let count = 1 + attempts % 4
      attempts += 1
      let first = try checkpoints(Self.job())
      outcomes = ThreadProcesses.run(count) { processes in
        let done = Mutex(0)
        let isLast = processes.rank == count - 1
        return try! Self.job(threads: 1).train(
          checkpoints: processes.rank == 0 ? first : nil, processes: processes,
          shouldStop: { isLast && done.withLock { $0 >= steps } },
          observe: { if case .stepped = $0 { done.withLock { $0 += 1 } } })
      }
      #expect(Set(outcomes.map(\.wasInterrupted)).count == 1)
    } while outcomes[0].wasInterrupted
    #expect(attempts > 5)
    for outcome in outcomes { #expect(Findings(outcome) == Findings(whole)) }
  }

  @Test func processesWithAnotherTrainingAreNamedByAll() throws {
    let errors = ThreadProcesses.run(3) { processes in
      Result { try Self.job(seed: processes.rank == 1 ? 2 : 1).agree(with: processes, host: "host \(processes.rank)") }
    }
    for error in errors {
      #expect(
        throws: TrainingDisagreement.different(rank: 1, host: "host 1", firstHost: "host 0", differs: ["seed 1, now 2"])
      ) {
        try error.get()
      }
    }
    for result in ThreadProcesses.run(5, { processes in Result { try Self.job().agree(with: processes, host: "h") } }) {
      #expect(throws: TrainingDisagreement.tooManyProcesses(5, shards: 4)) { try result.get() }
    }
  }

  @Test func anotherTrainingIsNotResumed() throws {
    _ = try attempt(Self.job(), steps: 3)
    let error = #expect(throws: TrainingCheckpointError.self) { try self.checkpoints(Self.job(seed: 2)) }
    let text = try #require(error).description
    #expect(
      text.hasSuffix("it was begun with seed 1, now 2; give the command as it was, or begin anew without --resume"))
    #expect(try checkpoints(Self.job(seed: 2), resuming: false).state == nil)
    #expect(try checkpoints(Self.job()).state != nil, "a training that has nothing to keep yet takes nothing away")
  }

  @Test func damageIsSaid() throws {
    _ = try attempt(Self.job(), steps: 3)
    let job = Self.job()
    for name in ["state.json", "vectors.safetensors"] {
      let file = folder.appendingPathComponent(".model.training/\(name)")
      let whole = try Data(contentsOf: file)
      for _ in 0..<100 {
        var damaged = whole
        let (byte, bit) = (Int.random(in: 0..<whole.count), UInt8.random(in: 0..<8))
        damaged[byte] ^= 1 << bit
        try damaged.write(to: file)
        #expect(throws: TrainingCheckpointError.self, "\(name), byte \(byte), bit \(bit)") { try checkpoints(job) }
      }
      try whole.dropLast().write(to: file)
      #expect(throws: TrainingCheckpointError.self) { try checkpoints(job) }
      try whole.write(to: file)
    }
    let vectors = folder.appendingPathComponent(".model.training/vectors.safetensors")
    try FileManager.default.removeItem(at: vectors)
    let error = #expect(throws: TrainingCheckpointError.self) { try checkpoints(job) }
    #expect(try #require(error).description.contains("vectors.safetensors is missing"))
    #expect(try #require(error).description.hasSuffix("begin anew without --resume"))
  }

  /// With sums that are right.
  @Test func countsThatNoTrainingComesToAreRefused() throws {
    _ = try attempt(Self.job(), steps: 3)
    let file = folder.appendingPathComponent(".model.training/state.json")
    var text = try String(contentsOf: file, encoding: .utf8)
    text.replace("\"optimizerSteps\" : 3", with: "\"optimizerSteps\" : -3")
    let own = try #require(text.firstRange(of: "\"state.json\" : \"")).upperBound
    text.replaceSubrange(own..<text.index(own, offsetBy: 64), with: String(repeating: "0", count: 64))
    try FileChecksums.seal(Data(text.utf8)).write(to: file)
    let error = #expect(throws: TrainingCheckpointError.self) { try self.checkpoints(Self.job()) }
    #expect(try #require(error).description.contains("counts what no training comes to"))
  }

  @Test func aCheckpointThatCannotBeWrittenIsSaidOnce() throws {
    let refusals = Mutex(0)
    let job = Self.job()
    let checkpoints = try CheckpointWriter(
      TrainingCheckpoint(beside: URL(fileURLWithPath: "/nowhere/model"), job.trainingIdentity), resuming: false,
      every: .zero
    )
    let outcome = try job.train(
      checkpoints: checkpoints, observe: { if case .checkpointFailed = $0 { refusals.withLock { $0 += 1 } } })
    #expect(refusals.withLock { $0 } == 1)
    #expect(!outcome.wasInterrupted)
  }

  /// A file is put where the model should go: it stays, and the training is not lost.
  @Test func aModelThatCouldNotBeWrittenIsWrittenByResuming() throws {
    let job = Self.job()
    let model = model
    do {
      _ = try job.train(into: model, checkpoints: try checkpoints(job), shouldStop: { false }) { _ in
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
      into: model, checkpoints: try job.checkpoints(for: model, resuming: true), shouldStop: { false })
    #expect(Findings(outcome) == Findings(try job.train()))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["model"], "nothing is left of the training")
  }
}
