import Interactions

/// Which column of an item file is the id, which the title, and what is looked at beside them.
struct ItemLayout {
  enum Part {
    /// A column by its number from 0, with the kind that the user named.
    case column(Int, name: String, kind: ItemColumn.Kind?)
    /// Columns of 0 and 1, each for a word.
    case flags([Int], name: String, words: [String])

    var name: String {
      switch self {
      case .column(_, let name, _), .flags(_, let name, _): name
      }
    }
  }

  private(set) var names: [String]
  private(set) var id: Int
  private(set) var title: Int?
  private(set) var parts: [Part] = []
  /// The public file that this is.
  private(set) var publicTable: String?

  /// - Throws: `ItemError` where a named column does not exist, or no column can be told to be the id.
  init(_ cells: CellTable, _ selection: ItemColumnSelection) throws(ItemError) {
    names = cells.names ?? (1...cells.columnCount).map(String.init)
    id = 0
    if selection.isEmpty, let known = PublicItemFile.known(cells) {
      (names, title, publicTable, parts) = (known.names, known.title, known.text, known.parts)
      return
    }
    let names = names
    func position(_ named: String) throws(ItemError) -> Int {
      if let position = names.firstIndex(of: named) { return position }
      if let number = Int(named), (1...names.count).contains(number) { return number - 1 }
      throw .unknownColumn(
        file: cells.file, named: named, known: names, suggestion: NearestName.suggestion(for: named, among: names))
    }
    if let named = selection.id {
      id = try position(named)
    } else if let found = Self.idPosition(cells) {
      id = found
    } else {
      throw .whichID(file: cells.file, names: names)
    }
    title =
      try selection.title.map { named throws(ItemError) in try position(named) } ?? Self.titlePosition(cells.names)
    var kinds: [Int: ItemColumn.Kind?] = [:]
    for (name, kind) in selection.kinds.sorted(by: { $0.key < $1.key }) { kinds[try position(name)] = kind }
    for number in names.indices where number != id && number != title {
      if let kind = kinds[number] {
        if let kind { parts.append(.column(number, name: names[number], kind: kind)) }
      } else {
        parts.append(.column(number, name: names[number], kind: nil))
      }
    }
  }

  /// Whether a row looks like the names of an item file's columns.
  static func isHeader(_ row: [String]) -> Bool {
    Set(row).count == row.count && row.allSatisfy { !$0.isEmpty && Double($0) == nil }
      && (ColumnRole.itemPosition(in: row) != nil || row.contains { idNames.contains(plain($0)) })
      && row.contains { otherNames.contains(plain($0)) || titleNames.contains(plain($0)) }
  }

  /// The column of ids: by its name, else the first whose values are all there and all different.
  private static func idPosition(_ cells: CellTable) -> Int? {
    if let names = cells.names {
      if let position = names.firstIndex(where: { idNames.contains(plain($0)) }) { return position }
      if let position = ColumnRole.itemPosition(in: names) { return position }
    }
    return (0..<min(3, cells.columnCount)).first { column in
      var seen = Set<Identifier>()
      return cells.rows.allSatisfy { row in
        !row.cells[column].isMissing && seen.insert(Identifier(row.cells[column].text)).inserted
      }
    }
  }

  private static func titlePosition(_ names: [String]?) -> Int? {
    guard let names else { return nil }
    let plain = names.map(plain)
    return titleNames.lazy.compactMap { plain.firstIndex(of: $0) }.first
  }

  private static func plain(_ name: String) -> String {
    name.prefix { $0 != ":" }.lowercased().filter { $0.isLetter || $0.isNumber }
  }

  private static let idNames: Set<String> = ["itemid", "productid", "movieid", "articleid", "bookid", "trackid", "id"]
  private static let titleNames = [
    "title", "movietitle", "itemtitle", "producttitle", "booktitle", "name", "itemname", "productname", "trackname",
    "prodname", "titel", "bezeichnung", "nombre", "titre", "nom",
  ]
  private static let otherNames: Set<String> = [
    "genres", "genre", "category", "categories", "brand", "price", "description", "color", "colour", "author", "artist",
    "year", "releaseyear", "releasedate", "tags", "publisher", "class", "type", "kategorie", "marke", "preis",
  ]
}

/// Item files that are known by their shape, as their publishers hand them out.
private struct PublicItemFile {
  let text: String
  let names: [String]
  let title: Int
  let parts: [ItemLayout.Part]

  static func known(_ cells: CellTable) -> PublicItemFile? {
    guard cells.names == nil, let first = cells.rows.first, Int(first.cells[0].text) != nil else { return nil }
    if cells.separator == .doubleColon, cells.columnCount == 3 {
      return PublicItemFile(
        text: "movies.dat of MovieLens", names: ["movieId", "title", "genres"], title: 1,
        parts: [.column(2, name: "genres", kind: .category)])
    }
    let flags = 5..<5 + genres.count
    guard cells.columnCount == flags.upperBound,
      cells.rows.allSatisfy({ row in flags.allSatisfy { ["0", "1"].contains(row.cells[$0].text) } })
    else { return nil }
    return PublicItemFile(
      text: "u.item of MovieLens 100k",
      names: ["movieId", "title", "releaseDate", "videoReleaseDate", "address"] + genres, title: 1,
      parts: [.flags(Array(flags), name: "genres", words: genres)])
  }

  private static let genres = [
    "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama", "Fantasy",
    "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
  ]
}
