extension ItemTable {
  /// What `columns` say of each item, in words, one sentence after another; empty where they say nothing.
  ///
  /// - Throws: `ItemError.unknownColumn`.
  package func texts(_ columns: [String]) throws(ItemError) -> [String] {
    var parts = [[String]](repeating: [], count: ids.count)
    for name in columns {
      if let index = self.columns.firstIndex(where: { $0.name == name }) {
        for item in 0..<ids.count { if let text = values[index].text(item) { parts[item].append(text) } }
      } else if hasTitles, name == summary.title || name == "title" {
        for item in 0..<ids.count { if let title = titles[item] { parts[item].append(title) } }
      } else {
        let known = (summary.title.map { [$0] } ?? []) + self.columns.map(\.name)
        throw .unknownColumn(file: source, named: name, known: known, suggestion: nil)
      }
    }
    return parts.map { $0.joined(separator: ". ") }
  }
}

extension ItemValues {
  /// A value in words; nil where there is none.
  fileprivate func text(_ item: Int) -> String? {
    switch self {
    case .categories(let rows): rows[item].isEmpty ? nil : rows[item].map(\.text).joined(separator: ", ")
    case .numbers(let rows): rows[item].map { $0 == $0.rounded() && abs($0) < 1e15 ? "\(Int($0))" : "\($0)" }
    case .texts(let rows): rows[item]
    }
  }
}
