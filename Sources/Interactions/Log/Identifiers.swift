/// The dense index of an item in its log's `Catalog`, from 0; what a person sees is the catalog's text.
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
