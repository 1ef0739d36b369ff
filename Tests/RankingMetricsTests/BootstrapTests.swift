import Interactions
import RankingMetrics
import Testing

@Suite struct BootstrapTests {
  private let values = (0..<400).map { Double($0 % 5) }

  @Test func theSameSeedGivesTheSameInterval() {
    var first = SplitMix64(seed: 3)
    var second = SplitMix64(seed: 3)
    let bootstrap = Bootstrap(resamples: 50)
    #expect(bootstrap.interval(ofMean: values, using: &first) == bootstrap.interval(ofMean: values, using: &second))
  }

  @Test func aConstantHasNoWidthAndNobodyHasNone() {
    var random = SplitMix64(seed: 1)
    #expect(Bootstrap().interval(ofMean: [2, 2, 2], using: &random) == Interval(low: 2, high: 2))
    #expect(Bootstrap().interval(ofMean: [], using: &random) == nil)
  }

  @Test func theWidthIsThatOfTheNormalTheory() throws {
    var random = SplitMix64(seed: 11)
    let interval = try #require(Bootstrap(resamples: 2_000).interval(ofMean: values, using: &random))
    // 0 … 4 evenly: mean 2, variance 2, so ±1.96 · √(2 / 400) = ±0.1386.
    #expect(interval.contains(2))
    #expect(abs(interval.high - interval.low - 2 * 0.1386) < 0.02)
  }

  @Test func pairedDifferencesAreTakenOverTheSameUsers() throws {
    var random = SplitMix64(seed: 5)
    let better = values.enumerated().map { $1 + ($0 % 2 == 0 ? 1 : 0) }
    let apart = try #require(PairedBootstrap(better, values, using: &random))
    #expect(apart.difference == 0.5)
    #expect(apart.interval.contains(0.5) && !apart.interval.contains(0.3))
    #expect(apart.p == 2.0 / 1_001)
    let same = try #require(PairedBootstrap(values, values, using: &random))
    #expect(same.p == 1 && same.interval == Interval(low: 0, high: 0))
  }
}
