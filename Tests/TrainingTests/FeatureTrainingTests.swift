import Evaluation
import Foundation
import Interactions
import Items
import Kernels
import ModelFiles
import SequentialModels
import TestSupport
import Testing
import Training

/// Trainings whose item rows are made of features, too.
@Suite struct FeatureTrainingTests {
  private let folder: URL
  private let log: InteractionLog
  private let table: ItemTable
  /// Of the log's items and two more.
  private let vectors: ItemVectors

  init() throws {
    folder = TestFolder.url.appendingPathComponent("features-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    log = InteractionLog(
      histories: (0..<60).map { user in (0..<8).map { (user + $0 * (1 + user % 2)) % 20 } }, items: 20)
    let file = folder.appendingPathComponent("items.csv")
    let rows = (0..<20).map { "i\($0),g\($0 % 4),\($0 * 3)" }
    try (["item_id,group,price"] + rows).joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
    table = try ItemTable.read(file.path)
    let numbers = (0..<22).flatMap { item in (0..<5).map { Float((item * ($0 + 3)) % 11) } }
    vectors = ItemVectors(
      source: "items.npy", ids: Catalog((0..<22).map { "i\($0)" }),
      vectors: Matrix(rows: 22, columns: 5, numbers))
  }

  private func job(
    features: FeatureConfiguration? = FeatureConfiguration(columns: ["group", "price"]), from: URL? = nil,
    threads: Int = 2
  ) throws -> TrainingJob {
    var experiment = Recipe.causal.experiment
    experiment.model.hidden = 16
    experiment.model.length = 10
    experiment.model.features = features
    experiment.stages[0].epochs = 3
    if let from { experiment = try experiment.with(.object(["start": .object(["from": .text(from.path)])])) }
    experiment.model.features = features
    return try self.job(experiment, threads: threads)
  }

  private func job(_ experiment: Experiment, known: ItemKnowledge? = nil, threads: Int = 2) throws -> TrainingJob {
    let identity = LogIdentity(name: "walks", fingerprint: log.fingerprint, users: 60, items: 20, events: 480)
    return try TrainingJob(
      log: log, identity: identity, split: .coldItems(DrawnShare(share: 0.3, seed: 1)), experiment: experiment,
      items: known ?? ItemKnowledge(table: table, vectors: vectors),
      workers: Workers(threads: threads))
  }

  /// Trains `job` into a directory and loads what was written.
  private func trained(_ job: TrainingJob, _ name: String) throws -> (
    TrainingOutcome<BERT4Rec>, ModelDirectory.Loaded, URL
  ) {
    let outcome = try job.train()
    let url = folder.appendingPathComponent(name)
    try job.write(outcome, record: try job.record(of: outcome, name: name), to: url)
    return (outcome, try ModelDirectory.load(url, workers: Workers(threads: 1)), url)
  }

  @Test func aDirectoryHoldsTheTableAsItIsReadAndItsParts() throws {
    let job = try job()
    let features = try #require(job.features)
    #expect(features.described == 20 && features.untrained > 0)
    let (outcome, loaded, url) = try trained(job, "model")
    #expect(loaded.model.itemTable.values == outcome.model.itemTable.values)
    #expect(loaded.model.itemBias.values == outcome.model.itemBias.values)
    let parts = try #require(loaded.parts)
    #expect(parts.features == features.model)
    #expect(parts.untrained == features.items.untrained)
    // An item without events is what its features say, and scores are numbers.
    let cold = Int(parts.untrained[0])
    let encode = try parts.features.vocabulary.encoder(of: table)
    let expected = (0..<16).map { column in
      encode(log.items[cold - 5]).reduce(Float(0)) { $0 + $1.weight * parts.values[Int($1.value) * 16 + column] }
    }
    #expect(largestDifference(loaded.model.itemTable.rows(cold - 5..<cold - 4).values, expected) < 1e-6)
    #expect(loaded.model.itemBias.values.allSatisfy { abs($0) < 100 })
    #expect(FileManager.default.fileExists(atPath: url.appendingPathComponent("item-features.safetensors").path))
  }

  @Test(arguments: [[], ["group"]]) func vectorsMakeRowsOfItemsKnownAndNew(columns: [String]) throws {
    let job = try job(features: FeatureConfiguration(columns: columns, vectorAxes: 3))
    let features = try #require(job.features)
    #expect(
      features.description.contains(
        "vectors of 5 numbers, read on 3 axes, from items.npy; 1 have no event to learn from and live on their features"
      ))
    let (outcome, loaded, url) = try trained(job, "model")
    #expect(loaded.model.itemTable.values == outcome.model.itemTable.values)
    let parts = try #require(loaded.parts)
    #expect(parts.features == features.model && parts.whitening == features.whitening)
    #expect(parts.features.vectors?.axes == 3 && parts.map.contains { $0 != 0 })
    // A row that was not trained is the row that a new item with the same vector would get.
    let cold = Int(parts.untrained[0]) - 5
    let place = try #require(vectors.ids.index(of: log.items[cold]))
    let twin = ItemVectors(
      source: "new.npy", ids: Catalog(["new"]),
      vectors: Matrix(rows: 1, columns: 5, vectors.vectors.rows(place..<place + 1).values))
    let read = try #require(parts.whitening).read(twin.vectors)
    if columns.isEmpty {
      for column in 0..<16 {
        let expected = (0..<3).reduce(Float(0)) { $0 + read[0, $1] * parts.map[$1 * 16 + column] }
        #expect(abs(loaded.model.itemTable[cold, column] - expected) < 1e-5)
      }
    }
    // Its parts come back with it, and other axes begin anew on the same table.
    let same = try #require(
      try self.job(features: FeatureConfiguration(columns: columns, vectorAxes: 3), from: url).start)
    let whole = outcome.model.network.itemTable(in: outcome.model.parameters).values
    #expect(same.network.itemTable(in: same.parameters).values == whole)
  }

  @Test func theBytesAreTheSameOnAnyNumberOfThreads() throws {
    let features = FeatureConfiguration(columns: ["group", "price"], vectorAxes: 4)
    let (_, _, one) = try trained(job(features: features, threads: 1), "one")
    let (_, _, three) = try trained(job(features: features, threads: 3), "three")
    for name in ["model.safetensors", "item-features.safetensors", "item-features.json"] {
      #expect(
        try Data(contentsOf: one.appendingPathComponent(name)) == Data(contentsOf: three.appendingPathComponent(name)),
        "\(name)")
    }
  }

  @Test func aStartTakesOverThePartsOrTheTable() throws {
    let (outcome, _, url) = try trained(job(), "model")
    let same = try #require(try job(from: url).start)
    #expect(same.network.features != nil)
    let whole = outcome.model.network.itemTable(in: outcome.model.parameters).values
    #expect(same.network.itemTable(in: same.parameters).values == whole)
    // Other features: rows begin as they are.
    let other = try #require(try job(features: FeatureConfiguration(columns: ["group"]), from: url).start)
    let table = outcome.model.network.itemTable(in: outcome.model.parameters)
    let begun = other.network.itemTable(in: other.parameters)
    let untrained = Set(other.network.features?.features.untrained ?? [])
    for token in 5..<25 where !untrained.contains(Int32(token)) {
      #expect(begun.rows(token..<token + 1).values == table.rows(token..<token + 1).values)
    }
    // Without features the table goes on as it is.
    let plain = try #require(try job(features: nil, from: url).start)
    #expect(plain.network.features == nil)
    #expect(plain.network.itemTable(in: plain.parameters).values == table.values)
    let (_, again, _) = try trained(job(features: nil, from: url), "model")
    #expect(again.parts == nil, "a directory that is replaced keeps no parts")
  }

  @Test func vectorsThatTellNoItemsApartAreRefused() throws {
    var numbers = [Float](repeating: 2.5, count: 110)
    func job() throws -> TrainingJob {
      let same = ItemVectors(source: "same.npy", ids: vectors.ids, vectors: Matrix(rows: 22, columns: 5, numbers))
      let experiment = try self.job(features: FeatureConfiguration(vectorAxes: 3)).experiment
      return try self.job(experiment, known: ItemKnowledge(vectors: same))
    }
    let error = #expect(throws: ItemVectorError.self) { _ = try job() }
    #expect(error?.description.contains("the vectors of the 19 items to learn from are all the same") == true)
    // Two that differ are enough; what stands at their mean has no vector to live on.
    numbers[0] = 3
    numbers[5] = 2
    #expect(try job().train().model.itemTable.values.allSatisfy(\.isFinite))
  }

  /// Where hardly an item is new, features need not stand alone.
  @Test func idDropoutIsThatOfTheItems() throws {
    let rows = (0..<20).map { "i\($0),g\($0 % 2)" } + (0..<20).map { "coming\($0),g1" }
    let file = folder.appendingPathComponent("more.csv")
    try (["item_id,group"] + rows).joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
    let known = ItemKnowledge(table: try ItemTable.read(file.path))
    func job(_ features: FeatureConfiguration) throws -> TrainingJob {
      var experiment = Recipe.causal.experiment
      experiment.model.features = features
      return try self.job(experiment, known: known)
    }
    let sized = try job(FeatureConfiguration(columns: ["group"]))
    #expect(sized.experiment.model.features?.idDropout == 0.25 && sized.features?.items.idDropout == 0.25)
    #expect(sized.features?.description.contains("; id dropout 0.25, as 2") == true)
    let named = try job(FeatureConfiguration(columns: ["group"], idDropout: 0.1))
    #expect(named.features?.items.idDropout == 0.1 && named.features?.description.contains("id dropout") == false)
    #expect(FeatureConfiguration.usualIDDropout(cold: 4, of: 100) == 0)
    #expect(FeatureConfiguration.usualIDDropout(cold: 5, of: 100) == 0.25)
  }

  @Test func rowsOfFeaturesAloneAreNeverAnythingElse() throws {
    var features = FeatureConfiguration(columns: ["group", "price"])
    features.idDropout = 1
    let (outcome, _, _) = try trained(job(features: features), "alone")
    let network = outcome.model.network
    let begun = network.initialParameters(seed: 1)
    let (own, sums) = (try #require(network.features).own, network.itemTable(in: outcome.model.parameters))
    // Items of one group and price bucket have one row; what they had of their own has not learned.
    let encode = try #require(try job(features: features).features).model.vocabulary.encoder(of: table)
    var rows: [[Int32]: [Float]] = [:]
    for (item, name) in log.items.names.enumerated() {
      let values = encode(name).map(\.value)
      let row = Array(sums.rows(5 + item..<6 + item).values)
      #expect(rows.updateValue(row, forKey: values) ?? row == row)
    }
    #expect(rows.count < 20)
    let before = begun[own].rows(5..<25).values
    let after = outcome.model.parameters[own].rows(5..<25).values
    #expect(zip(before, after).allSatisfy { abs($0 - $1) <= abs($0) * 0.1 }, "only the decay of weights has acted")
  }

  /// The small BERT of the tests as an encoder of groups.
  private func writeBERT() throws -> String {
    let fixture = URL(fileURLWithPath: #filePath).appendingPathComponent(
      "../../SequentialModelsTests/Fixtures/bert-tiny"
    ).standardizedFileURL
    let url = folder.appendingPathComponent("bert")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for file in ["config.json", "model.safetensors"] {
      try FileManager.default.copyItem(at: fixture.appendingPathComponent(file), to: url.appendingPathComponent(file))
    }
    let words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "g0", "g1", "g2", "g3"] + (0..<28).map { "word\($0)" }
    try words.joined(separator: "\n").write(
      to: url.appendingPathComponent("vocab.txt"), atomically: true, encoding: .utf8)
    return url.path
  }

  @Test func rowsBeginWithWordsAndAreThenRowsOfIds() throws {
    var experiment = try job(features: nil).experiment
    experiment.stages[0].epochs = 0
    experiment.start = StartingPoint(newItems: .text, text: ["group"], textEncoder: try writeBERT())
    var known = ItemKnowledge(table: table)
    let count = try known.readWords(for: [experiment], log: log, cache: nil, workers: Workers(threads: 2))
    #expect(count.encoded == 4 && count.known == 0, "equal texts are encoded once")
    let job = try job(experiment, known: known)
    #expect(job.start == nil && job.features == nil)
    let line = try #require(job.firstRows).description
    #expect(line.hasPrefix("rows of 20 items begin with the words of group, read by ") && line.hasSuffix(" on 3 axes"))
    let outcome = try job.train()
    let (network, parameters) = (outcome.model.network, outcome.model.parameters)
    #expect(network.features == nil)
    let (table, random) = (network.itemTable(in: parameters), network.itemTable(in: network.initialParameters(seed: 1)))
    for token in 5..<25 {
      let (own, drawn) = (Array(table.rows(token..<token + 1).values), random.rows(token..<token + 1).values)
      let twin = Array(table.rows((token - 5 + 4) % 20 + 5..<(token - 5 + 4) % 20 + 6).values)
      #expect(own[..<3] == twin[..<3], "items of one group say the same")
      #expect(own[3...] == drawn[3...], "columns beyond the axes stay random")
    }
    #expect(table[5, 0] != table[6, 0])
    // The spread is that of random rows.
    let columns = (0..<3).flatMap { column in (5..<25).map { Double(table[$0, column]) } }
    #expect(abs(columns.reduce(0) { $0 + $1 * $1 } / 60 - 4e-4) < 2e-4)

    #expect(throws: ConfigurationError.self) { try self.job(experiment, known: ItemKnowledge(table: self.table)) }
    experiment.start = StartingPoint(newItems: .text, text: ["group"])
    let faults = try [
      experiment, experiment.with(ConfigurationTree.single("model.features.columns", "[group]")),
    ].map { experiment in "\(try #require(#expect(throws: ConfigurationError.self) { try self.job(experiment) }))" }
    #expect(faults[0].contains("nothing is named that reads the words") && faults[1] == faults[0])
    experiment.start?.textEncoder = "bert"
    experiment.model.features = FeatureConfiguration(columns: ["group"])
    let both = #expect(throws: ConfigurationError.self) { try self.job(experiment) }
    #expect("\(try #require(both))".contains("leave start.newItems or model.features out"))
  }

  @Test func featuresWithoutATableAreRefused() throws {
    var experiment = Recipe.causal.experiment
    experiment.model.features = FeatureConfiguration(columns: ["group"])
    let identity = LogIdentity(name: "walks", fingerprint: "", users: 60, items: 20, events: 480)
    let error = #expect(throws: ConfigurationError.self) {
      try TrainingJob(log: log, identity: identity, experiment: experiment, workers: Workers(threads: 1))
    }
    #expect(error?.description.contains("give --items-from FILE, or import one into the store") == true)
    experiment.model.features = FeatureConfiguration(vectorAxes: 2)
    let without = #expect(throws: ConfigurationError.self) {
      try TrainingJob(log: log, identity: identity, experiment: experiment, workers: Workers(threads: 1))
    }
    #expect(without?.description.contains("there are none; give --item-vectors FILE") == true)
    #expect(throws: ItemError.self) { try job(features: FeatureConfiguration(columns: ["grup"])) }
  }

  @Test func settingsAreReadAndRefusedByName() throws {
    let experiment = Recipe.causal.experiment
    let with = try experiment.with(ConfigurationTree.single("model.features.columns", "[genres, year]"))
    #expect(with.model.features == FeatureConfiguration(columns: ["genres", "year"]))
    let part = try experiment.with(ConfigurationTree.single("model.features.idDropout", "0.3"))
    #expect(throws: ConfigurationError.self, "no column is named") { try part.checkStart() }
    let dropped = try with.with(ConfigurationTree.single("model.features.idDropout", "0.3"))
    #expect(dropped.model.features?.idDropout == 0.3)
    for (key, value) in [
      ("model.features.idDropout", "1.5"), ("model.features.columns", "[a, a]"), ("model.features.colums", "[a]"),
    ] {
      #expect(throws: ConfigurationError.self) { try experiment.with(ConfigurationTree.single(key, value)) }
    }
  }
}
