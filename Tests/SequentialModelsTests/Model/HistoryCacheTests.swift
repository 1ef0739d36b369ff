import Interactions
import Kernels
import NeuralNetwork
import SequentialModels
import Testing

/// What is taken from a cache is what would be computed, bit for bit, at odd sizes.
@Suite struct HistoryCacheTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var pooling: Pooling
    var attention = EncoderConfiguration.AttentionSpan.causal
    var hidden = 15
    var layers = 2
    var heads = 3
    var positions = 21
    var opensWithCLS = false
    var head = EncoderConfiguration.Head.mlm
    var testDescription: String {
      "\(pooling), \(attention), hidden \(hidden), layers \(layers), positions \(positions), CLS \(opensWithCLS)"
    }
  }

  static let cases = [
    Case(pooling: .last), Case(pooling: .last, hidden: 1, layers: 1, heads: 1, head: .direct),
    Case(pooling: .last, hidden: 34, layers: 3, heads: 2, positions: 40, head: .direct),
    Case(pooling: .last, opensWithCLS: true), Case(pooling: .tail), Case(pooling: .tail, layers: 1, opensWithCLS: true),
    Case(pooling: .concat(.tail, .last)), Case(pooling: .concat(.last, .tail), layers: 3, opensWithCLS: true),
    Case(pooling: .mean), Case(pooling: .cls), Case(pooling: .last, attention: .bidirectional),
    Case(pooling: .tail, attention: .bidirectional), Case(pooling: .attention, attention: .bidirectional),
    // Longer than a tile of queries and than the depth that products are summed in at once.
    Case(pooling: .last, hidden: 6, heads: 2, positions: 301),
  ]

  private static let items = 30

  private func model(_ example: Case, threads: Int) -> BERT4Rec {
    let vocabulary = ItemVocabulary(items: Self.items)
    let network = BERTNetwork(
      EncoderConfiguration(
        vocabularySize: vocabulary.size, hidden: example.hidden, layers: example.layers, heads: example.heads,
        positions: example.positions, attention: example.attention, pooling: example.pooling, head: example.head,
        opensWithCLS: example.opensWithCLS))
    return BERT4Rec(
      network: network, parameters: network.initialParameters(seed: 4, deviation: 0.3), vocabulary: vocabulary,
      workers: Workers(threads: threads))
  }

  /// Histories that go on, branch off, come again and stay empty, up to beyond what the model reads.
  private func batches(_ example: Case, seed: UInt64) -> [[ArraySlice<ItemID>]] {
    let random = CounterRandom(seed: seed, purpose: 1, step: 0)
    var (draws, sessions) = (UInt64(0), [[ItemID]](repeating: [], count: 9))
    func draw(_ below: Int) -> Int {
      draws += 1
      return random.below(below, draws)
    }
    return (0..<16).map { _ in
      (0..<draw(17) + 1).map { _ in
        let session = draw(sessions.count)
        switch draw(8) {
        case 0: sessions[session] = sessions[draw(sessions.count)]
        case 1: sessions[session] = Array(sessions[session].dropLast(draw(3)))
        case 2: sessions[session] += (0..<draw(example.positions / 2)).map { _ in ItemID(draw(Self.items)) }
        case 3 where sessions[session].count > example.positions: sessions[session] = []
        case 4: break
        default: sessions[session].append(ItemID(draw(Self.items)))
        }
        return sessions[session][...]
      }
    }
  }

  /// `count` histories of ten items of which no two begin alike.
  private func newOnes(_ count: Int) -> [ArraySlice<ItemID>] {
    (0..<count).map { number in
      [ItemID(number % Self.items), ItemID(number / Self.items)]
        + (0..<8).map { ItemID(($0 * 5 + number) % Self.items) }
    }
  }

  private func bits(_ matrix: Matrix) -> [UInt32] { matrix.values.map(\.bitPattern) }

  @Test(arguments: cases, [1, 3]) func vectorsAreThoseOfWholeHistories(_ example: Case, threads: Int) throws {
    let model = model(example, threads: threads)
    for bytes in [40_000, 200_000, 20_000_000] {
      let cache = HistoryCache(model.configuration, bytes: bytes)
      for batch in batches(example, seed: UInt64(bytes)) {
        let (whole, cached) = (
          Matrix(rows: batch.count, columns: model.hidden), Matrix(rows: batch.count, columns: model.hidden)
        )
        // One by one, so that no row has company.
        for (row, history) in batch.enumerated() { model.encode([history], into: whole.rows(row..<row + 1)) }
        model.encode(batch, into: cached, cache: cache)
        #expect(bits(whole) == bits(cached))
      }
      guard let statistics = cache?.statistics else { continue }
      #expect(statistics.bytes <= bytes && statistics.limit == bytes)
      #expect(statistics.identical > 0 && statistics.rowsTaken > 0)
      #expect((statistics.extended > 0) == HistoryCache.letsHistoriesGoOn(model.configuration))
    }
  }

  @Test(arguments: cases) func vectorsAreThoseOfWholeHistoriesWhereNewOnesAreNotKept(_ example: Case) throws {
    let model = model(example, threads: 2)
    let cache = try #require(HistoryCache(model.configuration, bytes: 20_000_000, window: 256))
    model.encode(newOnes(800), into: Matrix(rows: 800, columns: model.hidden), cache: cache)
    for batch in batches(example, seed: 5).prefix(8) {
      let (whole, cached) = (
        Matrix(rows: batch.count, columns: model.hidden), Matrix(rows: batch.count, columns: model.hidden)
      )
      model.encode(batch, into: whole)
      model.encode(batch, into: cached, cache: cache)
      #expect(bits(whole) == bits(cached))
    }
    #expect(cache.statistics.identical + cache.statistics.extended > 0)
  }

  @Test func historiesThatNeverComeAgainAreNotKept() throws {
    let model = model(Case(pooling: .last), threads: 2)
    let cache = try #require(HistoryCache(model.configuration, bytes: 20_000_000, window: 256))
    let histories = newOnes(801)
    func encode(_ histories: ArraySlice<ArraySlice<ItemID>>) -> HistoryCache.Statistics {
      model.encode(Array(histories), into: Matrix(rows: histories.count, columns: 15), cache: cache)
      return cache.statistics
    }
    let early = encode(histories[..<400])
    let late = encode(histories[400..<800])
    #expect(late.remembered == 800 && late.bytes - early.bytes == 400 * RequestedHistories.bytesPerHistory)
    // A session is kept from its second request on; its first item is known from others.
    let session = histories[800]
    var computed = late.rowsComputed
    for (length, rows, remembered) in [(8, 7, 801), (9, 8, 800), (10, 1, 800)] {
      let statistics = encode([session.prefix(length)])
      #expect(statistics.rowsComputed == computed + rows && statistics.remembered == remembered)
      computed = statistics.rowsComputed
    }
  }

  @Test(arguments: [Pooling.last, .tail, .concat(.tail, .last)])
  func aHistoryThatGoesOnComputesItsNewRows(_ pooling: Pooling) throws {
    let model = model(Case(pooling: pooling), threads: 1)
    let cache = try #require(HistoryCache(model.configuration, bytes: 1_000_000))
    let items = (0..<12).map { ItemID($0 * 7 % Self.items) }
    let vector = Matrix(rows: 1, columns: model.hidden)
    let mask = pooling.appendsMask ? 1 : 0
    func encode(_ items: ArraySlice<ItemID>) -> HistoryCache.Statistics {
      model.encode([items], into: vector, cache: cache)
      return cache.statistics
    }
    #expect(encode(items[..<9]).rowsComputed == 9 + mask)
    #expect(encode(items[..<9]).rowsComputed == 9 + mask)
    #expect(cache.statistics.identical == 1 && cache.statistics.rowsTaken == 9 + mask)
    // The new item, its mask, and what of the old last item is read with them.
    #expect(encode(items[..<10]).rowsComputed == 9 + mask + 1 + mask)
    #expect(encode(items[...]).rowsComputed == 9 + mask + 1 + mask + 2 + mask)
    // A beginning whose vector is not known: its rows are, and those that the vector is made of are computed.
    let before = cache.statistics.rowsComputed
    #expect(encode(items[..<5]).rowsComputed == before + pooling.reach!)
    #expect(encode([ItemID(29)]).whole == 2)
  }

  @Test func whatWasUsedLongestAgoMakesWay() throws {
    let model = model(Case(pooling: .last), threads: 1)
    let row = 2 * 2 * 15 * 4
    let cache = try #require(HistoryCache(model.configuration, bytes: 100 * row))
    let vector = Matrix(rows: 1, columns: 15)
    let histories = (0..<Self.items).map { first in (0..<20).map { ItemID((first + $0) % Self.items) }[...] }
    for history in histories { model.encode([history], into: vector, cache: cache) }
    var statistics = cache.statistics
    #expect(statistics.whole == Self.items && statistics.rowsEvicted > 400 && statistics.bytes <= 100 * row)
    #expect(statistics.bytes > 90 * row)
    model.encode([histories[Self.items - 1]], into: vector, cache: cache)
    #expect(cache.statistics.identical == 1)
    model.encode([histories[0]], into: vector, cache: cache)
    #expect(cache.statistics.whole == Self.items + 1)
    // More histories in one pass than there is space for: all are right, some are kept.
    let all = Matrix(rows: Self.items, columns: 15)
    let whole = Matrix(rows: Self.items, columns: 15)
    model.encode(histories, into: all, cache: cache)
    model.encode(histories, into: whole)
    #expect(bits(all) == bits(whole))
    statistics = cache.statistics
    #expect(statistics.bytes <= 100 * row)
    #expect(HistoryCache(model.configuration, bytes: 20 * row) == nil)
  }

  @Test func whatSlidesIsNotKept() throws {
    let model = model(Case(pooling: .last), threads: 1)
    let cache = try #require(HistoryCache(model.configuration, bytes: 1_000_000))
    let vector = Matrix(rows: 1, columns: 15)
    let long = (0..<40).map { ItemID($0 % Self.items) }[...]
    model.encode([long], into: vector, cache: cache)
    #expect(cache.statistics.bytes == 0 && cache.statistics.rowsComputed == 21)
    model.encode([[]], into: vector, cache: cache)
    #expect(cache.statistics.bytes == 0)
    // What is just as long as the model reads is kept.
    model.encode([long.prefix(21)], into: vector, cache: cache)
    model.encode([long.prefix(21)], into: vector, cache: cache)
    #expect(cache.statistics.identical == 1)
  }
}
