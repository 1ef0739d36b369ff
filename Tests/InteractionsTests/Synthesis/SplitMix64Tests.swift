import Interactions
import Testing

@Suite struct SplitMix64Tests {
  @Test func drawsTheReferenceNumbers() {
    // The first numbers of Vigna's splitmix64.c from state 1234567.
    var random = SplitMix64(seed: 1_234_567)
    #expect(
      (0..<3).map { _ in random.next() }
        == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
  }

  @Test func staysBelowItsBound() {
    var random = SplitMix64(seed: 1)
    let drawn = (0..<1_000).map { _ in random.below(3) }
    #expect(Set(drawn) == [0, 1, 2])
    #expect((0..<1_000).allSatisfy { _ in (0..<1).contains(random.uniform()) })
  }
}
