import Interactions

extension ReadingProgress {
  /// `checked 120000 rows (34%)`
  func text(verb: String) -> String {
    "\(verb) \(rows) rows" + (share.map { " (\(Int($0 * 100))%)" } ?? "")
  }
}
