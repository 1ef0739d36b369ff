import ArgumentParser
import Evaluation
import RankingMetrics

/// How models are evaluated, the same for every command that prints figures.
struct RuleOptions: ParsableArguments {
  @Option(help: "Whether items of the history are among the candidates.")
  var seen = SeenRule.remove
  @Option(parsing: .unconditional, help: "The cutoffs k, separated by commas.")
  var top = "1,5,10,20"
  @Option(help: "Also print sampled metrics, with 100 negatives drawn this way; may be given twice.")
  var negatives: [NegativeSampling.Weighting] = []
  @Option(parsing: .unconditional, help: "The number of bootstrap resamples for the intervals.")
  var resamples = 1_000
  @Option(help: "The seed of the resamples and of the sampled negatives.")
  var evaluationSeed: UInt64 = 1

  func validate() throws {
    if cutoffs == nil {
      throw ValidationError("--top \(top): expected numbers from 1 to \(Int32.max), separated by commas")
    }
    try require(resamples, in: 1...1_000_000, "--resamples")
  }

  private var cutoffs: [Int]? {
    let numbers = top.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    return numbers.contains { $0 < 1 || $0 > Int32.max } ? nil : numbers
  }

  var rules: EvaluationRules {
    let cutoffs = Set(cutoffs ?? []).sorted()
    return EvaluationRules(
      seen: seen, cutoffs: cutoffs, mainCutoff: cutoffs.contains(10) ? 10 : cutoffs.last ?? 10,
      negatives: negatives.map { NegativeSampling(weighting: $0, seed: evaluationSeed) },
      bootstrap: Bootstrap(resamples: resamples), seed: evaluationSeed)
  }
}

extension SeenRule: ExpressibleByArgument {}
extension NegativeSampling.Weighting: ExpressibleByArgument {}
