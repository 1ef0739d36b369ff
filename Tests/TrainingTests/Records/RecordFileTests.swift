import RankingMetrics
import Evaluation
import Foundation
import TestSupport
import Testing
import Training

@Suite struct RecordFileTests {
  let folder = TestFolder.url.appendingPathComponent("records-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  static let run = RunRecord(
    name: "tail", program: "cloze 1.0",
    log: LogIdentity(name: "shop.csv", fingerprint: "ab12", users: 3, items: 4, events: 17),
    configuration: .object(["model": .object(["hidden": .integer(64), "dropout": .number(0.1)])]), seed: 7,
    epochs: [
      EpochRecord(
        stage: "tune", epoch: 1, loss: 4.5, validation: [.init(MetricKey(.ndcg, 10), 0.1)])
    ],
    evaluation: EvaluationSummary(
      name: "tail",
      results: [
        MeasuredValue(MetricKey(.ndcg, 10), 0.15, low: 0.14, high: 0.16), MeasuredValue(MetricKey(.hitRate, 10), 0.3),
      ]),
    cost: RunCost(
      trainingSeconds: 60, microsecondsPerUser: 120, threads: 2, epochs: [EpochCost(seconds: 2, tokensPerSecond: 9)]))

  @Test func aRecordComesBackAsItWas() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("record.json")
    try RecordFile.write(Self.run, to: url)
    #expect(try RecordFile.read(RunRecord.self, from: url) == Self.run)
    let first = try Data(contentsOf: url)
    try RecordFile.write(Self.run, to: url)
    #expect(try Data(contentsOf: url) == first)
  }

  @Test func aMissingRecordSaysWhoWritesOne() {
    #expect(throws: RecordError.missing("/nowhere/record.json")) {
      try RecordFile.read(RunRecord.self, from: URL(fileURLWithPath: "/nowhere/record.json"))
    }
    #expect(
      RecordError.missing("/nowhere/record.json").description
        == "there is no record at /nowhere/record.json; `cloze train`, `cloze compare` and `cloze evaluate --ranks` write them"
    )
  }

  @Test(arguments: [
    ("{", "the file is not valid JSON"), (#"{"name": "x"}"#, "the file lacks “program”"),
    (#"{"name": 3}"#, "name is not a value of type String"),
  ])
  func aFileThatIsNoRecordSaysWhereItFails(text: String, fault: String) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appendingPathComponent("record.json")
    try Data(text.utf8).write(to: url)
    #expect(throws: RecordError.notARecord(path: url.path, fault: fault)) {
      try RecordFile.read(RunRecord.self, from: url)
    }
  }

  @Test func aFigureThatIsNotANumberIsRefusedByName() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    var run = Self.run
    run.evaluation?.results[1].value = .nan
    let url = folder.appendingPathComponent("record.json")
    #expect(throws: RecordError.notWritten("\(url.path): evaluation.results.1.value is nan, which JSON cannot hold")) {
      try RecordFile.write(run, to: url)
    }
    #expect(!FileManager.default.fileExists(atPath: url.path))
  }

  @Test func aConfigurationIsListedByDottedPath() throws {
    struct Part: Encodable { let name: String, sizes: [Int] }
    struct Whole: Encodable { let part: Part, on: Bool, rate: Double }
    let value = try JSONValue(encoding: Whole(part: Part(name: "a", sizes: [1, 3]), on: true, rate: 0.5))
    #expect(value.leaves.map(\.path) == ["on", "part.name", "part.sizes.0", "part.sizes.1", "rate"])
    #expect(value.leaves.map(\.text) == ["yes", "a", "1", "3", "0.5"])
  }
}
