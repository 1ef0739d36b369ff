/// One line of an answer; without rank and item where somebody gets nothing, `source` then says why.
struct RecommendationRow: Equatable {
  var user: String
  var rank: Int?
  var item: String?
  var score: Float?
  var probability: Double?
  var source: String
}
