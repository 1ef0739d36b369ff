import Collectives
import Interactions
import Kernels
import NeuralNetwork
import Recommending
import SequentialModels
import TestSupport
import Testing

/// Lists by processes that have a part of the items each are those of one process, whatever they may hold.
@Suite struct SpreadItemTests {
  private static let count = 53
  private static let items = Catalog((0..<count).map { "item \($0)" })
  private static let network = BERTNetwork(
    EncoderConfiguration(vocabularySize: count + 5, hidden: 18, layers: 1, heads: 2, positions: 12))

  /// Items that tie with each other stand in different parts.
  @Sendable private static func model(_ processes: (any Processes)?) -> BERT4Rec {
    let table = network.encoder.embeddings.token
    let shards = processes.map { ItemShards($0, network.layout, table: table) }
    let parameters = network.initialParameters(seed: 3, deviation: 0.5, items: shards)
    for row in 5..<count + 5 where row % 8 == 0 && (shards?.own.contains(row) ?? true) {
      parameters[table].rows(row..<row + 1).fill(0.125)
    }
    return BERT4Rec(
      network: network, parameters: parameters, vocabulary: ItemVocabulary(items: count), workers: Workers(threads: 2),
      itemShards: shards)
  }

  private static let requests = (0..<40).map { user in
    RecommendationRequest(
      history: (0..<user % 17).map { ItemID(($0 * 7 + user) % count) }[...],
      excluded: (0..<user % 3).map { ItemID(($0 * 29 + user) % count) })
  }

  /// All items, most, few, and none of the last part.
  private static let allowed: [[Bool]?] = [
    nil, (0..<count).map { $0 % 5 != 0 }, (0..<count).map { $0 % 5 == 0 }, (0..<count).map { $0 < 9 },
  ]

  @Test(arguments: [1, 2, 3, 5]) func areThoseOfOneProcess(processes: Int) {
    @Sendable func lists(_ processes: (any Processes)?) -> [[RankedList]] {
      let model = Self.model(processes)
      return Self.allowed.flatMap { allowed in
        [false, true].flatMap { isLimited in
          var recommender = TopKRecommender(
            model, items: Self.items, popularity: isLimited ? (0..<Self.count).map { $0 % 11 } : nil, allowed: allowed,
            rules: ListRules(
              top: 7, excludesSeen: isLimited,
              groupLimit: isLimited ? GroupLimit(groups: (0..<Self.count).map { Int32($0 % 4) }, most: 2) : nil))
          let plain = recommender.recommend(Self.requests)
          recommender.coldShare = ColdShare(
            model, isCold: (0..<Self.count).map { $0 % 13 == 1 }, share: 0.4, allowed: allowed)
          return [plain, recommender.recommend(Self.requests)]
        }
      }
    }
    let whole = lists(nil)
    #expect(whole[0].allSatisfy { $0.items.count == 7 } && whole[0] != whole[1])
    for spread in ThreadProcesses.run(processes, { lists($0) }) { #expect(spread == whole) }
  }

  /// Which candidates there are is the same for every process, so that a run that all began is resumed by one.
  @Test func theRunIsThatOfOneProcess() {
    for allowed in Self.allowed {
      @Sendable func run(_ processes: (any Processes)?) -> [String] {
        let candidates = Candidates(Self.model(processes), allowed: allowed)
        return ["\(candidates.count) of \(candidates.total)", candidates.fingerprint ?? "all"]
      }
      for spread in ThreadProcesses.run(3, { run($0) }) { #expect(spread == run(nil)) }
    }
  }
}
