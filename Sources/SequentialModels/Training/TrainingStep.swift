import Kernels
import NeuralNetwork

/// One optimizer step over a list of samples, cut into micro-batches that a fixed number of gradient shards sum up.
///
/// The cut and the shards depend on the samples and the sizes alone, and shards are summed in a fixed order: the same seed
/// gives the same bytes on any number of threads.
package struct TrainingStep: Sendable {
  package let model: BERT4Rec
  package let builder: SampleBuilder
  package let microBatchRows: Int
  private var optimizer: AdamWOptimizer
  private let shards: [GradientShard]
  private let workspaces: WorkspacePool
  private var active: ActiveRows

  /// What one step did.
  package struct Result: Sendable {
    package var sums: LossSums
    /// The weighted mean losses of all objectives, added up.
    package var loss: Double
    package var gradientNorm: Double
    /// History positions that were read; queries and specials do not count.
    package var tokens: Int
  }

  /// - Parameters:
  ///   - model: whose parameters are updated.
  ///   - builder: of the samples; its loss decides whether a step updates all rows of the item table, its seed what is
  ///     dropped.
  ///   - factors: on the learning rate of single tensors and rows.
  ///   - shards: into how many sums the gradient is split; nil for what suits the number of parameters.
  package init(
    _ model: BERT4Rec, _ builder: SampleBuilder, optimizer: AdamWConfiguration,
    factors: LearningRateFactors = LearningRateFactors(), microBatchRows: Int, shards: Int? = nil
  ) {
    self.model = model
    self.builder = builder
    self.microBatchRows = microBatchRows
    let layout = model.network.layout
    let count = shards ?? Self.shards(for: layout)
    self.optimizer = AdamWOptimizer(layout, optimizer, factors: factors, shards: count)
    self.shards = (0..<count).map { _ in GradientShard(model.network) }
    let isSampled = builder.loss.kind != .full
    workspaces = WorkspacePool(
      model.configuration, rows: microBatchRows, negatives: isSampled ? builder.loss.negatives : 0)
    active = ActiveRows(isSampled ? model.configuration.vocabularySize : 0)
  }

  /// What the optimizer has gathered in the steps so far.
  package var moments: AdamWMoments {
    get { optimizer.moments }
    set { optimizer.moments = newValue }
  }

  /// How many gradient shards suit a network: four, or two where one takes more than 64 MB.
  package static func shards(for layout: ParameterLayout) -> Int { layout.count > 16_000_000 ? 2 : 4 }

  /// Reads `samples`, updates the parameters once.
  ///
  /// Where the gradient is not finite the parameters stay as they were and `gradientNorm` says so.
  package mutating func run(
    _ samples: ArraySlice<TrainingSample>, epoch: Int, step: UInt64, learningRate: Double, labelSmoothing: Float = 0
  ) -> Result {
    let plan = ShardPlan(samples, builder: builder, rows: microBatchRows, shards: shards.count)
    fill(plan, samples, epoch: epoch, step: step)
    let weights = weights()
    let scale = LossScale(nextSegment: weights[.nextSegment], labelSmoothing: labelSmoothing)
    forwardBackward(plan, weights, scale, mode: .training(seed: builder.seed, step: step))
    var sums = LossSums()
    var tokens = 0
    for shard in shards {
      shard.with {
        sums += $0.sums
        tokens += $0.tokens
        for slot in $0.numbers.indices { active.add($0.batches[slot]) }
      }
    }
    let network = model.network
    let table = [network.encoder.embeddings.token, network.head.itemBias]
    let norm = optimizer.update(
      model.parameters, shards: shards.map(\.gradients), scale: 1, learningRate: learningRate,
      sparse: active.take().map { SparseRows(tensors: table, rows: $0) }, workers: model.workers)
    return Result(
      sums: sums, loss: sums.items + sums.nextSegment * Double(scale.nextSegment), gradientNorm: norm, tokens: tokens)
  }

  /// Writes the step's micro-batches.
  private func fill(_ plan: ShardPlan, _ samples: ArraySlice<TrainingSample>, epoch: Int, step: UInt64) {
    let (shards, builder) = (shards, builder)
    model.workers.run(shards.count) { shard in
      shards[shard].with { $0.fill(plan.shards[shard], samples: samples, builder: builder, epoch: epoch, step: step) }
    }
  }

  /// Adds up the gradient of every micro-batch in its shard.
  private func forwardBackward(_ plan: ShardPlan, _ weights: PerObjective<Float>, _ scale: LossScale, mode: Mode) {
    let (shards, network, parameters, rows) = (shards, model.network, model.parameters, microBatchRows)
    let workspaces = workspaces
    model.workers.run(shards: plan.shards.map(\.count)) { index, slot, pool in
      let shard = shards[index]
      shard.with { state in
        state.batches[slot].weigh { weights[$0] }
        state.sums += workspaces.with(rows: rows) { workspace in
          network.forwardBackward(
            state.batches[slot], parameters: parameters, gradients: shard.gradients, mode: mode,
            rowBase: state.numbers[slot] * rows, scale: scale, workspace: workspace, pool: pool)
        }
      }
    }
  }

  /// What turns sums into means: each item target's weight over the weights of all item targets of this step, and the weight
  /// of a next-segment label over their number.
  ///
  /// So the masked tail of a history counts as much as any other masked item; with a mean per objective it would count as
  /// much as all of them together, and a few thousand tails are memorized.
  private func weights() -> PerObjective<Float> {
    var counts = TargetCounts()
    for shard in shards { counts += shard.with(\.counts) }
    let items = ObjectiveKind.allCases.filter { $0 != .nextSegment }
    let total = items.reduce(0) { $0 + builder.weight(of: $1) * Double(counts.targets[$1]) }
    return PerObjective { kind in
      let weight = builder.weight(of: kind)
      if kind == .nextSegment {
        let count = counts.targets[kind]
        return count == 0 ? 0 : Float(weight) / Float(count)
      }
      return total == 0 ? 0 : Float(weight / total)
    }
  }
}
