import Evaluation
import Foundation
import Interactions
import NeuralNetwork
import ModelFiles
import SequentialModels
import Testing
import Training

@Suite struct TrainingStartTests {
  private let table = TensorNames.itemTable

  private func bits(_ values: some Sequence<Float>) -> [UInt32] { values.map(\.bitPattern) }

  @Test(arguments: [false, true]) func aCheckpointComesAndGoesByteForByte(masked: Bool) throws {
    let fixture = try CheckpointFixture(masked: masked)
    defer { fixture.remove() }
    let job = try fixture.job(fixture.experiment(epochs: 0))
    let outcome = try job.train()
    let url = fixture.folder.appendingPathComponent("out")
    let record = try job.record(of: outcome, name: "out")
    try job.write(outcome, record: record, to: url)
    let (before, after) = (try fixture.stored(), try HuggingFaceModel.read(url))
    #expect(after.configuration.architecture == (masked ? .maskedLM : .preTraining))
    #expect(after.tensors.keys.sorted() == before.tensors.keys.sorted())
    for (name, old) in before.tensors {
      let new = try #require(after.tensors[name])
      #expect(bits(new.values.prefix(old.values.count)) == bits(old.values), "\(name)")
      #expect(new.values.count == old.values.count + (name == table ? 8 * 24 : name == TensorNames.outputBias ? 8 : 0))
    }
    #expect(after.tensors[TensorNames.outputBias]?.values.suffix(8) == [0, 0, 0, 0, 0, 0, 0, 0])
    #expect(after.tokenizer?.vocabulary.tokens.dropFirst(5).prefix(32).first == "item0")
    #expect(after.tokenizer?.vocabulary.tokens.suffix(8) == (0..<8).map { "new\($0)" }[...])
    let start = try #require(record.start)
    #expect(start.rows == 37 && start.knownItems == 8 && start.newItems == 8 && start.drawnItems == 8)
    #expect(start.tensors == (masked ? 42 : 46) && start.fresh == [] && start.ignored == [])
    #expect(start.positions == 16 && start.newPositions == 0)
    #expect(try RunRecord.read(in: url) == record)
  }

  /// What a run of one epoch leaves of the checkpoint's tensors: their names, new rows apart.
  private func kept(_ freeze: Freeze, newRows: Double = 1) throws -> (names: Set<String>, newRowsMoved: Bool) {
    let fixture = try CheckpointFixture()
    defer { fixture.remove() }
    var experiment = try fixture.experiment(epochs: 1).freezing(freeze)
    experiment.stages[0].rates.newRows = newRows
    let job = try fixture.job(experiment)
    let outcome = try job.train()
    let start = try #require(job.start)
    let (before, after) = (start.parameters, outcome.model.parameters)
    var names: Set<String> = []
    for tensor in start.network.layout.tensors {
      let old = tensor.name == table ? 37 * 24 : tensor.name == TensorNames.outputBias ? 37 : tensor.count
      if bits(before[tensor].values.prefix(old)) == bits(after[tensor].values.prefix(old)) { names.insert(tensor.name) }
    }
    let items = try #require(start.network.layout[table])
    return (names, bits(before[items].values.suffix(192)) != bits(after[items].values.suffix(192)))
  }

  @Test func whatIsFrozenKeepsItsBytes() throws {
    let all = Set(try CheckpointFixtureNames.all())
    let embeddings = all.filter { $0.hasPrefix("bert.embeddings.") }
    let blocks = all.filter { $0.hasPrefix("bert.encoder.") }
    // No pair is requested in this run, so the second head has no gradient, but its matrices decay.
    let idle: Set = ["bert.pooler.dense.bias", "cls.seq_relationship.bias"]
    let nothing = try kept(.none)
    #expect(nothing.names.subtracting(idle).isEmpty && nothing.newRowsMoved)
    let tables = try kept(.embeddings)
    #expect(tables.names.subtracting(idle) == embeddings && tables.newRowsMoved)
    let encoder = try kept(.encoder)
    #expect(encoder.names.subtracting(idle) == embeddings.union(blocks) && encoder.newRowsMoved)
    #expect(try !kept(.encoder, newRows: 0).newRowsMoved)
  }

  @Test func newRowsLearnFasterWhereTheyAreTold() throws {
    let fixture = try CheckpointFixture()
    defer { fixture.remove() }
    func distance(_ factor: Double) throws -> Float {
      var experiment = try fixture.experiment(epochs: 1)
      experiment.stages[0].rates.newRows = factor
      let job = try fixture.job(experiment)
      let start = try #require(job.start)
      let items = try #require(start.network.layout[table])
      let after = try job.train().model.parameters[items].values
      return zip(start.parameters[items].values, after).suffix(192).reduce(0) { $0 + abs($1.0 - $1.1) }
    }
    let (slow, fast) = (try distance(1), try distance(5))
    #expect(fast > 3 * slow, "\(slow), \(fast)")
  }

  @Test func neighborsAreReadOffTheTrainingPartAlone() throws {
    let fixture = try CheckpointFixture()
    defer { fixture.remove() }
    let experiment = try fixture.experiment(epochs: 0, StartingPoint(newItems: .neighbors))
    let rows = try [0, 3].map { heldOut in
      let start = try #require(try fixture.job(experiment, log: CheckpointFixture.log(heldOut: heldOut)).start)
      #expect(start.summary?.drawnItems == 0)
      return bits(start.parameters[try #require(start.network.layout[table])].values)
    }
    #expect(rows[0] == rows[1])
  }

  @Test func positionsAreAddedOrLeftOutAsRequested() throws {
    let fixture = try CheckpointFixture(masked: true)
    defer { fixture.remove() }
    let before = try #require(try fixture.stored().tensors[TensorNames.positionTable]).values
    var longer = try fixture.experiment(epochs: 1, StartingPoint(extendPositions: true))
    longer.model.length = 20
    longer = longer.freezing(.encoder)
    let job = try fixture.job(longer)
    let start = try #require(job.start)
    #expect(start.summary?.positions == 16 && start.summary?.newPositions == 4)
    let position = try #require(start.network.layout[TensorNames.positionTable])
    let after = try job.train().model.parameters[position]
    #expect(after.rows == 20)
    #expect(bits(after.values.prefix(16 * 24)) == bits(before))
    var shorter = try fixture.experiment(epochs: 0)
    shorter.model.length = 6
    let short = try #require(try fixture.job(shorter).start)
    #expect(
      bits(short.parameters[try #require(short.network.layout[TensorNames.positionTable])].values)
        == bits(before.prefix(6 * 24)))
    shorter.model.length = 17
    let error = #expect(throws: HuggingFaceError.self) { _ = try fixture.job(shorter) }
    #expect(error?.description.contains("has 16 positions where 17 are wanted") == true)
  }

  @Test func aModelOfOursGoesOnWithItsPooling() throws {
    let fixture = try CheckpointFixture(masked: true)
    defer { fixture.remove() }
    var experiment = try fixture.experiment(epochs: 1)
    experiment.model.pooling = .attention
    let job = try fixture.job(experiment)
    #expect(job.start?.summary?.fresh == ["pooling.query"])
    let outcome = try job.train()
    let url = fixture.folder.appendingPathComponent("ours")
    try job.write(outcome, record: try job.record(of: outcome, name: "ours"), to: url)
    let model = try ModelConfiguration(checkpoint: url)
    #expect(model.pooling == .attention && Recipe.fitting(model) == .bert4rec)
    experiment.start?.from = url.path
    experiment.stages[0].epochs = 0
    let next = try fixture.job(experiment)
    #expect(next.start?.summary?.fresh == [])
    #expect(next.start?.summary?.newItems == 0)
    #expect(bits(next.start!.parameters.all.values) == bits(outcome.model.parameters.all.values))
  }

  @Test func refusesAnExperimentOfOtherSizes() throws {
    let fixture = try CheckpointFixture()
    defer { fixture.remove() }
    var experiment = try fixture.experiment(epochs: 1)
    #expect(experiment.model.hidden == 24 && experiment.model.inner == 40 && experiment.model.length == 16)
    #expect(experiment.model.nextSegmentHead)
    experiment.model.inner = 48
    var error = #expect(throws: TrainingStartError.self) { _ = try fixture.job(experiment) }
    #expect(
      error?.description
        == "model.inner is 48, but the checkpoint has 40, and its weights fit no other; leave model.inner out")
    experiment.model.inner = 40
    experiment.model.activation = .relu
    error = #expect(throws: TrainingStartError.self) { _ = try fixture.job(experiment) }
    #expect(error?.description.contains("model.activation is relu, but the checkpoint has gelu") == true)
  }

  @Test(arguments: [
    ("start: {newItems: neighbors}", "“start.from” cannot be used: it names no model directory to go on from"),
    (
      "stages: {0: {rates: {newRows: 2}}}",
      "“stages.0.rates.newRows” cannot be used: only a checkpoint's table gets new rows; set start.from"
    ),
    (
      "stages: {0: {rates: {embeddings: 0, blocks: 0, heads: 0}}}",
      "“stages.0.rates” cannot be used: every factor is 0, so nothing would learn"
    ),
  ]) func saysWhatAStartLacks(yaml: String, text: String) throws {
    let fixture = try CheckpointFixture()
    defer { fixture.remove() }
    let experiment = try Recipe.bert4rec.experiment.with(ConfigurationTree.parse(yaml, file: "a.yaml"))
    let error = #expect(throws: ConfigurationError.self) { _ = try fixture.job(experiment) }
    #expect(error?.description == text)
  }

  @Test func aFactorIsANumberFromZeroOn() {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try Recipe.bert4rec.experiment.with(ConfigurationTree.single("stages.0.rates.blocks", "-1"))
    }
    #expect(
      error?.description == "“stages.0.rates.blocks” cannot be used: expected a number from 0 to 1000000, found -1")
  }

  @Test func aPlaceThatHoldsNoModelIsNamed() {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try Recipe.bert4rec.experiment.with(ConfigurationTree.single("start.from", "/nowhere"))
    }
    #expect(error?.description.hasPrefix("“start.from” cannot be used: there is no model at /nowhere") == true)
  }
}

/// The tensors of the fixture.
private enum CheckpointFixtureNames {
  static func all() throws -> [String] {
    let fixture = try CheckpointFixture()
    defer { fixture.remove() }
    return Array(try fixture.stored().tensors.keys)
  }
}
