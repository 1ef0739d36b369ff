import Interactions
import Recommending

/// Which items a list may contain: only some, not some, and at most so many of a group.
public struct CandidateRules: Sendable {
  /// The only items to recommend; nil for all that the model knows.
  public var only: [String]?
  /// Items never to recommend.
  public var excluded: [String]
  /// The group of each item (category, brand, author); an item without one is not limited. The last group counts.
  public var groups: [(item: String, group: String)]
  /// At most this many items of one group in a list; nil for no limit.
  public var mostPerGroup: Int?
  /// Whether items that the model does not know are ignored instead of refused.
  public var allowsUnknownItems: Bool

  public init(
    only: [String]? = nil, excluded: [String] = [], groups: [(item: String, group: String)] = [],
    mostPerGroup: Int? = nil, allowsUnknownItems: Bool = false
  ) {
    self.only = only
    self.excluded = excluded
    self.groups = groups
    self.mostPerGroup = mostPerGroup
    self.allowsUnknownItems = allowsUnknownItems
  }

  /// The rules in the items of `catalog`, and what is to be said of the ids they name.
  func resolved(
    in catalog: Catalog
  ) throws(RecommendationError) -> (allowed: [Bool]?, limit: GroupLimit?, findings: [IDFinding]) {
    let lists = CandidateLists(
      only: only?.map { Identifier($0) }, excluded: excluded.isEmpty ? nil : excluded.map { Identifier($0) })
    var (allowed, findings) = try lists.allowed(in: catalog)
    guard let mostPerGroup else { return (allowed, nil, findings) }
    let (limit, more) = GroupLimit.assigning(
      groups.lazy.map { (item: Identifier($0.item), group: Identifier($0.group)) }, most: max(1, mostPerGroup),
      catalog: catalog)
    findings += more
    return (allowed, limit, findings)
  }
}
