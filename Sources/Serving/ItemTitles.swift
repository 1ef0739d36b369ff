import Interactions
import Items
import Recommending

/// What items are called.
package struct ItemTitles: Sendable {
  private let ids: Catalog
  /// By item of the table; nil where it has none.
  private let titles: [String?]

  /// nil where no item of the table has a title.
  package init?(_ table: ItemTable) {
    guard table.hasTitles else { return nil }
    (ids, titles) = (table.ids, table.titles)
  }

  package func title(of item: Identifier) -> String? { ids.index(of: item).flatMap { titles[$0] } }

  /// What rows say of the items of `catalog`.
  func labels(for catalog: Catalog) -> ItemLabels { ItemLabels(titles: catalog.names.map(title)) }
}

/// The ids and titles of a model's items in lower case, in one piece, for completion while a user types.
struct ItemSearch: Sendable {
  /// For each item its title and its id, each behind a byte of zero; a zero at the end.
  private let bytes: [UInt8]
  /// Where each item begins, and the end.
  private let starts: [Int]

  init(_ items: Catalog, _ labels: ItemLabels) {
    var (bytes, starts): ([UInt8], [Int]) = ([], [])
    starts.reserveCapacity(items.count + 1)
    for (number, name) in items.names.enumerated() {
      starts.append(bytes.count)
      for text in [labels.title(of: number), name.text] {
        guard let text else { continue }
        bytes.append(0)
        bytes += text.lowercased().utf8
      }
    }
    starts.append(bytes.count)
    bytes.append(0)
    (self.bytes, self.starts) = (bytes, starts)
  }

  /// The first `count` items whose title or id holds `text`: those that begin with it, then those with a word that does,
  /// then the others.
  ///
  /// - Complexity: one look at every byte.
  func matches(_ text: String, _ count: Int) -> [Int] {
    let wanted = Array(text.lowercased().utf8).filter { $0 != 0 }
    if wanted.isEmpty { return Array((0..<starts.count - 1).prefix(count)) }
    var found: [[Int]] = [[], [], []]
    for item in 0..<starts.count - 1 {
      guard let place = place(of: wanted, in: item) else { continue }
      if found[place].count < count { found[place].append(item) }
      if found[0].count == count { break }
    }
    return Array(found.joined().prefix(count))
  }

  /// 0 where the title or the id begins with `wanted`, 1 where a word does, 2 where it is in a word; nil where it is nowhere.
  private func place(of wanted: [UInt8], in item: Int) -> Int? {
    var best: Int?
    let last = starts[item + 1] - wanted.count
    var start = starts[item]
    while start <= last {
      defer { start += 1 }
      if bytes[start] != wanted[0] || !bytes[start..<start + wanted.count].elementsEqual(wanted) { continue }
      let before = bytes[start - 1]
      if before == 0 { return 0 }
      best = min(best ?? 2, Self.isLetter(before) ? 2 : 1)
    }
    return best
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    byte >= 0x80 || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
  }
}
