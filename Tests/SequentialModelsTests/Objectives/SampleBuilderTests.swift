import NeuralNetwork
import Interactions
import Kernels
import SequentialModels
import TestSupport
import Testing

@Suite struct SampleBuilderTests {
  /// One user with items 0 … 9, one with 3, 4.
  let log = InteractionLog(histories: [Array(0..<10), [3, 4]])

  private func batch(
    _ kind: ObjectiveKind, _ objectives: Objectives,
    attention: EncoderConfiguration.AttentionSpan = .bidirectional, pooling: Pooling = .tail
  ) -> MicroBatch {
    let builder = SampleBuilder(
      log: log, vocabulary: ItemVocabulary(items: 10),
      configuration: EncoderConfiguration(vocabularySize: 15, positions: 20, attention: attention, pooling: pooling),
      objectives: objectives, seed: 1)
    var batch = MicroBatch()
    let sample = TrainingSample(kind, window: 0..<10, number: 7)
    builder.append(sample, epoch: 0, to: &batch)
    #expect(batch.rows.count == builder.rowCount(sample))
    return batch
  }

  @Test func theTailIsMaskedAndNothingElse() {
    let batch = batch(.tail, Objectives(tail: .init()))
    #expect(batch.rows.tokens == (5..<14).map { $0 } + [4])
    #expect(batch.targets.tokens == [14])
    #expect(batch.rows.queryRows == [9])
    #expect(batch.rows.prefixLengths.allSatisfy { $0 == 10 })
  }

  @Test func masksAndTailTogetherAlwaysScoreTheTail() {
    let batch = batch(.mlm, Objectives(mlm: .init(), tail: .init()))
    #expect(batch.rows.tokens.last == 4)
    #expect(batch.targets.tokens.last == 14)
    #expect(batch.targets.count >= 2)
    #expect(batch.targets.objectives.last == .tail)
    #expect(batch.targets.objectives.dropLast().allSatisfy { $0 == .mlm })
  }

  @Test func maskedTargetsAreTheItemsThatStoodThere() {
    let batch = batch(.mlm, Objectives(mlm: .init()))
    for (row, target) in zip(batch.rows.queryRows!, batch.targets.tokens) { #expect(target == row + 5) }
    for row in 0..<10 where !batch.rows.queryRows!.contains(Int32(row)) { #expect(batch.rows.tokens[row] == row + 5) }
  }

  @Test func maskedPrefixesAttendOnlyToWhatCameBefore() {
    let batch = batch(.maskedPrefixes, Objectives(maskedPrefixes: .init()), attention: .causal)
    #expect(batch.rows.tokens == (5..<14).map { $0 } + [Int32](repeating: 4, count: 9))
    #expect(batch.targets.tokens == (6..<15).map { $0 })
    #expect(batch.rows.prefixLengths == (1...9).map { $0 } + (1...9).map { $0 })
    #expect(batch.rows.positions == (0...8).map { $0 } + (1...9).map { $0 })
    #expect(batch.rows.queryRows == (9..<18).map { $0 })
  }

  @Test func pooledPrefixesJoinEachMaskWithTheItemBeforeIt() {
    let batch = batch(
      .maskedPrefixes, Objectives(maskedPrefixes: .init()), attention: .causal, pooling: .concat(.tail, .last))
    func run(_ range: Range<Int32>) -> [Int32] { Array(range) }
    let tokens: [Int32] = run(5..<14) + [Int32](repeating: 4, count: 9)
    let lengths: [Int32] = run(1..<10) + run(1..<10)
    let targets: [Int32] = run(6..<15)
    let queries: [Int32] = run(0..<18)
    #expect(batch.rows.tokens == tokens)
    #expect(batch.rows.prefixLengths == lengths)
    #expect(batch.targets.isEmpty)
    #expect(batch.pooledTargets.tokens == targets)
    #expect(batch.rows.queryRows == queries)
    let pairs: [PooledRows] = (0..<9).map { PooledRows(item: $0, mask: 9 + $0) }
    #expect(batch.pooled == pairs)
  }

  /// The rows of masked prefixes serve both: each item names the next one, and so does the `[MASK]` behind it.
  @Test(arguments: [Pooling.tail, .concat(.tail, .last)])
  func nextItemsShareTheRowsOfMaskedPrefixes(pooling: Pooling) {
    let objectives = Objectives(maskedPrefixes: .init(), nextItem: .init())
    let batch = batch(.maskedPrefixes, objectives, attention: .causal, pooling: pooling)
    let targets: [Int32] = Array(6..<15)
    #expect(batch.rows.count == 18)
    #expect(batch.scoredTokens == targets + targets)
    let nextItems = (batch.targets.objectives + batch.pooledTargets.objectives).prefix { $0 == .nextItem }
    #expect(nextItems.count == 9)
    #expect(batch.pooledTargets.count == (pooling == .tail ? 0 : 9))
    let samples = EpochSamples.make(
      log: log, objectives: objectives, positions: 20, windows: .recent, seed: 3, epoch: 0)
    #expect(samples.map(\.objective) == [.maskedPrefixes, .maskedPrefixes])
  }

  /// A whole history computes the last block for the two rows that are read.
  @Test func aTailJoinedWithTheLastItemReadsTwoRows() {
    let batch = batch(.tail, Objectives(tail: .init()), pooling: .concat(.tail, .last))
    #expect(batch.rows.queryRows == [8, 9])
    #expect(batch.pooled == [PooledRows(0..<2, hasCLS: false)])
    #expect(batch.pooled.first?.item == 0)
  }

  @Test func nextItemsAreReadOffTheItemsThemselves() {
    let batch = batch(.nextItem, Objectives(nextItem: .init()), attention: .causal)
    #expect(batch.rows.tokens == (5..<14).map { $0 })
    #expect(batch.targets.tokens == (6..<15).map { $0 })
    #expect(batch.rows.prefixLengths == (1...9).map { $0 })
  }

  /// A quarter of the positions name one of the three items behind the next one, the same in every objective of the epoch.
  @Test func someTargetsStandFurtherAhead() {
    let count = 4_000
    let log = InteractionLog(histories: [Array(0..<count)])
    func steps(_ kind: ObjectiveKind, _ objectives: Objectives, _ future: FutureTargets?, epoch: Int = 0) -> [Int] {
      let builder = SampleBuilder(
        log: log, vocabulary: ItemVocabulary(items: count),
        configuration: EncoderConfiguration(
          vocabularySize: count + 5, positions: count, attention: .causal, pooling: .tail),
        objectives: objectives, futureTargets: future, seed: 1)
      var batch = MicroBatch()
      builder.append(TrainingSample(kind, window: 0..<count, number: 0), epoch: epoch, to: &batch)
      return batch.targets.tokens.enumerated().map { Int($1) - 5 - $0 % (count - 1) }
    }
    let quarter = FutureTargets(share: 0.25, within: 3)
    let next = Objectives(nextItem: .init())
    let drawn = steps(.nextItem, next, quarter)
    for (distance, expected) in [(1, 3_000), (2, 333), (3, 333), (4, 333)] {
      let found = drawn.count { $0 == distance }
      #expect(abs(found - expected) < 100, "\(found) targets \(distance) ahead")
    }
    #expect(drawn.allSatisfy { (1...4).contains($0) } && drawn.last == 1 && drawn.count == count - 1)
    #expect(steps(.nextItem, next, quarter, epoch: 1) != drawn)
    let both = Objectives(maskedPrefixes: .init(), nextItem: .init())
    #expect(steps(.maskedPrefixes, both, quarter) == drawn + drawn)
    for none in [nil, FutureTargets(share: 0)] { #expect(steps(.nextItem, next, none).allSatisfy { $0 == 1 }) }
  }

  @Test func anEpochHasEveryHistoryOnceInAnOrderOfItsOwn() {
    func samples(_ epoch: Int, _ windows: EpochSamples.Windows, positions: Int) -> [Range<Int>] {
      EpochSamples.make(
        log: log, objectives: Objectives(tail: .init()), positions: positions, windows: windows, seed: 3, epoch: epoch
      ).map(\.window)
    }
    #expect(Set(samples(0, .recent, positions: 20)) == [0..<10, 10..<12])
    #expect(Set(samples(0, .recent, positions: 4)) == [6..<10, 10..<12])
    #expect(Set(samples(0, .all, positions: 4)) == [6..<10, 2..<6, 0..<2, 10..<12])
    #expect(samples(1, .all, positions: 4) == samples(1, .all, positions: 4))
  }

  @Test func shiftedWindowsCutLongHistoriesAnywhereAndShortOnesNowhere() {
    var cuts = Set<Int>()
    for epoch in 0..<60 {
      let windows = EpochSamples.make(
        log: log, objectives: Objectives(maskedPrefixes: .init()), positions: 4, windows: .shifted, seed: 3,
        epoch: epoch
      ).map(\.window).sorted { $0.lowerBound < $1.lowerBound }
      #expect(windows.last == 10..<12, "a history that fits is whole")
      let long = windows.dropLast()
      #expect(long.allSatisfy { (2...4).contains($0.count) && $0.upperBound <= 10 })
      #expect(zip(long, long.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound }, "windows do not overlap")
      // A piece of one item names no next one; there is at most one at either end.
      #expect(long.reduce(0) { $0 + $1.count } >= 8)
      cuts.formUnion(long.map(\.lowerBound))
    }
    #expect(cuts.isSuperset(of: 0...8))
  }
}
