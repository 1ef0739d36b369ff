import Evaluation
import Foundation
import InteractionStore
import Interactions
import Kernels
import Synchronization
import Training

/// A training that is kept, and the configuration of one.
let trainingSubjects: [Subject] =
  ["state.json", "vectors.safetensors"].flatMap { name -> [Subject] in
    let file = ".kept.training/\(name)"
    let shape = name == "state.json" ? FileShape.json : .safetensors
    var sealed = Subject(name: "\(file), sums put right", file: file, shape: shape, weight: 3, read: resume)
    sealed.isSealed = true
    return [Subject(name: file, file: file, shape: shape, promise: .refused, weight: 30, read: keep), sealed]
  }
  + [
    Subject(name: "experiment.yaml", file: "experiment.yaml", shape: .yaml, weight: 60) { folder in
      let file = try ExperimentFile(folder.appendingPathComponent("experiment.yaml"))
      let experiment = try (file.recipe ?? .bert4rec).experiment.with(file.changes)
      return try YAMLText.of(experiment)
    }
  ]

/// What a training depends on, as it was when the training was kept.
private func identity(_ folder: URL) throws -> TrainingIdentity {
  try RecordFile.read(TrainingIdentity.self, from: folder.appendingPathComponent("identity.json"))
}

@Sendable private func keep(_ folder: URL) throws -> String {
  let checkpoint = TrainingCheckpoint(beside: folder.appendingPathComponent("kept"), try identity(folder))
  let state = Result { try CheckpointWriter(checkpoint, resuming: true).state }
  // What is found to be another training has passed its sums.
  if case .failure(let error as TrainingCheckpointError) = state, case .other = error { return "another training" }
  return "\(try state.get()!)"
}

/// Three steps from where it stood.
@Sendable private func resume(_ folder: URL) throws -> String {
  let scratch = folder.appendingPathComponent("resumed")
  try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: scratch) }
  try FileManager.default.copyItem(
    at: folder.appendingPathComponent(".kept.training"), to: scratch.appendingPathComponent(".kept.training"))
  let log = try LogSource.load(folder.appendingPathComponent("log.csv").path)
  let job = try TrainingJob(
    log: log.log,
    identity: LogIdentity(
      name: "log", fingerprint: log.fingerprint, users: log.log.userCount, items: log.log.itemCount,
      events: log.log.eventCount), experiment: try identity(folder).experiment, workers: Workers(threads: 1))
  let checkpoint = TrainingCheckpoint(beside: scratch.appendingPathComponent("kept"), job.trainingIdentity)
  let writer = try CheckpointWriter(checkpoint, resuming: true, every: .seconds(600))
  let steps = Mutex(0)
  let outcome = try job.train(
    checkpoints: writer, shouldStop: { steps.withLock { $0 >= 3 } },
    observe: { if case .stepped = $0 { steps.withLock { $0 += 1 } } })
  if let failure = outcome.failure { return "\(failure)" }
  return "\(outcome.model.parameters.all.values.hashValue)"
}
