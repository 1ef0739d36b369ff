import Collectives
import Evaluation
import Interactions
import Kernels
import NeuralNetwork
import SequentialModels
import TestSupport
import Testing

/// Rankings by processes that have a block of the items each are those of one process, whatever is held against what.
@Suite struct ShardedRankingTests {
  private static let items = 53
  private static let vocabulary = ItemVocabulary(items: items)
  private static let network = BERTNetwork(
    EncoderConfiguration(
      vocabularySize: vocabulary.size, hidden: 18, layers: 1, heads: 2, positions: 8, attention: .causal, pooling: .last
    ))

  /// Several targets, empty histories, repeats, and targets that stand in the history.
  private static let cases = (0..<40).map { number in
    let history = (0..<number % 11).map { ItemID((number * 7 + $0 * $0) % items) }
    let targets = Set((0...number % 3).map { ItemID((number * 5 + $0 * 11) % items) })
    return EvaluationCase(
      user: UserID(number), history: history[...], targets: targets.sorted { $0.index < $1.index })
  }

  @Sendable private static func model(_ processes: any Processes, sharded: Bool) -> BERT4Rec {
    let items = sharded ? ItemShards(processes, network.layout, table: network.encoder.embeddings.token) : nil
    let parameters = network.initialParameters(seed: 3, deviation: 0.5, items: items)
    let bias = parameters[network.head.itemBias]
    for item in 0..<bias.count { bias[0, item] = item == 9 ? .nan : item % 4 == 0 ? 0.25 : 0 }
    // Items whose rows are alike tie with each other, in different blocks.
    for row in 0..<vocabulary.size where row % 9 == 0 && (items?.own.contains(row) ?? true) {
      parameters[network.encoder.embeddings.token].rows(row..<row + 1).fill(0.125)
    }
    return BERT4Rec(
      network: network, parameters: parameters, vocabulary: vocabulary, workers: Workers(threads: 2),
      itemShards: items)
  }

  /// The model for its own items, and for a log that has them in another order among some that the model does not know.
  @Sendable private static func recommender(
    _ processes: any Processes, sharded: Bool, mapped: Bool
  ) -> any SequentialRecommender {
    let model = model(processes, sharded: sharded)
    if !mapped { return model }
    let own = Catalog((0..<items).map { "\($0)" })
    return CatalogMappedRecommender(
      model, knowing: own, for: Catalog((0..<items).map { "\($0 % 7 == 2 ? -$0 : $0 * 12 % items)" }))
  }

  @Test(arguments: [1, 2, 3, 5], [SeenRule.remove, .keep]) func areThoseOfOneProcess(processes: Int, seen: SeenRule) {
    areThoseOfOneProcess(processes: processes, seen: seen, mapped: false)
  }

  @Test(arguments: [1, 2, 4], [SeenRule.remove, .keep]) func areThoseOfAnotherCatalog(processes: Int, seen: SeenRule) {
    areThoseOfOneProcess(processes: processes, seen: seen, mapped: true)
  }

  private func areThoseOfOneProcess(processes: Int, seen: SeenRule, mapped: Bool) {
    let log = InteractionLog(
      histories: (0..<20).map { user in (0..<user).map { $0 * 3 % Self.items } }, items: Self.items)
    let popularity = ItemPopularity(log)
    @Sendable func rank(_ processes: any Processes, sharded: Bool) -> [CaseRanking] {
      Ranker(
        seen: seen, listLength: 6,
        negatives: [
          NegativeSampler(NegativeSampling(count: 9, weighting: .uniform), popularity: popularity),
          NegativeSampler(NegativeSampling(count: 9, weighting: .popularity), popularity: popularity),
        ], workers: Workers(threads: 1), processes: processes
      ).rank(Self.recommender(processes, sharded: sharded, mapped: mapped), Self.cases)
    }
    let whole = rank(OneProcess(), sharded: false)
    #expect(whole.contains { $0.notANumber > 0 } && whole.contains { $0.targetsSeen > 0 })
    for rankings in ThreadProcesses.run(processes, { rank($0, sharded: true) }) { #expect(rankings == whole) }
  }
}
