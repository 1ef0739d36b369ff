import Evaluation
import Interactions
import Kernels
import RankingMetrics
import SequentialModels
import TestSupport
import Testing
import Training

@Suite struct RunRecordTests {
  @Test func anEvaluationsFiguresJoinTheRecord() throws {
    let log = InteractionLog(histories: (0..<20).map { [$0, ($0 + 1) % 30, 29 - $0] }, items: 30)
    let split = LeaveOneOut.split(log)
    let identity = LogIdentity(name: "made", fingerprint: "f", users: 20, items: 30, events: 60)
    let workers = Workers(threads: 1)
    let report = try Evaluator(
      rules: EvaluationRules(bootstrap: Bootstrap(resamples: 20)), split: split, log: identity, workers: workers
    ).report(
      on: Popularity(split.training), baselines: Baselines.all(split.training, workers: workers)
    )
    let evaluated = RunRecord(
      name: "run", program: "p", log: identity, configuration: .null, seed: 1,
      cost: RunCost(trainingSeconds: 1, threads: 1)
    ).evaluated(by: report)
    #expect(evaluated.baselines.map(\.name) == ["popularity", "last-item Markov", "item-kNN"])
    #expect(evaluated.results == report.model?.results && evaluated.cost?.microsecondsPerUser != nil)
    #expect(evaluated.warnings == report.model?.warnings.map(\.description) && !evaluated.warnings.isEmpty)
  }
}
