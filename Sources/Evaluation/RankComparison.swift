import Interactions
import RankingMetrics

/// Two models on the same questions: by how much `a` is better than `b`, where, and whether chance explains it.
package struct RankComparison: Codable, Equatable, Sendable {
  /// One figure of both models.
  package struct Line: Codable, Equatable, Sendable {
    /// `all users`, or the cohort: `history length 5–9`.
    package let users: String
    package let count: Int
    /// `NDCG@10`
    package let figure: String
    package let a: Double
    package let b: Double
    /// The mean of a − b over users, with its 95 % bootstrap interval.
    package let difference: Double
    package let low: Double
    package let high: Double
    /// Two-sided p of the paired tests, corrected after Holm over the lines of its family.
    package let bootstrapP: Double
    package let wilcoxonP: Double
    package let tP: Double

    /// Whether Wilcoxon's corrected p is below 0.05.
    package var isSignificant: Bool { wilcoxonP < 0.05 }
  }

  package let a: String
  package let b: String
  package let passport: Passport
  /// Over all users; HR, NDCG and MRR at every cut-off are one family.
  package let lines: [Line]
  /// NDCG at the main cut-off by cohort; all cohorts are one family.
  package let cohorts: [Line]

  /// Compares the rows of two tables that ask the same questions.
  ///
  /// - Throws: `RankComparisonError` where protocols or users differ.
  package init(_ a: RankTable, _ b: RankTable) throws(RankComparisonError) {
    let differences = a.passport.differences(to: b.passport)
    guard differences.isEmpty else { throw .differentProtocols(differences) }
    guard a.users == b.users else { throw .differentUsers(a.users.count, b.users.count) }
    guard a.users.count >= 2 else { throw .tooFewUsers(a.users.count) }
    self.a = a.name
    self.b = b.name
    passport = a.passport
    let rules = a.passport.rules
    let all = Array(a.users.indices)
    lines = Self.corrected(
      [RankMetric.hitRate, .ndcg, .reciprocalRank].flatMap { metric in
        rules.cutoffs.map { Self.line("all users", all, metric, $0, a, b) }
      })
    cohorts = Self.corrected(
      CohortDimension.allCases.flatMap { dimension in
        dimension.rows(of: a).filter { $0.rows.count >= 2 }.map {
          Self.line("\(dimension.rawValue) \($0.part)", $0.rows, .ndcg, rules.mainCutoff, a, b)
        }
      })
  }

  private static func line(
    _ users: String, _ rows: [Int], _ metric: RankMetric, _ k: Int, _ a: RankTable, _ b: RankTable
  ) -> Line {
    let ours = rows.map { metric.value(ofRanks: a.ranks[$0], at: k) }
    let theirs = rows.map { metric.value(ofRanks: b.ranks[$0], at: k) }
    var random = SplitMix64(seed: a.passport.rules.seed)
    guard let paired = PairedBootstrap(ours, theirs, by: a.passport.rules.bootstrap, using: &random) else {
      preconditionFailure("a comparison of no users")
    }
    let count = Double(rows.count)
    return Line(
      users: users, count: rows.count, figure: "\(metric.rawValue)@\(k)", a: ours.reduce(0, +) / count,
      b: theirs.reduce(0, +) / count, difference: paired.difference, low: paired.interval.low,
      high: paired.interval.high, bootstrapP: paired.p, wilcoxonP: WilcoxonSignedRank(ours, theirs).p,
      tP: PairedTTest(ours, theirs).p)
  }

  /// The same lines with each test's p corrected over all of them.
  private static func corrected(_ lines: [Line]) -> [Line] {
    let bootstrap = HolmCorrection.adjusted(lines.map(\.bootstrapP))
    let wilcoxon = HolmCorrection.adjusted(lines.map(\.wilcoxonP))
    let t = HolmCorrection.adjusted(lines.map(\.tP))
    return lines.indices.map { index in
      let line = lines[index]
      return Line(
        users: line.users, count: line.count, figure: line.figure, a: line.a, b: line.b, difference: line.difference,
        low: line.low, high: line.high, bootstrapP: bootstrap[index], wilcoxonP: wilcoxon[index], tP: t[index])
    }
  }
}

/// Two rank tables that do not ask the same questions.
package enum RankComparisonError: Error, CustomStringConvertible, Equatable {
  case differentProtocols([String])
  case differentUsers(Int, Int)
  case tooFewUsers(Int)

  package var description: String {
    switch self {
    case .differentProtocols(let differences):
      "the two results cannot be compared, since they differ in " + differences.joined(separator: "; ")
        + "; evaluate both models on one log with the same split and the same seen rule"
    case .differentUsers(let a, let b):
      "the two results judge different users (\(a) and \(b)); evaluate both models on one log with the same split"
    case .tooFewUsers(let count):
      "\(count) users are too few to compare; at least two are needed"
    }
  }
}
