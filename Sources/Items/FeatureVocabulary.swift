import DurableFiles
import Interactions

/// The values of a model's item features, numbered: what turns rows of an item table, known or new, into the same numbers.
package struct FeatureVocabulary: Codable, Sendable, Equatable {
  /// One feature of items.
  package struct Feature: Codable, Sendable, Equatable {
    package let name: String
    package let kind: ItemColumn.Kind
    /// The values of a category, in the order of their first appearance; empty for numbers.
    package let values: [Identifier]
    /// Between which numbers the buckets lie, ascending; bucket `b` ends with the number `edges[b]`.
    package let edges: [Double]

    /// How many different values there are.
    package var count: Int { kind == .category ? values.count : edges.count + 1 }
  }

  package let features: [Feature]

  /// Of items that nothing but vectors is known of.
  package static let none = FeatureVocabulary(features: [])

  private init(features: [Feature]) { self.features = features }

  /// Buckets of a number at most.
  package static let buckets = 16
  /// How many items must share a value: what only one item has says nothing that its id does not.
  package static let fewestItems = 2

  /// The features called `names` (all of `table` for `all`), with the values that items of `catalog` have.
  ///
  /// Numbers are cut at the quantiles over these items.
  /// - Parameter isKnown: which items of `catalog` count, such as those that have events to learn from.
  /// - Throws: `ItemError` where a name is no column of categories or numbers, or no item has a row.
  package init(
    _ names: [String], of table: ItemTable, for catalog: Catalog, isKnown: (Int) -> Bool = { _ in true }
  ) throws(ItemError) {
    let known = table.columns.filter { $0.kind != .text }.map(\.name)
    let rows = catalog.names.indices.compactMap { isKnown($0) ? table.ids.index(of: catalog[$0]) : nil }
    if rows.isEmpty { throw .noCommonItems(file: table.source, example: catalog.names.first?.text ?? "") }
    var features: [Feature] = []
    for name in names == ["all"] ? known : names {
      guard let index = table.columns.firstIndex(where: { $0.name == name && $0.kind != .text }) else {
        throw .notAFeature(
          file: table.source, named: name,
          kind: table.columns.first { $0.name == name }?.kind ?? (name == table.summary.title ? .text : nil),
          known: known)
      }
      let column = table.columns[index]
      switch table.values[index] {
      case .categories(let values): features.append(Self.category(column, rows.map { values[$0] }))
      case .numbers(let values): features.append(Self.number(column, rows.compactMap { values[$0] }))
      case .texts: break
      }
    }
    self.features = features
  }

  private static func category(_ column: ItemColumn, _ rows: [[Identifier]]) -> Feature {
    var counts: [Identifier: Int] = [:]
    for value in rows.joined() { counts[value, default: 0] += 1 }
    var (values, taken) = ([Identifier](), Set<Identifier>())
    for value in rows.joined() where counts[value]! >= fewestItems && taken.insert(value).inserted {
      values.append(value)
    }
    return Feature(name: column.name, kind: .category, values: values, edges: [])
  }

  private static func number(_ column: ItemColumn, _ values: [Double]) -> Feature {
    let sorted = values.sorted()
    var edges: [Double] = []
    for bucket in 1..<buckets where !sorted.isEmpty {
      let edge = sorted[(sorted.count * bucket + buckets - 1) / buckets - 1]
      if edge > edges.last ?? -.infinity, edge < sorted[sorted.count - 1] { edges.append(edge) }
    }
    return Feature(name: column.name, kind: .number, values: [], edges: edges)
  }

  /// How many values all features have.
  package var valueCount: Int { features.reduce(0) { $0 + $1.count } }

  /// A value and how much it counts.
  package typealias Entry = (value: Int32, weight: Float)

  /// Turns items of `table` into entries.
  ///
  /// Each feature that an item has counts the same, and within it each of its values: the entries are a mean of means. Values
  /// that no item of the model shared count for nothing.
  /// - Throws: `ItemError.unknownColumn`, `.notAFeature` where `table` lacks a feature, or has it in another kind.
  package func encoder(of table: ItemTable) throws(ItemError) -> (Identifier) -> [Entry] {
    var parts: [(feature: Feature, offset: Int32, numbers: [Identifier: Int32], values: ItemValues)] = []
    var offset: Int32 = 0
    for feature in features {
      guard let index = table.columns.firstIndex(where: { $0.name == feature.name }) else {
        throw .unknownColumn(
          file: table.source, named: feature.name, known: table.columns.map(\.name), suggestion: nil)
      }
      if table.columns[index].kind != feature.kind {
        throw .otherKind(
          file: table.source, column: feature.name, found: table.columns[index].kind, expected: feature.kind)
      }
      let numbers = feature.values.enumerated().map { ($1, Int32($0)) }
      parts.append((feature, offset, Dictionary(uniqueKeysWithValues: numbers), table.values[index]))
      offset += Int32(feature.count)
    }
    return { item in
      guard let row = table.ids.index(of: item) else { return [] }
      let found = parts.map { part -> [Int32] in
        switch part.values {
        case .categories(let values): values[row].compactMap { part.numbers[$0] }.map { part.offset + $0 }
        case .numbers(let values): values[row].map { [part.offset + part.feature.bucket(of: $0)] } ?? []
        case .texts: []
        }
      }.filter { !$0.isEmpty }
      return found.flatMap { values in values.map { ($0, 1 / Float(found.count * values.count)) } }
    }
  }
}

extension FeatureVocabulary.Feature {
  /// The bucket of a number.
  func bucket(of number: Double) -> Int32 { Int32(edges.partitioningIndex { $0 >= number }) }
}
