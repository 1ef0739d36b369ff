import ArgumentParser
import InteractionStore
import Interactions
import Kernels

/// The throughput of whole steps on a log, for a ratio beside another program's.
struct StepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step", abstract: "History positions per second of whole training steps on a log.")

  @Argument var log: String
  @OptionGroup var options: StepOptions

  func run() throws {
    var run = StepRun(try LogSource.load(log).log, options)
    let (seconds, tokens, work, loss) = run.median()
    let peak = Processor.measuredGFLOPs()
    print(
      line([
        "hidden": options.hidden, "layers": options.layers, "heads": options.heads, "length": options.length,
        "batch": options.batch, "threads": options.threads, "attention_dropout": Double(options.attentionDropout),
        "loss_kind": options.loss, "vocabulary": run.network.configuration.vocabularySize,
        "seconds_per_step": seconds, "real_tokens": tokens.rounded(), "real_tokens_per_s": (tokens / seconds).rounded(),
        "gflops": work / seconds / 1e9, "share_of_peak": work / seconds / 1e9 / (peak * Double(options.threads)),
        "peak_gflops_per_core": peak, "peak_rss_mb": ResidentMemory.peakMegabytes, "loss": loss,
      ]))
  }
}
