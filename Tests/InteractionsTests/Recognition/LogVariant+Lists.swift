extension LogVariant {
  mutating func writeLists(_ userForm: (Int) -> String, _ itemForm: (Int) -> String) {
    let users = Set(events.map(\.user)).sorted()
    let kind = random.below(4)
    var lines: [String] = []
    if kind == 1 || kind == 2 { lines.append(kind == 1 ? "user_id,items" : "user;items") }
    for user in users {
      let items = events.filter { $0.user == user }.sorted { $0.day < $1.day }.map { itemForm($0.item) }
      let name = userForm(user)
      switch kind {
      case 0:
        let holdsBlanks = ([name] + items).contains { $0.contains(" ") }
        lines.append(([name] + items).joined(separator: holdsBlanks ? "\t" : " "))
      case 1: lines.append("\(name),\"[\(items.joined(separator: ", "))]\"")
      case 2: lines.append("\(name);\(items.joined(separator: "|"))")
      default:
        lines.append("{\"user\": \"\(name)\", \"items\": [\(items.map { "\"\($0)\"" }.joined(separator: ", "))]}")
      }
    }
    description += " list \(kind)"
    text = lines.joined(separator: "\n") + "\n"
  }

  mutating func writeJSON(_ rows: [Event], _ userForm: (Int) -> String, _ itemForm: (Int) -> String) {
    let names = (
      pick(["user", "user_id", "reviewerID", "visitorId"]), pick(["item", "asin", "product_id", "movieId"]), timeNames()
    )
    let isNested = shape != .jsonRows && chance(20)
    let objects = rows.map { event -> String in
      let user = "\"\(userForm(event.user))\""
      let item = "\"\(itemForm(event.item))\""
      let stamps = times(event).map { stamp in
        [.seconds, .milliseconds, .decimals].contains(style) ? stamp : "\"\(stamp)\""
      }
      if shape == .jsonRows { return "[" + ([user, item] + stamps).joined(separator: ",") + "]" }
      var members = zip(names.2, stamps).map { "\"\($0)\": \($1)" }
      members.append(isNested ? "\"item\": {\"id\": \(item), \"tags\": []}" : "\"\(names.1)\": \(item)")
      members.append(isNested ? "\"user\": {\"id\": \(user)}" : "\"\(names.0)\": \(user)")
      members.append("\"rating\": \(1 + event.item % 5)")
      return "{" + (event.item % 2 == 0 ? members : members.reversed()).joined(separator: ", ") + "}"
    }
    description += " \(names) nested \(isNested)"
    if shape == .jsonArray {
      text = "[" + objects.joined(separator: chance(50) ? ", " : ",\n  ") + "]\n"
    } else {
      text = objects.joined(separator: "\n") + "\n"
    }
  }
}
