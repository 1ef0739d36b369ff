import NeuralNetwork
import Interactions
import Kernels
import SequentialModels
import TestSupport
import Testing

@Suite struct SegmentPairTests {
  /// 300 users with 2 … 31 items each; every event is an item of its own, so a piece tells whose history it is from.
  static let log: InteractionLog = {
    var next = 0
    let histories = (0..<300).map { user in
      defer { next += 2 + user % 30 }
      return Array(next..<next + 2 + user % 30)
    }
    return InteractionLog(histories: histories)
  }()

  /// One less than the encoder's positions: `[CLS]` is taken off.
  static let positions = 19

  private func pairs(_ epoch: Int) -> [TrainingSample] {
    EpochSamples.make(
      log: Self.log, objectives: Objectives(mlm: .init(), nextSegment: .init()), positions: Self.positions,
      windows: .recent, seed: 4, epoch: epoch)
  }

  private func owner(_ range: Range<Int>) -> Int {
    let user = Self.log.offsets.lastIndex { $0 <= range.lowerBound }!
    #expect(range.upperBound <= Self.log.offsets[user + 1], "a piece of one history")
    return user
  }

  @Test func halfFollowAndHalfComeFromAnotherUser() throws {
    var follow = 0
    for epoch in 0..<20 {
      let pairs = pairs(epoch)
      #expect(pairs.count == 300)
      for pair in pairs {
        #expect(pair.objective == .nextSegment)
        let second = try #require(pair.second)
        #expect(!pair.window.isEmpty && !second.isEmpty)
        #expect(pair.window.count + second.count + 2 <= Self.positions, "both [SEP] and [CLS] have their place")
        let user = owner(pair.window)
        #expect((owner(second) == user) == pair.follows)
        if pair.follows {
          follow += 1
          #expect(second.lowerBound == pair.window.upperBound)
          #expect(second.upperBound == Self.log.offsets[user + 1])
        }
      }
    }
    // 6,000 draws: the standard deviation of the share is 0.0065.
    #expect(abs(Double(follow) / 6_000 - 0.5) < 0.03)
  }

  @Test func everyPlaceOfAHistoryIsACut() {
    let longest = Self.log.range(of: UserID(29))
    var cuts: Set<Int> = []
    for epoch in 0..<400 {
      for pair in pairs(epoch) where longest.contains(pair.window.lowerBound) && pair.number == 29 {
        cuts.insert(pair.window.upperBound - pair.window.lowerBound)
      }
    }
    #expect(cuts == Set(1..<Self.positions - 2))
  }

  @Test(arguments: [true, false]) func isWrittenAsBERTWritesIt(follows: Bool) {
    let builder = SampleBuilder(
      log: Self.log, vocabulary: ItemVocabulary(items: Self.log.itemCount),
      configuration: EncoderConfiguration(vocabularySize: Self.log.itemCount + 5, positions: 20, nextSegmentHead: true),
      objectives: Objectives(mlm: .init(probability: 0.4), nextSegment: .init()), seed: 2)
    var masked: Set<Int32> = []
    for number in 0..<60 {
      var batch = MicroBatch()
      let sample = TrainingSample(
        .nextSegment, window: 2..<5, number: UInt64(number), second: 9..<11, follows: follows)
      builder.append(sample, epoch: 0, to: &batch)
      #expect(batch.rows.count == builder.rowCount(sample))
      #expect(batch.rows.positions == (0..<8).map { $0 })
      #expect(batch.rows.segments == [0, 0, 0, 0, 0, 1, 1, 1])
      #expect(batch.rows.prefixLengths.allSatisfy { $0 == 8 })
      #expect(batch.segmentLabels == [follows ? 0 : 1])
      let written: [Int32] = [2, 7, 8, 9, 3, 14, 15, 3]
      for place in [0, 4, 7] { #expect(batch.rows.tokens[place] == written[place], "specials are never masked") }
      // The state of `[CLS]` answers for the pair, then those of the masked places of both segments for their items.
      let places = batch.rows.queryRows!.dropFirst()
      #expect(batch.rows.queryRows!.first == 0)
      #expect(batch.targets.tokens == places.map { written[Int($0)] })
      for place in written.indices where !places.contains(Int32(place)) {
        #expect(batch.rows.tokens[place] == written[place])
      }
      masked.formUnion(places)
    }
    #expect(masked == [1, 2, 3, 5, 6])
  }

  /// Sentences of documents: cut between two of them, the second part of another document in half of the pairs.
  @Test func sentencesAreNeverCutAndNeverFollowThemselves() throws {
    var (offsets, sentences) = ([0], [Int64]())
    for document in 0..<40 {
      for sentence in 0..<3 { sentences += [Int64](repeating: Int64(document << 32 + sentence), count: 2 + sentence) }
      offsets.append(sentences.count)
    }
    var columns = EventColumns()
    columns[.sentence] = sentences
    let log = InteractionLog(
      users: Catalog((0..<40).map(String.init)), items: Catalog((0..<sentences.count).map(String.init)),
      offsets: offsets, events: sentences.indices.map { ItemID($0) }, columns: columns)
    var follow = 0
    for epoch in 0..<50 {
      let pairs = EpochSamples.make(
        log: log, objectives: Objectives(mlm: .init(), nextSegment: .init()), positions: 12, windows: .recent, seed: 1,
        epoch: epoch)
      #expect(pairs.count == 40)
      for pair in pairs {
        let second = try #require(pair.second)
        #expect(pair.tokens + 2 <= 12)
        #expect(sentences[pair.window.upperBound - 1] != sentences[pair.window.upperBound])
        #expect(second.lowerBound == 0 || sentences[second.lowerBound - 1] != sentences[second.lowerBound])
        #expect((sentences[second.lowerBound] >> 32 == sentences[pair.window.lowerBound] >> 32) == pair.follows)
        if pair.follows {
          follow += 1
          #expect(second.lowerBound == pair.window.upperBound)
        }
      }
    }
    // 2,000 draws: the standard deviation of the share is 0.011.
    #expect(abs(Double(follow) / 2_000 - 0.5) < 0.045)
  }

  @Test func fixedCopiesArePairedAlikeToo() {
    func pairs(_ epoch: Int) -> [TrainingSample] {
      EpochSamples.make(
        log: Self.log, objectives: Objectives(mlm: .init(copies: 2), nextSegment: .init()), positions: Self.positions,
        windows: .recent, seed: 4, epoch: epoch
      ).sorted { $0.number < $1.number }
    }
    #expect(pairs(0) == pairs(2))
    #expect(pairs(0) != pairs(1))
  }

  @Test func masksAreNewInEachEpochOrThoseOfFixedCopies() {
    func masks(_ copies: Int, epoch: Int) -> [Int32] {
      let builder = SampleBuilder(
        log: Self.log, vocabulary: ItemVocabulary(items: Self.log.itemCount),
        configuration: EncoderConfiguration(vocabularySize: Self.log.itemCount + 5, positions: 40),
        objectives: Objectives(mlm: .init(copies: copies)), seed: 2)
      var batch = MicroBatch()
      let window = Self.log.range(of: UserID(29))
      builder.append(TrainingSample(.mlm, window: window, number: 29), epoch: epoch, to: &batch)
      return batch.rows.tokens
    }
    #expect(Set((0..<12).map { masks(0, epoch: $0) }).count == 12)
    for copies in [1, 3] {
      #expect(Set((0..<12).map { masks(copies, epoch: $0) }).count == copies)
      for epoch in 0..<6 { #expect(masks(copies, epoch: epoch) == masks(copies, epoch: epoch + copies)) }
    }
  }
}
