import Kernels
import SequentialModels
import Testing

@Suite struct MaskChoiceTests {
  let vocabulary = ItemVocabulary(items: 1_000)

  private func positions(
    _ count: Int, _ masking: MaskedItems, groups: [Int64]? = nil, draw: UInt64
  ) -> [Int] {
    MaskChoice.positions(
      count: count, masking: masking, groups: groups, random: CounterRandom(seed: 5, purpose: 1, step: 0),
      base: draw << 24)
  }

  @Test(arguments: [2, 3, 17, 200])
  func choosesAtLeastOneAndLeavesAtLeastOne(count: Int) {
    for probability in [0.001, 0.3, 0.999] {
      for draw in 0..<200 {
        let chosen = positions(count, .init(probability: probability), draw: UInt64(draw))
        #expect((1..<count).contains(chosen.count))
        #expect(Set(chosen).count == chosen.count && chosen == chosen.sorted())
        #expect(chosen.allSatisfy { (0..<count).contains($0) })
      }
    }
  }

  @Test func anItemAloneIsNotMasked() { #expect(positions(1, .init(), draw: 0).isEmpty) }

  @Test func theShareOfChosenPositionsIsTheProbability() {
    let chosen = (0..<2_000).map { positions(100, .init(probability: 0.3), draw: UInt64($0)).count }.reduce(0, +)
    // 200,000 draws: the standard deviation of the share is 0.001.
    #expect(abs(Double(chosen) / 200_000 - 0.3) < 0.005)
  }

  @Test func everyPositionIsChosenAlikeTheFirstToo() {
    var counts = [Int](repeating: 0, count: 10)
    for draw in 0..<10_000 { for position in positions(10, .init(), draw: UInt64(draw)) { counts[position] += 1 } }
    // Each about 3,000 and a little more for the sequences that would have had none.
    for count in counts { #expect(abs(count - counts.reduce(0, +) / 10) < 200) }
  }

  @Test func keepsToTheBudget() {
    for draw in 0..<200 {
      #expect(positions(200, .init(probability: 0.5, maxPredictions: 20), draw: UInt64(draw)).count == 20)
    }
  }

  @Test func masksWholeGroupsWithinTheBudget() {
    let groups: [Int64] = [0, 0, 0, 1, 2, 2, 3, 3, 3, 3, 4, 5, 5]
    for draw in 0..<500 {
      let chosen = positions(
        13, .init(probability: 0.4, maxPredictions: 5, wholeGroups: true), groups: groups, draw: UInt64(draw))
      #expect(!chosen.isEmpty && chosen.count <= 5)
      for group in Set(chosen.map { groups[$0] }) {
        let members = groups.indices.filter { groups[$0] == group }
        #expect(members.allSatisfy(chosen.contains), "group \(group) is split by \(chosen)")
      }
    }
  }

  @Test func aGroupLargerThanTheBudgetIsCutRatherThanNothingMasked() {
    let chosen = positions(
      6, .init(maxPredictions: 2, wholeGroups: true), groups: [Int64](repeating: 0, count: 6), draw: 3)
    #expect(chosen.count == 2)
  }

  /// A history that is one session, or a few long ones: nobody learns from a single item that is left.
  @Test func wholeGroupsKeepToTheShareOfThePositions() {
    let masking = MaskedItems(probability: 0.3, wholeGroups: true)
    #expect(positions(50, masking, groups: [Int64](repeating: 0, count: 50), draw: 1).count == 15)
    let pairs = (0..<100).map { Int64($0 / 2) }
    for draw in 0..<50 { #expect(positions(100, masking, groups: pairs, draw: UInt64(draw)).count == 30) }
    let uneven = [Int64](repeating: 0, count: 70) + (1...30).map { Int64($0) }
    for draw in 0..<50 {
      let chosen = positions(100, masking, groups: uneven, draw: UInt64(draw))
      #expect(chosen.count == 30 && chosen[0] == 70)
    }
  }

  @Test func replacesEightyTenTen() {
    let random = CounterRandom(seed: 9, purpose: 2, step: 0)
    var masks = 0
    var kept = 0
    for element in 0..<50_000 {
      let token = MaskChoice.replacement(
        for: 77, masking: .init(), vocabulary: vocabulary, random: random, element: UInt64(element))
      if token == 4 { masks += 1 } else if token == 77 { kept += 1 } else { #expect(token >= 5 && token < 1_005) }
    }
    #expect(abs(Double(masks) / 50_000 - 0.8) < 0.01)
    #expect(abs(Double(kept) / 50_000 - 0.1001) < 0.01)
  }
}
