extension SyntheticProcess {
  /// What the items are, as CSV with header `item_id,title,cluster,place`: all that decides how likely each of them is, so
  /// that an item which no user has seen yet can be ranked as well as any other.
  package var itemsCSV: String {
    var text = "item_id,title,cluster,place\n"
    var places = [Int](repeating: 0, count: options.items)
    for members in members { for (place, item) in members.enumerated() { places[item] = place } }
    for item in 0..<options.items {
      text += "\(Self.name(ofItem: item)),Item \(item) of cluster \(cluster[item]),c\(cluster[item]),\(places[item])\n"
    }
    return text
  }
}

extension InteractionLog {
  /// The log as CSV with header `user,item,timestamp`, oldest event first, times in Unix seconds.
  ///
  /// - Precondition: the log has times, and no id needs quoting, as in a synthetic log.
  package var csv: String {
    guard let times else { preconditionFailure("a log without times has no timestamp column") }
    var users: [Int] = []
    for user in 0..<userCount {
      users.append(contentsOf: repeatElement(user, count: offsets[user + 1] - offsets[user]))
    }
    var text = "user,item,timestamp\n"
    for event in times.indices.sorted(by: { (times[$0], $0) < (times[$1], $1) }) {
      text += "\(self.users[users[event]]),\(items[events[event].index]),\(times[event] / 1_000_000)\n"
    }
    return text
  }
}
