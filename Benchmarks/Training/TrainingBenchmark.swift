import ArgumentParser

/// Measures training steps and evaluation on real or made-up histories. Lines for machines go to standard output.
///
/// Figures of two programs are comparable where their runs alternate; figures of a busy machine say nothing.
@main
struct TrainingBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures training steps and evaluation.",
    subcommands: [StepCommand.self, PartsCommand.self, ScalingCommand.self, EvaluationCommand.self])
}

/// What decides a step's work, with the sizes of the usual BERT4Rec on MovieLens-1M as defaults.
struct StepOptions: ParsableArguments {
  @Option var hidden = 64
  @Option var layers = 2
  @Option var heads = 2
  @Option var length = 200
  @Option var batch = 128
  @Option var mask = 0.3
  @Option var dropout: Float = 0.1
  @Option var attentionDropout: Float = 0.1
  @Option var threads = 2
  @Option var steps = 10
  @Option var warmup = 3
  @Option(help: "full, sampledSoftmax or gBCE.") var loss = "full"
  @Option var negatives = 256
}
