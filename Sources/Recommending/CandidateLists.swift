import Interactions

/// The items a list is chosen from, by name: only some, or all but some.
package struct CandidateLists: Sendable, Equatable {
  /// The only items to recommend; nil for all that the model knows.
  package var only: [Identifier]?
  /// Items never to recommend.
  package var excluded: [Identifier]?

  package init(only: [Identifier]? = nil, excluded: [Identifier]? = nil) {
    self.only = only
    self.excluded = excluded
  }

  /// Whether each item of `catalog` may be recommended, nil for all; and the names that no item has.
  ///
  /// - Throws: `RecommendationError.noCandidates` where no item is left.
  package func allowed(
    in catalog: Catalog
  ) throws(RecommendationError) -> (allowed: [Bool]?, findings: [IDFinding]) {
    var allowed: [Bool]?
    var findings: [IDFinding] = []
    for (names, keeps, kind) in [(only, true, IDFinding.Kind.candidate), (excluded, false, .excludedItem)] {
      guard let names else { continue }
      var mapper = ItemMapper(catalog)
      var mask = allowed ?? [Bool](repeating: true, count: catalog.count)
      if keeps { mask = [Bool](repeating: false, count: catalog.count) }
      for item in mapper.map(names) { mask[item.index] = keeps }
      findings.add(kind, mapper.unknown.names, known: catalog)
      allowed = mask
    }
    if let allowed, !allowed.contains(true) { throw .noCandidates }
    return (allowed, findings)
  }
}
