import Foundation
import Interactions
import Kernels
import ModelFiles
import NeuralNetwork
import SequentialModels
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

  private func job(_ labels: LabelFile, _ change: (inout ClassifierConfiguration) -> Void = { _ in }) throws
    -> ClassifierJob
  {
    var configuration = ClassifierConfiguration()
    configuration.sizes.hidden = 16
    configuration.sizes.layers = 1
    configuration.learningRate = 3e-3
    change(&configuration)
    return try ClassifierJob(.log(log, name: "log"), labels, configuration, workers: Workers(threads: 2))
  }

  @Test func tellsKindsApartAndComesBack() throws {
    let text = "user,segment\n" + (0..<200).map { "u\($0),\($0 % 2 == 0 ? "early" : "late")\n" }.joined()
    let job = try job(labels(text + "gone,late\n"))
    #expect(job.unknown == 1 && job.labels.names == ["early", "late"])
    let outcome = try job.train()
    let url = folder.appendingPathComponent("model")
    let record = job.record(of: outcome, name: "model")
    #expect(record.test.labels?.accuracy == 1 && (record.test.labels?.auc ?? 0) == 1)
    #expect((record.baseline.labels?.accuracy ?? 1) < 0.8)
    try job.write(outcome, record: record, to: url)
    let again = try ClassifierDirectory.load(url, workers: Workers(threads: 1))
    let sequences = (0..<10).map { LabeledSequence(tokens: job.source.tokens($0, again.tokenizer, limit: 20)) }
    #expect(again.classifier.logits(of: sequences) == outcome.classifier.logits(of: sequences))
    // From its encoder another one is fine-tuned, in which only the head learns.
    let frozen = try self.job(labels(text)) {
      ($0.from, $0.freeze, $0.epochs) = (url.path, .encoder, 2)
    }
    #expect(frozen.start?.fresh == [])
    let tuned = try frozen.train()
    for tensor in frozen.network.layout.tensors where tensor.name.hasPrefix("bert.encoder.") {
      #expect(tuned.classifier.parameters[tensor].values == outcome.classifier.parameters[tensor].values)
    }
  }

  @Test func predictsNumbersOnTheirOwnScale() throws {
    let text = "user,value\n" + (0..<200).map { "u\($0),\($0 % 2 == 0 ? 1_000 : 5_000)\n" }.joined()
    let job = try job(labels(text)) { ($0.task, $0.epochs) = (.regression, 20) }
    let record = job.record(of: try job.train(), name: "model")
    #expect((record.test.numbers?.meanAbsoluteError ?? .infinity) < 500)
    #expect((record.baseline.numbers?.meanAbsoluteError ?? 0) > 1_500)
  }

  @Test func sentencesSayWhatToDo() throws {
    func fault(_ text: String, task: ClassificationHead.Task? = nil) -> String {
      do {
        _ = try job(labels(text)) { $0.task = task }
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
