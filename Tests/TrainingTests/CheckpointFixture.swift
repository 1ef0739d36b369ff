import Collectives
import Evaluation
import Foundation
import Interactions
import Kernels
import ModelFiles
import SequentialModels
import TestSupport
import Training

/// The small BERT that Hugging Face wrote, with a vocabulary of 32 items, and a log that knows some of them.
struct CheckpointFixture {
  let folder: URL
  /// `BertForPreTraining` of hidden size 24, 16 positions, 37 rows: items `item0` … `item31`.
  var checkpoint: URL { folder.appendingPathComponent("bert") }

  init(masked: Bool = false) throws {
    folder = TestFolder.url.appendingPathComponent("checkpoint-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../SequentialModelsTests/Fixtures/bert-tiny/\(masked ? "masked-lm" : "")")
      .standardizedFileURL
    try FileManager.default.createDirectory(at: checkpoint, withIntermediateDirectories: true)
    for name in ["config.json", "model.safetensors"] {
      try FileManager.default.copyItem(
        at: source.appendingPathComponent(name), to: checkpoint.appendingPathComponent(name))
    }
    try Tokenizer(Vocabulary(items: (0..<32).map { "item\($0)" }), kind: .whitespace(escaped: true))
      .write(to: checkpoint, maximumLength: 16)
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// 40 users walk up the items `item24` … `item31`, `new0` … `new7`; the last two items of a walk are held out.
  static func log(heldOut: Int = 0) -> InteractionLog {
    let names = (24..<32).map { "item\($0)" } + (0..<8).map { "new\($0)" }
    let histories = (0..<40).map { user in
      (0..<6).map { (user + $0) % 16 } + (0..<2).map { (user + 6 + $0 + heldOut) % 16 }
    }
    return InteractionLog(named: histories.map { $0.map { names[$0] } }, items: names)
  }

  /// Recipe `bert4rec` going on from the checkpoint, for `epochs` of its first stage.
  func experiment(epochs: Int, _ point: StartingPoint? = nil) throws -> Experiment {
    var start = point ?? StartingPoint()
    start.from = checkpoint.path
    var experiment = try Recipe.bert4rec.experiment.with(JSONValue.object(["start": JSONValue(encoding: start)]))
    experiment.stages = Array(experiment.stages.prefix(1))
    experiment.stages[0].epochs = epochs
    experiment.stages[0].batch = 8
    return experiment
  }

  func job(
    _ experiment: Experiment, log: InteractionLog = CheckpointFixture.log(),
    spreadOver processes: (any Processes)? = nil
  ) throws -> TrainingJob {
    try TrainingJob(
      log: log,
      identity: LogIdentity(
        name: "walks", fingerprint: log.fingerprint, users: log.userCount, items: log.itemCount,
        events: log.eventCount), experiment: experiment, workers: Workers(threads: 2), spreadOver: processes)
  }

  /// The model as Hugging Face wrote it.
  func stored() throws -> HuggingFaceModel { try HuggingFaceModel.read(checkpoint) }
}
