import Foundation
import Interactions
import Kernels
import ModelFiles
import NeuralNetwork
import RankingMetrics
import SequentialModels
import Synchronization
import TestSupport
import Testing
import Training

/// Users of two kinds: those who like the first half of the items, and those who like the second.
@Suite struct ClassifierJobTests {
  private let folder = TestFolder.url.appendingPathComponent("labels-\(UUID().uuidString)")
  private let log: InteractionLog

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let random = CounterRandom(seed: 4, purpose: 1, step: 0)
    var (offsets, events) = ([0], [ItemID]())
    for user in 0..<200 {
      for place in 0..<6 { events.append(ItemID(random.below(10, UInt64(user * 6 + place)) + user % 2 * 10)) }
      offsets.append(events.count)
    }
    log = InteractionLog(
      users: Catalog((0..<200).map { "u\($0)" }), items: Catalog((0..<20).map { "i\($0)" }), offsets: offsets,
      events: events)
  }

  private func labels(_ text: String) throws -> LabelFile {
    let file = folder.appendingPathComponent("labels-\(UUID().uuidString).csv")
    try Data(text.utf8).write(to: file)
    return try LabelFile(file.path)
  }

  private func job(
    _ labels: LabelFile, threads: Int = 2, _ change: (inout Experiment) -> Void = { _ in }
  ) throws -> ClassifierJob {
    let source = LabeledSource.log(log, name: "log")
    var experiment = Experiment.labels(sequences: labels.rows.count, length: source.commonLength).experiment
    experiment.model.hidden = 16
    experiment.model.layers = 1
    experiment.stages[0].learningRate.peak = 3e-3
    change(&experiment)
    return try ClassifierJob(source, labels, experiment, workers: Workers(threads: threads))
  }

  /// What tells users of even numbers from the others.
  private var kinds: String {
    "user,segment\n" + (0..<200).map { "u\($0),\($0 % 2 == 0 ? "early" : "late")\n" }.joined()
  }

  @Test func tellsKindsApartAndComesBack() throws {
    let text = kinds
    let job = try job(labels(text + "gone,late\n"))
    #expect(job.unknown == 1 && job.labels.names == ["early", "late"])
    let outcome = try job.train()
    let url = folder.appendingPathComponent("model")
    let record = try job.record(of: outcome, name: "model")
    #expect(record.test.labels?.accuracy == 1 && (record.test.labels?.auc ?? 0) == 1)
    #expect((record.baseline.labels?.accuracy ?? 1) < 0.8)
    try job.write(outcome, record: record, to: url)
    let again = try ClassifierDirectory.load(url, workers: Workers(threads: 1))
    let sequences = (0..<10).map { LabeledSequence(tokens: job.source.tokens($0, again.tokenizer, limit: 20)) }
    #expect(again.classifier.logits(of: sequences) == outcome.model.logits(of: sequences))
    // From its encoder another one is fine-tuned, in which only the head learns.
    let frozen = try self.job(labels(text)) {
      $0.start = StartingPoint(from: url.path)
      $0.stages[0].epochs = 2
      $0 = $0.freezing(.encoder)
    }
    #expect(frozen.start?.summary.fresh == [])
    let tuned = try frozen.train()
    for tensor in frozen.network.layout.tensors where tensor.name.hasPrefix("bert.encoder.") {
      #expect(tuned.model.parameters[tensor].values == outcome.model.parameters[tensor].values)
    }
  }

  /// What is stopped every few steps, and resumed on other threads and by other numbers of processes, is what was never
  /// stopped: bytes, figures, best epoch. The first process alone writes and reads, the last alone is told to stop.
  @Test(arguments: [ClassificationHead.Task.classification, .regression])
  func manyAttemptsAreOneRun(task: ClassificationHead.Task) throws {
    let numbers = "user,value\n" + (0..<200).map { "u\($0),\($0 % 2 * 100 + $0)\n" }.joined()
    let file = try labels(task == .regression ? numbers : kinds)
    func job(threads: Int = 2) throws -> ClassifierJob {
      try self.job(file, threads: threads) {
        $0.labels?.task = task
        $0.stages[0].patience = 2
        $0.stages[0].validateEvery = 2
        $0.stages[0].epochs = 6
        $0.stages[0].metric = .label(task == .regression ? .meanAbsoluteError : .auc)
        $0.stages.append($0.stages[0])
        $0.stages[1].name = "again"
      }
    }
    let whole = try job().train()
    #expect(Set(whole.epochs.map(\.stage)).count == 2)
    let url = folder.appendingPathComponent("resumed-\(task.rawValue)")
    var attempts = 0
    var outcomes: [TrainingOutcome<SequenceClassifier>]
    repeat {
      let count = 1 + attempts % 4
      attempts += 1
      let jobs = try (0..<count).map { _ in try job(threads: 1 + attempts % 2) }
      let first = try CheckpointWriter(
        TrainingCheckpoint(beside: url, jobs[0].trainingIdentity), resuming: true, every: .zero)
      outcomes = ThreadProcesses.run(count) { processes in
        let done = Mutex(0)
        let isLast = processes.rank == count - 1
        return try! jobs[processes.rank].train(
          checkpoints: processes.rank == 0 ? first : nil, processes: processes,
          shouldStop: { isLast && done.withLock { $0 >= 7 } },
          observe: { if case .stepped = $0 { done.withLock { $0 += 1 } } })
      }
    } while outcomes[0].wasInterrupted
    #expect(attempts > 5)
    for outcome in outcomes {
      #expect(outcome.model.parameters.all.values == whole.model.parameters.all.values)
      #expect(outcome.epochs == whole.epochs && outcome.best == whole.best)
    }
    // Other labels are another training.
    _ = try job().train(
      checkpoints: CheckpointWriter(TrainingCheckpoint(beside: url, job().trainingIdentity), resuming: false),
      shouldStop: { true })
    let text =
      task == .regression ? numbers.replacing("u3,103", with: "u3,104") : kinds.replacing("u3,late", with: "u3,early")
    let experiment = try job().experiment
    let others = try self.job(labels(text)) { $0 = experiment }
    #expect(throws: TrainingCheckpointError.self) {
      try CheckpointWriter(TrainingCheckpoint(beside: url, others.trainingIdentity), resuming: true)
    }
  }

  /// The figure that chooses the weights is the one that is named; a lower error is better, as a higher accuracy is.
  @Test func aMetricChoosesTheWeights() throws {
    func best(_ metric: MetricKey) throws -> (chosen: Double, all: [Double]) {
      let outcome = try job(labels(kinds)) {
        $0.stages[0].epochs = 5
        $0.stages[0].metric = metric
      }.train()
      return (
        try #require(outcome.best.first(metric)?.value),
        outcome.epochs.compactMap { $0.validation.first(metric)?.value }
      )
    }
    let loss = try best(MetricKey(.loss))
    #expect(loss.all.count == 5 && loss.chosen == loss.all.min())
    let accuracy = try best(.label(.accuracy))
    #expect(accuracy.chosen == accuracy.all.max())
    let error = #expect(throws: ConfigurationError.self) {
      try self.job(labels(kinds)) { $0.stages[0].metric = .label(.meanAbsoluteError) }
    }
    #expect(error?.description.contains("expected one of loss, accuracy, AUC, macroF1") == true)
  }

  /// Keys that no training of labels has are refused, wherever they come from; all others are what `settings` marks.
  @Test func keysOfItemsAreRefused() throws {
    let base = Experiment.labels(sequences: 100, length: 22).experiment
    for setting in Setting.all where !setting.isForLabels {
      let path = setting.path.replacing("stages.N", with: "stages.0")
      let error = #expect(throws: ConfigurationError.self, "\(path)") {
        try base.with(ConfigurationTree.single(path, "1"))
      }
      #expect(error?.description.contains("it is not for --labels") == true, "\(path)")
    }
    let changed = try base.with([
      ConfigurationTree.single("model.dropout", "0.25"), ConfigurationTree.single("stages.0.metric", "macroF1"),
    ])
    #expect(changed.model.dropout == 0.25 && changed.stages[0].metric == .label(.macroF1))
    let paths = try changed.tree().values.map(\.path)
    #expect(paths.allSatisfy { Setting.at($0)?.isForLabels == true } && paths.contains("model.dropout"))
    // What is printed is read back as it was.
    #expect(try base.with(ConfigurationTree.parse(YAMLText.of(changed), file: "a.yaml")) == changed)
  }

  @Test func predictsNumbersOnTheirOwnScale() throws {
    let text = "user,value\n" + (0..<200).map { "u\($0),\($0 % 2 == 0 ? 1_000 : 5_000)\n" }.joined()
    let job = try job(labels(text)) {
      $0.labels?.task = .regression
      $0.stages[0].epochs = 20
    }
    let record = try job.record(of: try job.train(), name: "model")
    #expect((record.test.numbers?.meanAbsoluteError ?? .infinity) < 500)
    #expect((record.baseline.numbers?.meanAbsoluteError ?? 0) > 1_500)
  }

  @Test func sentencesSayWhatToDo() throws {
    func fault(_ text: String, task: ClassificationHead.Task? = nil) -> String {
      do {
        _ = try job(labels(text)) { $0.labels?.task = task }
        return ""
      } catch { return "\(error)" }
    }
    #expect(fault("user,label\nu1,a\nu2,a\n").contains("every label is “a”; at least two labels"))
    #expect(fault("user,label\nu1,a\nu1,b\n").contains("line 3 labels u1 again, after line 2"))
    #expect(fault("user,label\nx1,a\nx2,b\nx3,a\n").contains("only 0 of the 3 ids"))
    #expect(fault("user,a,b\nu1,1,2\nu2,1,2\n").contains("has the columns user, a, b, and nothing says which"))
    #expect(fault("user,label\nu1,a\nu2,b\n").contains("label more of them"))
    let numbers = "user,label\n" + (0..<200).map { "u\($0),\($0).5\n" }.joined()
    #expect(fault(numbers).contains("label has 200 different numbers; give --task regression"))
    #expect(fault("user,label\nu1,a\nu2,7\n", task: .regression).contains("line 2: “a” is no number"))
  }
}
