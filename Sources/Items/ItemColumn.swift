import Interactions

/// A column of an item table: what it is called, what its values are, and how that came to be known.
package struct ItemColumn: Codable, Sendable, Equatable {
  package enum Kind: String, Codable, CaseIterable, Sendable {
    /// One of few words, or several of them.
    case category
    /// A number or a date, in days since 1970-01-01.
    case number
    /// Words that are read, not compared.
    case text
  }

  package let name: String
  package let kind: Kind
  /// What separates several values in a cell; nil where each cell holds one.
  package var separator: Separator?
  /// What the column was made of, where that is not the column of this name.
  package var origin: String?

  package init(name: String, kind: Kind, separator: Separator? = nil, origin: String? = nil) {
    self.name = name
    self.kind = kind
    self.separator = separator
    self.origin = origin
  }
}

/// What the values of a column are, row by row.
package enum ItemValues: Sendable, Equatable {
  /// The values of each row without repetition; none where the cell is empty.
  case categories([[Identifier]])
  case numbers([Double?])
  case texts([String?])

  /// The rows that have a value.
  package var presentCount: Int {
    switch self {
    case .categories(let rows): rows.count { !$0.isEmpty }
    case .numbers(let rows): rows.count { $0 != nil }
    case .texts(let rows): rows.count { $0 != nil }
    }
  }

  /// How many different values there are.
  package var distinctCount: Int {
    switch self {
    case .categories(let rows): Set(rows.joined()).count
    case .numbers(let rows): Set(rows.compactMap(\.self)).count
    case .texts(let rows): Set(rows.compactMap { $0.map { Identifier($0) } }).count
    }
  }

  /// The values of `rows`, in that order.
  func reindexed(by rows: [Int]) -> ItemValues {
    switch self {
    case .categories(let values): .categories(rows.map { values[$0] })
    case .numbers(let values): .numbers(rows.map { values[$0] })
    case .texts(let values): .texts(rows.map { values[$0] })
    }
  }
}

/// What the user says of columns: `id=movieId,title=name,genres=category,url=none`.
package struct ItemColumnSelection: Codable, Sendable, Equatable {
  package var id: String?
  package var title: String?
  /// By column; nil leaves the column out.
  package var kinds: [String: ItemColumn.Kind?] = [:]

  package init() {}

  /// - Throws: `ItemError.badColumns` for what is no such list.
  package init(_ text: String) throws(ItemError) {
    for part in text.split(separator: ",") {
      let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard sides.count == 2, !sides[1].isEmpty else {
        throw .badColumns(text: text, reason: "“\(part)” is not NAME=KIND")
      }
      if sides[1] == "none" {
        kinds[sides[0]] = .some(nil)
      } else if let kind = ItemColumn.Kind(rawValue: sides[1]) {
        kinds[sides[0]] = kind
      } else if sides[0] == "id" {
        id = sides[1]
      } else if sides[0] == "title" {
        title = sides[1]
      } else {
        throw .badColumns(text: text, reason: "“\(sides[1])” is none of category, number, text, none")
      }
    }
  }

  /// Whether nothing is said.
  package var isEmpty: Bool { id == nil && title == nil && kinds.isEmpty }
}
