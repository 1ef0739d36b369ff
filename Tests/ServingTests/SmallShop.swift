import Foundation
import InteractionStore
import Interactions
import Kernels
import ModelFiles
import NeuralNetwork
import Recommending
import SequentialModels
import Serving
import TestSupport

/// A store of 120 users and a model that nobody trained, in a folder of their own.
final class SmallShop: Sendable {
  let folder: URL
  var model: URL { folder.appendingPathComponent("model") }
  var store: URL { folder.appendingPathComponent("shop.sqlite") }

  /// Items the model knows; the log also has `new 0`, `new 1` and `new 2`.
  static let items = (0..<60).map { "item \($0)" }
  static let groups = items.enumerated().map { (item: Identifier($1), group: Identifier("group \($0 % 7)")) }

  init() throws {
    folder = TestFolder.url.appendingPathComponent("shop-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var rows = "user,item,time\n"
    for user in 0..<120 {
      for place in 0..<(user % 15 + 1) {
        let name = user % 20 == 0 ? "new \(place % 3)" : Self.items[(user * 7 + place * 11) % 50]
        rows += "user \(user),\(name),\(1_700_000_000 + place * 60)\n"
      }
    }
    let log = folder.appendingPathComponent("log.csv")
    try Data(rows.utf8).write(to: log)
    _ = try InteractionStore.importLog(log.path, into: store)
    try write(seed: 1)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Puts another model in the place of the one that is there.
  func write(
    seed: UInt64, attention: EncoderConfiguration.AttentionSpan = .bidirectional, pooling: Pooling = .tail
  ) throws {
    let vocabulary = ItemVocabulary(items: Self.items.count)
    let network = BERTNetwork(
      EncoderConfiguration(
        vocabularySize: vocabulary.size, hidden: 8, layers: 1, heads: 2, positions: 12, attention: attention,
        pooling: pooling))
    let trained = BERT4Rec(
      network: network, parameters: network.initialParameters(seed: seed, deviation: 0.5), vocabulary: vocabulary,
      workers: Workers(threads: 1))
    try ModelDirectory.write(
      trained, tokenizer: Tokenizer(Vocabulary(items: Self.items), kind: .whitespace(escaped: true)),
      card: ModelCard(
        program: "test", configuration: network.configuration, logFingerprint: "f", split: "none", seed: seed),
      to: model)
  }

  func engine(
    _ change: (inout RecommendationEngine.Configuration) -> Void = { _ in },
    observe: @escaping @Sendable (RecommendationEngine.Event) -> Void = { _ in }
  ) throws -> RecommendationEngine {
    var configuration = RecommendationEngine.Configuration()
    configuration.groups = Self.groups
    configuration.patience = .seconds(60)
    change(&configuration)
    return try RecommendationEngine(model: model, log: store, configuration: configuration, observe: observe)
  }

  /// What `cloze recommend --store` writes for these users, or all, under rules.
  func batch(_ rules: ListRules, users names: [Identifier]? = nil, allowed: [Bool]? = nil) throws -> String {
    let loaded = try ModelDirectory.load(model, workers: Workers(threads: 2))
    let source = try LogSource.load(store.path)
    let log = CatalogMappedLog(source.log, fingerprint: source.fingerprint, catalog: loaded.items)
    let run = BatchRun(
      TopKRecommender(
        loaded.model, items: loaded.items, popularity: log.log.eventCountsByItem, allowed: allowed, rules: rules))
    var users: any UserSource = LogUsers(log, names: names)
    let file = folder.appendingPathComponent("\(UUID().uuidString).csv")
    let sink = try RecommendationDestination.file(file, .csv).open(
      run.identity(model: model, users: users), probabilities: rules.probabilities, resuming: false)
    _ = try run.run(&users, into: sink)
    return try String(contentsOf: file, encoding: .utf8)
  }

  var users: [Identifier] { (0..<120).map { Identifier("user \($0)") } }
}

extension [ListAnswer] {
  /// The rows that `cloze recommend` writes of these lists.
  func csv(probabilities: Bool = false) -> String {
    RecommendationText(format: .csv, probabilities: probabilities).of(
      flatMap { $0.list.rows(for: $0.user, items: $0.model.items) }, isFirst: true)
  }
}
