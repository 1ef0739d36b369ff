import Foundation

extension SyntheticProcess {
  /// A log of the process: users and items called `user0…`, `item0…`, times in whole seconds from 2024 on.
  ///
  /// The log of the first n users is the same however many follow.
  /// - Complexity: O(events · (types · clusters + items / clusters) + users · items).
  package func log() -> InteractionLog {
    var items = Catalog()
    for item in 0..<options.items { _ = items.insert(Self.name(ofItem: item)) }
    var offsets = [0]
    var events: [ItemID] = []
    var times: [Int64] = []
    for user in 0..<options.users {
      var random = SplitMix64(seed: options.seed &+ 1, index: user)
      let type = random.below(options.types)
      let length = options.length(at: random.uniform())
      var belief = SyntheticBelief(self)
      // Microseconds; a moment in the first sixty days of 2024, then gaps of twelve hours in the mean.
      var time = (1_704_067_200 + Int64(random.below(60 * 86_400))) * 1_000_000
      for _ in 0..<length {
        events.append(ItemID(belief.draw(of: type, using: &random)))
        times.append(time)
        time += (1 + Int64(-log1p(-random.uniform()) * 12 * 3_600)) * 1_000_000
      }
      offsets.append(events.count)
    }
    return InteractionLog(
      users: Catalog((0..<options.users).map { "user\($0)" }), items: items, offsets: offsets, events: events,
      times: times)
  }
}
