import DurableFiles
import Interactions
import RankingMetrics

/// Two models on the same cases: by how much `a` is better than `b`, where, and whether chance explains it.
package struct RankComparison: Codable, Equatable, Sendable {
  /// One figure of both models.
  package struct Line: Codable, Equatable, Sendable {
    /// `all users`, or the cohort: `history length 5–9`.
    package let users: String
    package let count: Int
    package let figure: MetricKey
    package let a: Double
    package let b: Double
    /// Of a − b.
    package let difference: PairedDifference
    /// What Wilcoxon's signed-rank test says, corrected over the same family, for those whose field asks for it.
    package let wilcoxonP: Double
  }

  package let a: String
  package let b: String
  package let `protocol`: EvaluationProtocol
  /// Over all users; HR, NDCG and MRR at every cut-off are one family.
  package let lines: [Line]
  /// NDCG at the main cut-off by cohort; all cohorts are one family.
  package let cohorts: [Line]

  /// Compares the rows of two tables of the same cases.
  ///
  /// - Throws: `RankComparisonError` where protocols or users differ.
  package init(_ a: RankTable, _ b: RankTable) throws(RankComparisonError) {
    let differences = a.protocol.differences(to: b.protocol)
    guard differences.isEmpty else { throw .differentProtocols(differences) }
    guard a.users == b.users else { throw .differentUsers(a.users.count, b.users.count) }
    guard a.users.count >= Split.fewestUsers else { throw .tooFewUsers(a.users.count) }
    self.a = a.name
    self.b = b.name
    `protocol` = a.protocol
    let rules = a.protocol.rules
    let all = Array(a.users.indices)
    lines = Self.family(
      [RankMetric.hitRate, .ndcg, .reciprocalRank].flatMap { metric in
        rules.cutoffs.map { Row(users: "all users", rows: all, figure: metric, cutoff: $0) }
      }, a, b)
    cohorts = Self.family(
      CohortDimension.allCases.flatMap { dimension in
        dimension.rows(of: a).filter { $0.rows.count >= Split.fewestUsers }.map {
          Row(users: "\(dimension.rawValue) \($0.part)", rows: $0.rows, figure: .ndcg, cutoff: rules.mainCutoff)
        }
      }, a, b)
  }

  private struct Row {
    let users: String
    let rows: [Int]
    let figure: RankMetric
    let cutoff: Int

    func values(of table: RankTable) -> [Double] { rows.map { figure.value(ofRanks: table.ranks[$0], at: cutoff) } }
  }

  private static func family(_ rows: [Row], _ a: RankTable, _ b: RankTable) -> [Line] {
    let rules = a.protocol.rules
    let pairs = rows.map { (a: $0.values(of: a), b: $0.values(of: b)) }
    let differences = PairedDifference.family(pairs, bootstrap: rules.bootstrap, seed: rules.seed)
    let wilcoxon = HolmCorrection.adjusted(pairs.map { WilcoxonSignedRank($0.a, $0.b).p })
    return rows.indices.map { index in
      let (row, pair) = (rows[index], pairs[index])
      let count = Double(row.rows.count)
      return Line(
        users: row.users, count: row.rows.count, figure: MetricKey(row.figure, row.cutoff),
        a: pair.a.reduce(0, +) / count, b: pair.b.reduce(0, +) / count, difference: differences[index],
        wilcoxonP: wilcoxon[index])
    }
  }

  /// The outcome in plain words: which is better by NDCG at the main cut-off, and in which cohorts they differ.
  package var verdict: String {
    let figure = `protocol`.rules.mainMetric
    guard let line = lines.first(where: { $0.figure == figure }) else {
      return "\(figure) is not among the cut-offs, so there is no verdict."
    }
    let differing = cohorts.filter(\.difference.isSignificant).map { "\($0.users) (\(Self.better($0)) better)" }
    let cohortText =
      differing.isEmpty ? "no cohort differs" : "cohorts that differ: " + differing.joined(separator: ", ")
    return line.difference.isSignificant
      ? "By \(figure) \(Self.better(line)) is better; \(cohortText)."
      : "By \(figure) A and B are not distinguishable; \(cohortText)."
  }

  private static func better(_ line: Line) -> String { line.difference.value > 0 ? "A" : "B" }
}

/// Two rank tables that are not of the same cases.
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
      "the two results are of different users (\(a) and \(b)); evaluate both models on one log with the same split"
    case .tooFewUsers(let count):
      "\(Counted(count, "user")) \(Counted.verb(count, "is", "are")) too few to compare; at least \(Split.fewestUsers) are needed"
    }
  }
}
