/// External ids in the order of their first appearance: external text ↔ dense index from 0.
///
/// Ids are any text and are never renumbered in what a person sees; the index is only for arrays.
package struct Catalog: Sendable, Equatable {
  package private(set) var names: [String]
  private var indices: [String: Int32]

  package init() {
    names = []
    indices = [:]
  }

  /// A catalog of `names`, which must be distinct.
  package init(_ names: some Sequence<String>) {
    self.init()
    for name in names {
      let known = indices[name] != nil
      precondition(!known, "the id \"\(name)\" stands twice in a catalog")
      _ = insert(name)
    }
  }

  package var count: Int { names.count }

  /// The index of `name`, or nil where it is not in the catalog.
  package func index(of name: String) -> Int? { indices[name].map(Int.init) }

  /// The external id at `index`.
  package subscript(index: Int) -> String { names[index] }

  /// The index of `name`, which is appended where it is new.
  package mutating func insert(_ name: String) -> Int {
    if let known = indices[name] { return Int(known) }
    let index = names.count
    indices[name] = Int32(index)
    names.append(name)
    return index
  }

  package static func == (a: Catalog, b: Catalog) -> Bool { a.names == b.names }
}
