import Foundation
import RankingMetrics
import Testing

/// Against SciPy; see `Fixtures/make_statistics_reference.py`.
@Suite struct PairedTestsTests {
  struct Reference: Decodable {
    struct Pair: Decodable {
      let name: String
      let a: [Double]
      let b: [Double]
      let wilcoxonStatistic: Double
      let wilcoxonP: Double
      let t: Double
      let tP: Double
    }
    let pairs: [Pair]
    let student: [[Double]]
    let normal: [[Double]]
    let beta: [[Double]]
  }

  let reference: Reference

  init() throws {
    let file = try #require(
      Bundle.module.url(forResource: "statistics", withExtension: "json", subdirectory: "Fixtures"))
    reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
  }

  private func expect(_ value: Double, near expected: Double, _ what: String) {
    #expect(abs(value - expected) <= 1e-10 * max(abs(expected), 1e-290), "\(what): \(value) against \(expected)")
  }

  @Test func wilcoxonIsScipys() {
    for pair in reference.pairs {
      let test = WilcoxonSignedRank(pair.a, pair.b)
      expect(test.statistic, near: pair.wilcoxonStatistic, pair.name)
      expect(test.p, near: pair.wilcoxonP, pair.name)
    }
  }

  @Test func pairedTIsScipys() {
    for pair in reference.pairs {
      let test = PairedTTest(pair.a, pair.b)
      expect(test.t, near: pair.t, pair.name)
      expect(test.p, near: pair.tP, pair.name)
    }
  }

  @Test func distributionsAreScipys() {
    for row in reference.student {
      expect(Distributions.studentTwoSided(row[0], degreesOfFreedom: row[1]), near: row[2], "t \(row)")
    }
    for row in reference.normal { expect(Distributions.normalTwoSided(row[0]), near: row[1], "z \(row)") }
    for row in reference.beta { expect(Distributions.incompleteBeta(row[0], row[1], row[2]), near: row[3], "I \(row)") }
  }

  @Test func nothingDiffers() {
    let same = [0.5, 0, 1]
    #expect(WilcoxonSignedRank(same, same).p == 1)
    #expect(WilcoxonSignedRank(same, same).differing == 0)
    #expect(PairedTTest(same, same).p == 1)
    #expect(PairedTTest([2, 1], [1, 0]).p == 0)
  }

  @Test func holmStepsDown() {
    // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
    let adjusted = HolmCorrection.adjusted([0.01, 0.04, 0.03, 0.005])
    for (value, expected) in zip(adjusted, [0.03, 0.06, 0.06, 0.02]) { expect(value, near: expected, "Holm") }
    #expect(HolmCorrection.adjusted([0.6, 0.7]) == [1, 1])
    #expect(HolmCorrection.adjusted([]) == [])
  }
}
