import Foundation

/// What can be known of a person of a synthetic process from the history so far: the posterior over hidden types.
package struct SyntheticBelief: Sendable {
  private let process: SyntheticProcess
  /// `[types]` log of the joint probability with the history.
  private var evidence: [Double]
  private var seen: [Bool]
  /// `[clusters]` the weight and the number of items not yet seen.
  private var remainingWeight: [Double]
  private var remaining: [Int]
  private var last: Int?

  /// The belief before the first event.
  package init(_ process: SyntheticProcess) {
    self.process = process
    evidence = [Double](repeating: 0, count: process.options.types)
    seen = [Bool](repeating: false, count: process.options.items)
    remainingWeight = process.members.map { $0.reduce(0) { $0 + process.weight[$1] } }
    remaining = process.members.map(\.count)
  }

  /// Takes in the next event; an item seen before is no event of the process and changes nothing but the last item.
  package mutating func observe(_ item: Int) {
    let cluster = process.cluster[item]
    defer { last = cluster }
    if seen[item] { return }
    // How likely the item is within its cluster is the same for every type and says nothing about it.
    for type in evidence.indices { evidence[type] += log(clusterProbabilities(of: type)[cluster]) }
    seen[item] = true
    remaining[cluster] -= 1
    // The last item leaves an exact nothing behind, not a rounding error.
    remainingWeight[cluster] = remaining[cluster] == 0 ? 0 : remainingWeight[cluster] - process.weight[item]
  }

  /// The probability of each hidden type.
  package var types: [Double] {
    let largest = evidence.max() ?? 0
    let joint = evidence.map { exp($0 - largest) }
    let total = joint.reduce(0, +)
    return joint.map { $0 / total }
  }

  /// `[items]` the probability that each item comes next; 0 for items seen before.
  package var itemProbabilities: [Double] {
    var clusters = [Double](repeating: 0, count: process.options.clusters)
    for (type, belief) in types.enumerated() {
      for (cluster, probability) in clusterProbabilities(of: type).enumerated() {
        clusters[cluster] += belief * probability
      }
    }
    return seen.indices.map { item in
      let cluster = process.cluster[item]
      return seen[item] ? 0 : clusters[cluster] * process.weight[item] / remainingWeight[cluster]
    }
  }

  /// `[clusters]` the probability of the next cluster for a person of `type`.
  func clusterProbabilities(of type: Int) -> [Double] {
    let follow = last == nil ? 0 : process.options.follow
    var probabilities = process.preference[type].map { (1 - follow) * $0 }
    if let last { probabilities[process.successor[type][last]] += follow }
    for cluster in probabilities.indices where remaining[cluster] == 0 { probabilities[cluster] = 0 }
    let total = probabilities.reduce(0, +)
    return probabilities.map { $0 / total }
  }

  /// Draws the next item of a person of `type`, touches it and returns it.
  mutating func draw(of type: Int, using random: inout SplitMix64) -> Int {
    let probabilities = clusterProbabilities(of: type)
    let cluster = Self.pick(probabilities.indices, by: { probabilities[$0] }, using: &random)
    let left = process.members[cluster].filter { !seen[$0] }
    let item = Self.pick(left, by: { process.weight[$0] }, using: &random)
    observe(item)
    return item
  }

  /// One of `choices` with probability in proportion to its weight.
  private static func pick(
    _ choices: some Collection<Int>, by weight: (Int) -> Double, using random: inout SplitMix64
  ) -> Int {
    var place = random.uniform() * choices.reduce(0) { $0 + weight($1) }
    var chosen: Int?
    for choice in choices where weight(choice) > 0 {
      chosen = choice
      place -= weight(choice)
      if place < 0 { break }
    }
    guard let chosen else { preconditionFailure("nothing to choose from") }
    return chosen
  }
}
