/// External ids in the order of their first appearance: external text ↔ dense index from 0.
///
/// Ids are any text and are never renumbered in what a person sees; the index is only for arrays. Two ids are the same
/// where their UTF-8 bytes are.
package struct Catalog: Sendable, Equatable {
  package private(set) var names: [String]
  private var table: IdentifierTable

  package init() { self.init(IdentifierTable()) }

  /// A catalog of `names`, which must be distinct.
  package init(_ names: some Sequence<String>) {
    self.init()
    for name in names {
      let known = count
      precondition(insert(name) == known, "the id \"\(name)\" stands twice in a catalog")
    }
  }

  /// The catalog of a finished table.
  package init(_ table: IdentifierTable) {
    self.table = table
    names = (0..<table.count).map { table[$0] }
  }

  package var count: Int { names.count }

  /// The index of `name`, or nil where it is not in the catalog.
  package func index(of name: String) -> Int? { table.index(of: name) }

  /// The external id at `index`.
  package subscript(index: Int) -> String { names[index] }

  /// The index of `name`, which is appended where it is new.
  package mutating func insert(_ name: String) -> Int {
    let index = table.insert(name)
    if index == names.count { names.append(name) }
    return index
  }

  package static func == (a: Catalog, b: Catalog) -> Bool { a.names == b.names }
}
