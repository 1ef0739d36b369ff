extension RankComparison {
  /// The outcome in plain words: who is better by NDCG at the main cut-off, and in which cohorts that shows.
  package var verdict: String {
    let figure = "NDCG@\(passport.rules.mainCutoff)"
    guard let line = lines.first(where: { $0.figure == figure }) else {
      return "\(figure) is not among the cut-offs, so there is no verdict."
    }
    let moved = cohorts.filter(\.isSignificant)
    let cohortsMoved =
      moved.isEmpty ? "no cohort moved" : "what moved: " + moved.map(Self.movement).joined(separator: ", ")
    if !line.isSignificant { return "By \(figure) A and B are not distinguishable; \(cohortsMoved)." }
    return "By \(figure) \(line.difference > 0 ? "A" : "B") is better; \(cohortsMoved)."
  }

  private static func movement(_ line: Line) -> String { "\(line.users) (\(line.difference > 0 ? "A" : "B") better)" }
}
