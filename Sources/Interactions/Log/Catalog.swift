/// External ids in the order of their first appearance: `Identifier` ↔ dense index from 0.
///
/// Ids are never renumbered in what a user of the program sees; the index is only for arrays.
package struct Catalog: Sendable, Equatable {
  package private(set) var names: [Identifier]
  private var table: IdentifierTable

  package init() { self.init(IdentifierTable()) }

  /// A catalog of `names`, which must be distinct.
  package init(_ names: some Sequence<Identifier>) {
    self.init()
    for name in names {
      let known = count
      precondition(insert(name) == known, "the id \"\(name)\" stands twice in a catalog")
    }
  }

  /// A catalog of the ids with these texts, which must be distinct.
  package init(_ names: some Sequence<String>) { self.init(names.lazy.map { Identifier($0) }) }

  /// The catalog of a finished table.
  package init(_ table: IdentifierTable) {
    self.table = table
    names = (0..<table.count).map { table[$0] }
  }

  package var count: Int { names.count }

  /// The index of `name`, or nil where it is not in the catalog.
  package func index(of name: Identifier) -> Int? { table.index(of: name) }

  /// The index of the id with these bytes, or nil where it is not in the catalog.
  package func index(of text: String) -> Int? { table.index(of: Identifier(text)) }

  /// The external id at `index`.
  package subscript(index: Int) -> Identifier { names[index] }

  /// The index of `name`, which is appended where it is new.
  package mutating func insert(_ name: Identifier) -> Int {
    let index = table.insert(name)
    if index == names.count { names.append(name) }
    return index
  }

  /// The index of the id with these bytes, which is appended where it is new.
  package mutating func insert(_ text: String) -> Int { insert(Identifier(text)) }

  package static func == (a: Catalog, b: Catalog) -> Bool { a.names == b.names }
}

/// The dense index of an item in its log's `Catalog`, from 0; what a user of the program sees is the catalog's text.
package struct ItemID: RawRepresentable, Hashable, Comparable, Sendable {
  package var rawValue: Int32
  @inlinable package init(rawValue: Int32) { self.rawValue = rawValue }
  @inlinable package init(_ index: Int) { rawValue = Int32(index) }
  /// The index as an `Int`, for subscripts.
  @inlinable package var index: Int { Int(rawValue) }
  @inlinable package static func < (a: ItemID, b: ItemID) -> Bool { a.rawValue < b.rawValue }
}

/// The dense index of a user in its log's `Catalog`, from 0.
package struct UserID: RawRepresentable, Hashable, Comparable, Sendable {
  package var rawValue: Int32
  @inlinable package init(rawValue: Int32) { self.rawValue = rawValue }
  @inlinable package init(_ index: Int) { rawValue = Int32(index) }
  /// The index as an `Int`, for subscripts.
  @inlinable package var index: Int { Int(rawValue) }
  @inlinable package static func < (a: UserID, b: UserID) -> Bool { a.rawValue < b.rawValue }
}
