import Evaluation
import Interactions
import Kernels
import SequentialModels

/// What is measured on held-out data after an epoch, and which figure decides whether the weights are kept.
package protocol ValidationJudge: Sendable {
  /// The figures of `model`; empty where nothing is held out.
  func measure(_ model: BERT4Rec) -> [MeasuredValue]
  /// What is to grow; nil where nothing was measured.
  func quality(of values: [MeasuredValue]) -> Double?
}

/// Ranks all items for held-out next items, seen ones removed; NDCG@10 decides.
package struct NextItemJudge: ValidationJudge {
  package let cases: [EvaluationCase]
  package let workers: Workers

  package init(_ cases: [EvaluationCase], workers: Workers) {
    self.cases = cases
    self.workers = workers
  }

  package func measure(_ model: BERT4Rec) -> [MeasuredValue] {
    if cases.isEmpty { return [] }
    let (hr, ndcg) = Evaluator.quick(model, cases, workers: workers)
    return [MeasuredValue("NDCG@10", ndcg), MeasuredValue("HR@10", hr)]
  }

  package func quality(of values: [MeasuredValue]) -> Double? { values.named("NDCG@10")?.value }
}
