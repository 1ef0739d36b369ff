import Collectives
import Evaluation
import Foundation
import Interactions
import Kernels
import ModelFiles
import NeuralNetwork
import SequentialModels
import Synchronization
import TestSupport
import Testing
import Training

/// Processes that keep a part of the item table each train, validate, save and write what one process does.
@Suite final class ShardedItemsTests {
  private let folder = TestFolder.url.appendingPathComponent("sharded-\(UUID().uuidString)")
  private var model: URL { folder.appendingPathComponent("model") }

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A width that no message and no page holds a whole number of rows of.
  private static func job(_ loss: ItemLoss.Kind = .sampledSoftmax, shardsItems: Bool = true) -> TrainingJob {
    try! job(loss, spreadOver: shardsItems ? OneProcess() : nil)
  }

  /// - Parameter items: of the catalog, of which the log has 20.
  private static func job(
    _ loss: ItemLoss.Kind, items: Int = 20, smoothing: Double = 0, spreadOver processes: (any Processes)?
  ) throws -> TrainingJob {
    var experiment = Recipe.causal.experiment
    experiment.model.hidden = 18
    experiment.model.heads = 2
    experiment.model.length = 16
    experiment.stages[0].epochs = 4
    experiment.stages[0].batch = 16
    experiment.stages[0].patience = 2
    experiment.stages[0].loss = ItemLoss(kind: loss, negatives: 5)
    experiment.stages[0].labelSmoothing = smoothing
    let log =
      items == 20
      ? TrainerTests.ring
      : InteractionLog(
        histories: (0..<80).map { user in (0..<6 + user % 7).map { (user * 3 + $0) % 20 * (items / 20) } },
        items: items)
    return try TrainingJob(
      log: log, identity: LogIdentity(name: "ring", fingerprint: "r", users: 200, items: items, events: 1_800),
      experiment: experiment, workers: Workers(threads: 1), spreadOver: processes)
  }

  /// The file of weights that all of `count` processes write, and what they found.
  private func written(
    by count: Int, _ kind: ItemLoss.Kind, shardsItems: Bool = true
  ) throws -> (weights: Data, epochs: [[EpochRecord]]) {
    try written(by: count, "\(kind)-\(count)-\(shardsItems)") { _ in Self.job(kind, shardsItems: shardsItems) }
  }

  private func written(
    by count: Int, _ name: String, _ job: @escaping @Sendable (any Processes) throws -> TrainingJob
  ) throws -> (weights: Data, epochs: [[EpochRecord]]) {
    let url = folder.appendingPathComponent(name)
    let epochs = ThreadProcesses.run(count) { processes in
      let job = try! job(processes)
      let outcome = try! job.train(processes: processes)
      if processes.rank == 0 {
        try! job.write(outcome, record: job.record(of: outcome, name: "model"), to: url)
      } else {
        outcome.spreadRows?.finish()
      }
      return outcome.epochs
    }
    return (try Data(contentsOf: url.appendingPathComponent("model.safetensors")), epochs)
  }

  @Test(arguments: [ItemLoss.Kind.sampledSoftmax, .gBCE, .bpr]) func areTheBytesOfOneProcess(kind: ItemLoss.Kind) throws
  {
    let whole = try written(by: 1, kind, shardsItems: false)
    for count in 1...4 {
      let spread = try written(by: count, kind)
      #expect(spread.weights == whole.weights, "\(count) processes")
      for epochs in spread.epochs { #expect(epochs == whole.epochs[0], "\(count) processes") }
    }
  }

  /// Catalogs of so many chunks that each process has some; the processes are more than one has batches for.
  @Test(arguments: [0, 0.1]) func lossesOverAllItemsAreTheBytesOfOneProcess(smoothing: Double) throws {
    let whole = try written(by: 1, "whole") { _ in
      try Self.job(.full, items: 3_301, smoothing: smoothing, spreadOver: nil)
    }
    for count in [1, 2, 4] {
      let spread = try written(by: count, "spread-\(count)") {
        try Self.job(.full, items: 3_301, smoothing: smoothing, spreadOver: $0)
      }
      #expect(spread.weights == whole.weights, "\(count) processes")
      for epochs in spread.epochs { #expect(epochs == whole.epochs[0], "\(count) processes") }
    }
  }

  /// The checkpoint has 37 rows, some of whose items are in the log, in another order and among new ones.
  @Test(arguments: [VocabularyExtension.NewRows.random, .neighbors])
  func goOnFromTheRowsOfAModel(newRows: VocabularyExtension.NewRows) throws {
    let fixture = try CheckpointFixture()
    defer { fixture.remove() }
    var experiment = try fixture.experiment(epochs: 2, StartingPoint(newItems: newRows))
    experiment.stages[0].loss = ItemLoss(kind: .sampledSoftmax, negatives: 5)
    experiment.stages[0].labelSmoothing = 0
    let run = experiment
    try run.checkShardsItems()
    let whole = try written(by: 1, "whole") { _ in try fixture.job(run) }
    for count in 1...4 {
      let spread = try written(by: count, "spread-\(count)") { try fixture.job(run, spreadOver: $0) }
      #expect(spread.weights == whole.weights, "\(count) processes")
      for epochs in spread.epochs { #expect(epochs == whole.epochs[0], "\(count) processes") }
    }
  }

  @Test func keepNoRowOfAnother() throws {
    let held = ThreadProcesses.run(3) { processes in
      let model = try! Self.job().train(processes: processes).model
      let items = model.itemShards!
      let table = model.parameters[items.table]
      return (0..<table.rows).filter { row in table.rows(row..<row + 1).values.contains { $0 != 0 } }
    }
    #expect(held.flatMap(\.self) == Array(0..<25), "20 items and 5 special tokens")
    #expect(held.allSatisfy { $0.count >= 8 })
  }

  /// Stopped again and again, and resumed by another number of processes, sharding or not.
  @Test(arguments: [(ItemLoss.Kind.sampledSoftmax, 20), (.full, 3_301)])
  func attemptsAreOneRun(loss: ItemLoss.Kind, items: Int) throws {
    @Sendable func job(_ processes: (any Processes)?) -> TrainingJob {
      try! Self.job(loss, items: items, spreadOver: processes)
    }
    let whole = try job(nil).train()
    var attempts = 0
    var outcomes: [TrainingOutcome<BERT4Rec>]
    repeat {
      let count = 1 + (attempts + 1) % 4
      let shards = attempts % 3 != 2
      attempts += 1
      let first = try CheckpointWriter(
        TrainingCheckpoint(beside: model, job(nil).trainingIdentity), resuming: true, every: .zero)
      outcomes = ThreadProcesses.run(count) { processes in
        let done = Mutex(0)
        return try! job(shards ? processes : nil).train(
          checkpoints: processes.rank == 0 ? first : nil, processes: processes,
          shouldStop: { done.withLock { $0 >= 9 } }, observe: { if case .stepped = $0 { done.withLock { $0 += 1 } } })
      }
    } while outcomes[0].wasInterrupted
    #expect(attempts > (items == 20 ? 4 : 2))
    for outcome in outcomes {
      #expect(outcome.epochs == whole.epochs)
      for range in outcome.model.parameters.held {
        #expect(outcome.model.parameters.flat(range).values == whole.model.parameters.flat(range).values)
      }
    }
  }

  /// The other processes do not wait for numbers that nothing will read.
  @Test func aCheckpointThatCannotBeWrittenStopsNobody() throws {
    let identity = Self.job().trainingIdentity
    let refusals = Mutex(0)
    let interrupted = ThreadProcesses.run(2) { processes in
      let checkpoints = try! CheckpointWriter(
        TrainingCheckpoint(beside: URL(fileURLWithPath: "/nowhere/model"), identity), resuming: false, every: .zero)
      return try! Self.job().train(
        checkpoints: processes.rank == 0 ? checkpoints : nil, processes: processes,
        observe: { if case .checkpointFailed = $0 { refusals.withLock { $0 += 1 } } }
      ).wasInterrupted
    }
    #expect(interrupted == [false, false])
    #expect(refusals.withLock(\.self) == 1)
  }

  @Test func moreProcessesThanChunksOfItemsAreRefused() throws {
    let errors = ThreadProcesses.run(2) { processes in
      do {
        _ = try Self.job(.full, spreadOver: processes)
        return ""
      } catch { return "\(error)" }
    }
    #expect(errors[0] == errors[1])
    #expect(
      errors[0]
        == "2 processes cannot share the 25 rows of this item table: a loss over all items is summed in 1 chunk of "
        + "rows, and --shard-items needs one for each; leave --shard-items out, or set stages.0.loss.kind to sampledSoftmax, "
        + "gBCE or bpr")
    _ = try Self.job(.full, spreadOver: OneProcess())
    let many = ThreadProcesses.run(5) { processes in
      do {
        _ = try Self.job(.full, items: 3_301, spreadOver: processes)
        return ""
      } catch { return "\(error)" }
    }
    #expect(many[0].contains("is summed in 4 chunks of rows") && many[0].contains("; start 4 at most, or set"))
  }

  @Test func whatNeedsAllRowsIsRefused() throws {
    var experiment = Recipe.causal.experiment
    try experiment.checkShardsItems()
    experiment.start = StartingPoint(from: "model")
    try experiment.checkShardsItems()
    experiment.start = StartingPoint(from: "model", newItems: .text)
    #expect(throws: ConfigurationError.self) { try experiment.checkShardsItems() }
  }
}
