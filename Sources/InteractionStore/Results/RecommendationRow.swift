/// One line of an answer, as files, tables and servers give it; without rank and item where a user gets nothing, and
/// `source` then says why.
package struct RecommendationRow: Sendable, Equatable {
  /// As the request names it.
  package var user: String
  /// From 1.
  package var rank: Int?
  package var item: String?
  package var score: Float?
  /// Among all of the user's candidates, where the request wants it.
  package var probability: Double?
  /// model, popular, prior, or why there is nothing.
  package var source: String
  /// What the item is called, where the request wants it and it is known.
  package var title: String?
  /// Whether the model has had no event of the item; nil where the request does not want it.
  package var isCold: Bool?

  package init(
    user: String, rank: Int? = nil, item: String? = nil, score: Float? = nil, probability: Double? = nil,
    source: String, title: String? = nil, isCold: Bool? = nil
  ) {
    self.user = user
    self.rank = rank
    self.item = item
    self.score = score
    self.probability = probability
    self.source = source
    self.title = title
    self.isCold = isCold
  }
}
