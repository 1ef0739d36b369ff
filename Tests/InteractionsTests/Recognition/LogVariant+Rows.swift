extension LogVariant {
  private struct Column {
    var name: String
    var values: [String]
  }

  mutating func writeDelimited(
    _ rows: [Event], _ userForm: (Int) -> String, _ itemForm: (Int) -> String
  ) {
    let separator = pick([",", ",", ",", ";", ";", "\t", "\t", "|", "::"])
    let mayQuote = separator != "::"
    var columns = [
      Column(
        name: pick(["user", "user_id", "userId", "User ID", "visitorid", "customer_id", "reviewerID", "Kunde", "uid"]),
        values: rows.map { userForm($0.user) }),
      Column(
        name: pick(["item", "item_id", "movieId", "asin", "product_id", "Artikel", "track_id", "iid", "article-id"]),
        values: rows.map { itemForm($0.item) }),
    ]
    let stamps = rows.map { times($0) }
    for (index, name) in timeNames().enumerated() {
      columns.append(Column(name: name, values: stamps.map { $0[index] }))
    }
    let extras = random.below(4)
    for extra in 0..<extras { columns.append(extraColumn(extra, rows, separator)) }
    let hasHeader = separator == "::" ? chance(30) : chance(70)
    let order = hasHeader ? shuffled(Array(columns.indices)) : headerlessOrder(columns.count)
    columns = order.map { columns[$0] }
    // Without quotes a field must not hold what separates it.
    let needs: (String) -> Bool = { $0.contains(separator) || $0.hasPrefix("\"") }
    let everything = mayQuote && chance(20)
    let blank = !["\t", "::"].contains(separator) && chance(15) ? " " : ""
    func field(_ value: String) -> String {
      guard mayQuote, everything || needs(value) else { return value }
      return "\"" + value.replacing("\"", with: "\"\"") + "\""
    }
    var lines: [String] = []
    let names = columns.map { field($0.name) }.joined(separator: separator + blank)
    // A program writes a separator behind every row, or the row's number before it.
    let ending = mayQuote && hasHeader && chance(6) ? separator : ""
    let isNumbered = mayQuote && hasHeader && ending.isEmpty && chance(8)
    let corner = isNumbered ? pick(["", "Unnamed: 0", "index"]) + separator : ""
    if hasHeader, !isNumbered, chance(5) { lines.append("# an export of events") }
    if hasHeader { lines.append(corner + names + (chance(50) ? ending : "")) }
    for row in rows.indices {
      if hasHeader, !isNumbered, ending.isEmpty, row == rows.count / 2, chance(5) {
        lines.append(names)
        repeatsHeader = true
      }
      let number = isNumbered ? String(row) + separator : ""
      lines.append(number + columns.map { field($0.values[row]) }.joined(separator: separator + blank) + ending)
    }
    description +=
      " \(separator.debugDescription) header \(hasHeader) \(columns.map(\.name)) quoted \(everything) blank \(blank.count) \(ending) \(corner)"
    text = lines.joined(separator: "\n") + (chance(80) ? "\n" : "")
  }

  private mutating func shuffled(_ values: [Int]) -> [Int] {
    var values = values
    for index in values.indices.reversed() { values.swapAt(index, random.below(index + 1)) }
    return values
  }

  /// Without names the user stands before the item; the rest may stand anywhere.
  private mutating func headerlessOrder(_ count: Int) -> [Int] {
    var order = shuffled(Array(0..<count))
    let (user, item) = (order.firstIndex(of: 0)!, order.firstIndex(of: 1)!)
    if user > item { order.swapAt(user, item) }
    return order
  }

  private mutating func extraColumn(_ number: Int, _ rows: [Event], _ separator: String) -> Column {
    let kind = random.below(10)
    let values = rows.map { event -> String in
      switch kind {
      case 0: String(1 + random.below(5))
      case 1:
        separator == ";"
          ? "\(random.below(90)),\(10 + random.below(89))" : "\(random.below(90)).\(10 + random.below(89))"
      case 2: "const"
      case 3: pick(["Blue shoe", "Red \"big\" one", "Song of the sea", "5\" disk", "A title, with a comma", "x|y; z"])
      case 4: pick(["view", "cart", "purchase"])
      case 5: pick(["NULL", "", "nan", "\\N", "17"])
      case 6: pick(["Comedy", "Drama", "Film noir"])
      case 7: "1"
      case 8: String(1_000_000 + event.user * 20 + event.day / 10 % 20)
      default: "\(1 + random.below(9)),\(100 + random.below(900))"
      }
    }
    let clean = values.map { value in
      separator == "::" || separator == "\t"
        ? value.replacing(separator, with: " ")
        : value
    }
    let names = ["rating", "price", "source", "title", "event", "remark", "genre", "implicit", "session_id", "price"]
    return Column(name: names[kind] + (number == 0 ? "" : String(number)), values: clean)
  }
}
