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
    count: Int, masking: Objectives.Masking, groups: [Int32]?, random: CounterRandom, base: UInt64
  ) -> [Int] {
    if count < 2 { return [] }
    let units = units(count: count, groups: groups)
    let share = groups == nil ? count : max(1, Int((masking.probability * Double(count)).rounded()))
    let limit = min(masking.maxPredictions ?? count, share, count - 1)
    let order = units.indices.map { (draw: random.uniform(base + UInt64($0)), unit: $0) }.sorted {
      ($0.draw, $0.unit) < ($1.draw, $1.unit)
    }
    var chosen: [Int] = []
    for (draw, unit) in order {
      if groups == nil && draw >= masking.probability && !chosen.isEmpty { break }
      if chosen.count == limit { break }
      if chosen.count + units[unit].count <= limit { chosen.append(contentsOf: units[unit]) }
    }
    if chosen.isEmpty { chosen = Array(units[order[0].unit].prefix(max(1, limit))) }
    return chosen.sorted()
  }

  private static func units(count: Int, groups: [Int32]?) -> [[Int]] {
    guard let groups else { return (0..<count).map { [$0] } }
    var places: [Int32: Int] = [:]
    var units: [[Int]] = []
    for position in 0..<count {
      if let place = places[groups[position]] {
        units[place].append(position)
      } else {
        places[groups[position]] = units.count
        units.append([position])
      }
    }
    return units
  }

  /// What stands at a chosen position: `[MASK]`, a random item, or the item itself.
  package static func replacement(
    for token: Int32, masking: Objectives.Masking, vocabulary: ItemVocabulary, random: CounterRandom, element: UInt64
  ) -> Int32 {
    let draw = random.uniform(element)
    if draw < masking.maskShare { return vocabulary.mask }
    if draw < masking.maskShare + masking.randomShare {
      return vocabulary.tokens[random.below(vocabulary.drawableCount, element ^ (1 << 63))]
    }
    return token
  }
}
