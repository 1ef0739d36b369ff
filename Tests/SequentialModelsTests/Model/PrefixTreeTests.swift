import Kernels
import SequentialModels
import Testing

/// The tree against a list of all prefixes it should know, in order of use.
@Suite struct PrefixTreeTests {
  /// Prefixes by the moment of their last use; a prefix is always newer than what goes on behind it.
  private struct Reference {
    let capacity: Int
    var moments: [[Int32]: (moment: Int, round: Int)] = [:]
    var vectors: [[Int32]: Int] = [:]
    var moment = 0
    var round = 0
    var evicted = 0

    init(capacity: Int) { self.capacity = capacity }

    mutating func use(_ path: [Int32]) {
      for length in stride(from: path.count, to: 0, by: -1) {
        moment += 1
        moments[Array(path.prefix(length))] = (moment, round)
      }
    }

    func longest(_ tokens: [Int32]) -> [Int32] {
      Array(tokens.prefix((0...tokens.count).last { $0 == 0 || moments[Array(tokens.prefix($0))] != nil }!))
    }

    mutating func extend(_ tokens: [Int32]) -> [Int32] {
      var path = longest(tokens)
      while path.count < tokens.count {
        if moments.count == capacity {
          let oldest = moments.min { $0.value.moment < $1.value.moment }!
          if oldest.value.round == round { break }
          moments[oldest.key] = nil
          vectors[oldest.key] = nil
          evicted += 1
        }
        path.append(tokens[path.count])
        moment += 1
        moments[path] = (moment, round)
      }
      use(path)
      return path
    }
  }

  @Test(arguments: [1, 3, 17, 64]) func knowsWhatWasUsedLast(capacity: Int) {
    var tree = PrefixTree(capacity: capacity, vectors: 1_000)
    var reference = Reference(capacity: capacity)
    let random = CounterRandom(seed: UInt64(capacity), purpose: 1, step: 0)
    var draws = UInt64(0)
    func draw(_ below: Int) -> Int {
      draws += 1
      return random.below(below, draws)
    }
    var kept = [Int32: [Int32]]()
    for round in 1...400 {
      tree.beginRound()
      reference.round = round
      for _ in 0..<draw(3) + 1 {
        let tokens = (0..<draw(9)).map { _ in Int32(draw(3)) }
        let found = tree.find(tokens)
        let longest = reference.longest(tokens)
        reference.use(longest)
        #expect(found.count == longest.count)
        for (length, node) in found.enumerated() { #expect(kept[node] == Array(tokens.prefix(length + 1))) }
        let (path, known) = tree.extend(found, with: tokens[found.count...])
        #expect(path.count == reference.extend(tokens).count && known == found.count && path[..<known] == found[...])
        for (length, node) in path.enumerated() { kept[node] = Array(tokens.prefix(length + 1)) }
      }
      #expect(tree.count == reference.moments.count && tree.evicted == reference.evicted)
    }
  }

  @Test func theVectorWrittenLongestAgoIsOverwritten() {
    var tree = PrefixTree(capacity: 9, vectors: 2)
    tree.beginRound()
    let nodes = [[1], [2], [3]].map { tree.extend([], with: $0).path[0] }
    #expect(nodes.map { tree.makeVector(for: $0) } == [0, 1, 0])
    #expect(nodes.map { tree.vector(of: $0) } == [nil, 1, 0])
    #expect(tree.makeVector(for: nodes[1]) == 1 && tree.makeVector(for: nodes[0]) == 1)
    #expect(nodes.map { tree.vector(of: $0) } == [1, nil, 0])
  }
}
