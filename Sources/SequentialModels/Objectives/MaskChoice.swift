import Kernels

/// Which positions of a sequence are masked, and what stands there instead.
package enum MaskChoice {
  /// Chooses each position with the masking's probability, or whole groups in a random order as far as the budget goes.
  ///
  /// At most `maxPredictions` positions, at least one, and at least one is left. The budget of whole groups is moreover
  /// the probability's share of the positions, and a group that does not fit into it is passed over: a history that is
  /// one session would otherwise be masked but for one item. Where no group fits, the first drawn is cut.
  /// - Parameter groups: the group of each position; nil for each position on its own.
  /// - Returns: ascending positions; empty where there are fewer than two.
  /// - Source: the budget and whole-word rules of BERT's `create_masked_lm_predictions`; single positions are drawn
  ///   independently.
  package static func positions(
    count: Int, masking: MaskedItems, groups: [Int64]?, random: CounterRandom, base: UInt64
  ) -> [Int] {
    if count < 2 { return [] }
    let most = min(masking.maxPredictions ?? count, count - 1)
    guard let groups else {
      return single(count: count, limit: most, probability: masking.probability, random: random, base: base)
    }
    let units = units(groups.prefix(count))
    let limit = min(most, max(1, Int((masking.probability * Double(count)).rounded())))
    let order = units.indices.map { (draw: random.uniform(base + UInt64($0)), unit: $0) }.sorted {
      ($0.draw, $0.unit) < ($1.draw, $1.unit)
    }
    var chosen: [Int] = []
    for (_, unit) in order {
      if chosen.count == limit { break }
      if chosen.count + units[unit].count <= limit { chosen.append(contentsOf: units[unit]) }
    }
    if chosen.isEmpty { chosen = Array(units[order[0].unit].prefix(max(1, limit))) }
    return chosen.sorted()
  }

  /// The positions whose draws are below `probability`, the lowest draws where these are too many or none.
  private static func single(count: Int, limit: Int, probability: Double, random: CounterRandom, base: UInt64) -> [Int]
  {
    func draw(_ position: Int) -> Double { random.uniform(base + UInt64(position)) }
    let chosen = (0..<count).filter { draw($0) < probability }
    if !chosen.isEmpty && chosen.count <= limit { return chosen }
    let candidates = chosen.isEmpty ? Array(0..<count) : chosen
    let lowest = candidates.map { (draw: draw($0), position: $0) }.sorted {
      ($0.draw, $0.position) < ($1.draw, $1.position)
    }
    return lowest.prefix(chosen.isEmpty ? 1 : max(1, limit)).map(\.position).sorted()
  }

  /// The positions of each group, groups in the order of their first positions.
  private static func units(_ groups: some Collection<Int64>) -> [[Int]] {
    var places: [Int64: Int] = [:]
    var units: [[Int]] = []
    for (position, group) in groups.enumerated() {
      if let place = places[group] {
        units[place].append(position)
      } else {
        places[group] = units.count
        units.append([position])
      }
    }
    return units
  }

  /// What stands at a chosen position: `[MASK]`, a random item, or the item itself.
  package static func replacement(
    for token: Int32, masking: MaskedItems, vocabulary: ItemVocabulary, random: CounterRandom, element: UInt64
  ) -> Int32 {
    let draw = random.uniform(element)
    if draw < masking.maskShare { return vocabulary.mask }
    if draw < masking.maskShare + masking.randomShare {
      return vocabulary.tokens[random.below(vocabulary.drawableCount, element ^ (1 << 63))]
    }
    return token
  }
}
