import ArgumentParser
import Evaluation
import InteractionStore
import Interactions
import Kernels
import SequentialModels

/// Users per second of a full evaluation: every history encoded, every item ranked.
struct EvaluationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Users per second of ranking all items for every test user of a log.")

  @Argument var log: String
  @OptionGroup var options: StepOptions

  func run() throws {
    let log = try LogSource.load(log).log
    let run = StepRun(log, options)
    let model = BERT4Rec(
      network: run.network, parameters: run.parameters, vocabulary: ItemVocabulary(items: log.itemCount),
      workers: Workers(threads: options.threads))
    let cases = LeaveOneOut.split(log).test
    let workers = Workers(threads: options.threads)
    var ndcg = 0.0
    let seconds = median { ndcg = Evaluator.quick(model, cases, workers: workers).ndcg }
    print(
      line([
        "users": cases.count, "items": log.itemCount, "length": options.length, "hidden": options.hidden,
        "threads": options.threads, "seconds": seconds, "users_per_s": (Double(cases.count) / seconds).rounded(),
        "peak_rss_mb": ResidentMemory.peakMegabytes, "ndcg@10": ndcg,
      ]))
  }
}
