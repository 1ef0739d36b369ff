import Collectives
import Kernels
import TestSupport
import Testing

@Suite struct SumOrderTests {
  @Test func upToFourShardsAreAddedFromLeftToRight() {
    for shards in 1...4 {
      let terms = (0..<shards).map { Grid.random(1, 17, seed: UInt64($0)).matrix() }
      let expected = (0..<17).map { column in terms.dropFirst().reduce(terms[0][0, column]) { $0 + $1[0, column] } }
      let parts = Dictionary(uniqueKeysWithValues: terms.enumerated().map { ($0..<$0 + 1, $1) })
      #expect(SumOrder(shards: shards).sum(parts).values == expected)
    }
  }

  @Test func partialSumsAreWholeGroupsAndSubtrees() {
    #expect(SumOrder(shards: 4).partialSums(of: 0..<2) == [0..<1, 1..<2])
    #expect(SumOrder(shards: 4).partialSums(of: 0..<4) == [0..<4])
    #expect(SumOrder(shards: 16).partialSums(of: 0..<8) == [0..<8])
    #expect(SumOrder(shards: 16).partialSums(of: 4..<12) == [4..<8, 8..<12])
    #expect(SumOrder(shards: 12).partialSums(of: 5..<12) == [5..<6, 6..<7, 7..<8, 8..<12])
  }

  /// On any number of processes not a bit of the sum changes.
  @Test(arguments: [1, 2, 3, 4, 6, 8, 13, 64])
  func theSumIsTheSameOnAnyNumberOfProcesses(shards: Int) {
    let order = SumOrder(shards: shards)
    func sum(_ processes: Int) -> [Float] {
      var parts: [Range<Int>: Matrix] = [:]
      for rank in 0..<processes {
        let held = order.held(by: rank, of: processes)
        let own = Dictionary(
          uniqueKeysWithValues: held.map { ($0..<$0 + 1, Grid.random(3, 17, seed: UInt64($0)).matrix()) })
        for part in order.partialSums(of: held) { parts[part] = order.sum(own, node: part) }
      }
      return order.sum(parts).values
    }
    let alone = sum(1)
    for processes in 2...max(2, shards) { #expect(sum(processes) == alone, "\(processes) processes") }
  }
}
