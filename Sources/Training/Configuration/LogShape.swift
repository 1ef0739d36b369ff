import Interactions

/// What of a log decides sizes: how many histories it has, how long they are, and how often an item is a target.
package struct LogShape: Sendable, Equatable {
  package let users, items, events: Int
  /// Of histories with something to predict, ascending.
  let lengths: [Int]

  package init(_ log: InteractionLog) {
    users = log.userCount
    items = log.itemCount
    events = log.eventCount
    lengths = (0..<log.userCount).map { log.range(of: UserID($0)).count }.filter { $0 > 1 }.sorted()
  }

  /// The mean length of histories with something to predict.
  package var meanLength: Double {
    lengths.isEmpty ? 0 : Double(lengths.reduce(0, +)) / Double(lengths.count)
  }

  /// Positions that have a next item.
  var targets: Int { lengths.reduce(0) { $0 + $1 - 1 } }

  /// The length that covers 95 % of the histories, in tens from 20 to 200; nil where there are none.
  var commonLength: Int? {
    if lengths.isEmpty { return nil }
    let common = lengths[min(lengths.count - 1, lengths.count * 95 / 100)]
    return min(max((common + 9) / 10 * 10, 20), 200)
  }

  /// Whether the log has so few events that a wide model learns its histories by heart.
  var isSmall: Bool { events < 200_000 }

  /// How often an item is a target in one pass.
  package var targetsPerItem: Double { Double(targets) / Double(max(1, items)) }

  /// Whether histories are short and items rare, in a log that is not tiny. Nearly all parameters are then rows of the item
  /// table, each of which sees few targets: the model needs more passes, and more that keeps it from learning them by heart.
  var isSparse: Bool { meanLength < 20 && targetsPerItem < 30 && events >= 50_000 }

  /// Whether there are many long histories, from which a third block learns.
  var hasManyLongHistories: Bool { meanLength >= 20 && !isSmall }

  /// Whether items are targets so often in them that a `[MASK]` learns to fetch what the last item's state has at hand.
  var hasLongHistoriesOfFrequentItems: Bool { hasManyLongHistories && targetsPerItem >= 100 }
}
