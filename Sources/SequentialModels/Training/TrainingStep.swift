import Collectives
import Kernels
import NeuralNetwork

/// One optimizer step over a list of samples, cut into micro-batches that a fixed number of gradient shards sum up.
///
/// The cut and the shards depend on the samples and the sizes alone, and shards are summed in a fixed order: the same seed
/// gives the same bytes on any number of threads and processes. Each process computes the shards it holds; every one has the
/// updated parameters and the same result.
package struct TrainingStep: Sendable {
  package let model: BERT4Rec
  package let builder: SampleBuilder
  package let microBatchRows: Int
  private var optimizer: AdamWOptimizer
  /// How many gradient shards all processes have, and those of this one.
  private let shardCount: Int
  private let shards: [GradientShard]
  private let processes: any Processes
  private let workspaces: WorkspacePool
  private var active: ActiveRows
  /// Where all items are scored and each process keeps a block of them.
  private let spread: SpreadPass?

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
  ///   - processes: which step together, at most as many as there are shards.
  package init(
    _ model: BERT4Rec, _ builder: SampleBuilder, optimizer: AdamWConfiguration,
    factors: LearningRateFactors = LearningRateFactors(), microBatchRows: Int, shards: Int? = nil,
    processes: any Processes = OneProcess()
  ) {
    self.model = model
    self.builder = builder
    self.microBatchRows = microBatchRows
    let layout = model.network.layout
    let count = shards ?? Self.shards(parameters: layout.count)
    let isSampled = builder.loss.kind != .full
    self.optimizer = AdamWOptimizer(
      layout, optimizer, factors: factors, shards: count, processes: processes, items: model.itemShards)
    self.processes = processes
    shardCount = count
    self.shards = self.optimizer.heldShards.map { _ in
      GradientShard(model.network, isSparse: model.itemShards != nil)
    }
    workspaces = WorkspacePool(
      model.configuration, rows: microBatchRows, negatives: isSampled ? builder.loss.negatives : 0)
    active = ActiveRows(isSampled ? model.configuration.vocabularySize : 0)
    spread = model.itemShards.flatMap { [shards = self.shards] items in
      isSampled || processes.count == 1
        ? nil : SpreadPass(model, items, shards, order: SumOrder(shards: count), microBatchRows: microBatchRows)
    }
  }

  /// What the optimizer has gathered in the steps so far.
  package var moments: AdamWMoments {
    get { optimizer.moments }
    set { optimizer.moments = newValue }
  }

  /// Fills `moments` in process 0 with what the others hold; all processes call it.
  package func collectMoments() { optimizer.collectMoments() }

  /// How many gradient shards suit a network: four, or two where one takes more than 64 MB.
  package static func shards(parameters: Int) -> Int { parameters > 16_000_000 ? 2 : 4 }

  /// Reads `samples`, updates the parameters once.
  ///
  /// Where the gradient is not finite the parameters stay as they were and `gradientNorm` says so.
  package mutating func run(
    _ samples: ArraySlice<TrainingSample>, epoch: Int, step: UInt64, learningRate: Double, labelSmoothing: Float = 0
  ) -> Result {
    let all = ShardPlan(samples, builder: builder, rows: microBatchRows, shards: shardCount).shards
    let plan = Array(all[optimizer.heldShards])
    fill(plan, samples, epoch: epoch, step: step)
    let weights = weights()
    for shard in shards {
      shard.with { state in
        for slot in state.numbers.indices {
          state.batches[slot].weigh { weights[$0] }
          active.add(state.batches[slot])
        }
      }
    }
    let (network, rows) = (model.network, active.take(with: processes))
    if let rows { model.itemShards?.fetch(rows, into: model.parameters) }
    let draw = network.features?.draw(rows, random: CounterRandom(seed: builder.seed, .itemDropout, step: step))
    if let draw { network.features?.forward(draw, parameters: model.parameters, workers: model.workers) }
    let scale = LossScale(nextSegment: weights[.nextSegment], labelSmoothing: labelSmoothing)
    let mode = Mode.training(seed: builder.seed, step: step)
    if let spread { spread.run(mode, scale) } else { forwardBackward(plan, scale, mode) }
    if let draw { divideUp(draw) }
    let (sums, tokens) = totals()
    let table = [network.encoder.embeddings.token, network.head.itemBias]
    let norm = optimizer.update(
      model.parameters, shards: shards.map(\.gradients), rows: spread?.gradients, scale: 1, learningRate: learningRate,
      sparse: rows.map { SparseRows(tensors: table, rows: $0) }, workers: model.workers)
    discardRows(ofGradients: rows != nil)
    return Result(
      sums: sums, loss: sums.items + sums.nextSegment * Double(scale.nextSegment), gradientNorm: norm, tokens: tokens)
  }

  /// Gives the memory back of the rows of a step, where the item table is spread over processes.
  ///
  /// - Parameter ofGradients: whether those of gradients, too; those of all rows take the same memory in the next step.
  private func discardRows(ofGradients: Bool) {
    guard let items = model.itemShards else { return }
    items.discardOthers(in: model.parameters)
    if ofGradients { for shard in shards { shard.gradients[items.table].discard() } }
  }

  /// Writes the step's micro-batches.
  private func fill(_ plan: [[ShardPlan.Cut]], _ samples: ArraySlice<TrainingSample>, epoch: Int, step: UInt64) {
    let (shards, builder) = (shards, builder)
    model.workers.run(shards.count) { shard in
      shards[shard].with { $0.fill(plan[shard], samples: samples, builder: builder, epoch: epoch, step: step) }
    }
  }

  /// Adds up the gradient of every micro-batch in its shard.
  private func forwardBackward(
    _ plan: [[ShardPlan.Cut]], _ scale: LossScale, _ mode: Mode
  ) {
    let (shards, network, parameters, rows) = (shards, model.network, model.parameters, microBatchRows)
    let workspaces = workspaces
    model.workers.run(shards: plan.map(\.count)) { index, slot, pool in
      let shard = shards[index]
      shard.with { state in
        state.sums += workspaces.with(rows: rows) { workspace in
          network.forwardBackward(
            state.batches[slot], parameters: parameters, gradients: shard.gradients, mode: mode,
            rowBase: state.numbers[slot] * rows, scale: scale, workspace: workspace, pool: pool)
        }
      }
    }
  }

  /// The losses and the tokens of all shards, added in the order of the shards.
  private func totals() -> (LossSums, tokens: Int) {
    let own = shards.map { $0.with { ($0.sums, $0.tokens) } }
    if processes.count == 1 {
      return own.reduce(into: (LossSums(), 0)) {
        $0.0 += $1.0; $0.1 += $1.1
      }
    }
    let numbers = processes.gather(own.flatMap { $0.0.numbers + [$0.1] }).flatMap(\.self)
    let width = LossSums().numbers.count + 1
    return stride(from: 0, to: numbers.count, by: width).reduce(into: (LossSums(), 0)) { total, start in
      total.0 += LossSums(numbers: numbers[start..<start + width - 1])
      total.1 += numbers[start + width - 1]
    }
  }

  /// Gives what the item table has got of gradients to the parts that it was made of.
  private func divideUp(_ draw: FeatureTable.Draw) {
    let (shards, features) = (shards, model.network.features)
    model.workers.run(shards.count) { features?.backward(draw, gradients: shards[$0].gradients) }
  }

  /// What turns sums into means: each item target's weight over the weights of all item targets of this step, and the weight
  /// of a next-segment label over their number.
  ///
  /// So the masked tail of a history counts as much as any other masked item; with a mean per objective it would count as
  /// much as all of them together, and a few thousand tails are memorized.
  private func weights() -> PerObjective<Float> {
    var counts = TargetCounts()
    for shard in shards { counts += shard.with(\.counts) }
    counts.sum(with: processes)
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
