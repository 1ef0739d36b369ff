extension InteractionLog {
  /// How often each item was touched, `[items]`.
  package var interactionsByItem: [Int] {
    var counts = [Int](repeating: 0, count: itemCount)
    for item in events { counts[item.index] += 1 }
    return counts
  }
}
