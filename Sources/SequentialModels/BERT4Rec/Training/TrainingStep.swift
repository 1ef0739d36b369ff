import Kernels
import NeuralNetwork

/// One optimiser step over a list of samples, cut into micro-batches that fixed lanes work through.
///
/// The cut and the lanes depend on the samples and the sizes alone, and lanes are summed in a fixed order: the same
/// seed gives the same bytes on any number of threads.
package struct TrainingStep: Sendable {
  package let network: BERTNetwork
  package let parameters: ParameterVector
  package let microBatchRows: Int
  package let workers: Workers
  package let seed: UInt64
  private var optimizer: AdamWOptimizer
  private let lanes: [TrainingLane]
  private let workspaces: WorkspacePool
  private var touched: TouchedRows

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
  ///   - factors: on the learning rate of single tensors and rows.
  ///   - loss: whose drawn items, if any, decide which rows of the item table a step updates.
  ///   - lanes: into how many sums the gradient is split; fewer for very large item tables.
  package init(
    network: BERTNetwork, parameters: ParameterVector, optimizer: AdamWConfiguration,
    factors: LearningRateFactors = LearningRateFactors(), loss: ItemLoss = ItemLoss(), microBatchRows: Int, lanes: Int,
    workers: Workers, seed: UInt64
  ) {
    self.network = network
    self.parameters = parameters
    self.microBatchRows = microBatchRows
    self.workers = workers
    self.seed = seed
    self.optimizer = AdamWOptimizer(network.layout, optimizer, factors: factors, shards: lanes)
    let negatives = loss.kind == .full ? 0 : loss.negatives
    self.lanes = (0..<lanes).map { _ in TrainingLane(network) }
    workspaces = WorkspacePool(network.configuration, rows: microBatchRows, negatives: negatives)
    touched = TouchedRows(loss.kind == .full ? 0 : network.configuration.vocabularySize)
  }

  /// What the optimiser has gathered in the steps so far.
  package var moments: AdamWMoments {
    get { optimizer.moments }
    set { optimizer.moments = newValue }
  }

  /// How many lanes suit a network: four, or two where a lane's gradient takes more than 64 MB.
  package static func lanes(for layout: ParameterLayout) -> Int { layout.count > 16_000_000 ? 2 : 4 }

  /// Reads `samples`, updates the parameters once.
  ///
  /// Where the gradient is not finite the parameters stay as they were and `gradientNorm` says so.
  package mutating func run(
    _ samples: ArraySlice<TrainingSample>, builder: SampleBuilder, epoch: Int, step: UInt64, learningRate: Double,
    labelSmoothing: Float = 0
  ) -> Result {
    let plan = LanePlan(samples, builder: builder, rows: microBatchRows, lanes: lanes.count)
    let (lanes, network, parameters, rows) = (self.lanes, self.network, self.parameters, microBatchRows)
    let workspaces = workspaces
    workers.run(lanes.count) { lane in
      lanes[lane].with { $0.fill(plan.lanes[lane], samples: samples, builder: builder, epoch: epoch, step: step) }
    }
    let scales = scales(builder)
    let mode = Mode.training(seed: seed, step: step)
    workers.run(shards: plan.lanes.map(\.count)) { index, slot, pool in
      let lane = lanes[index]
      lane.with { state in
        state.batches[slot].weights.replaceKinds(by: scales.targets)
        state.batches[slot].pooledWeights.replaceKinds(by: scales.targets)
        state.sums += workspaces.with(rows: rows) { workspace in
          network.forwardBackward(
            state.batches[slot], parameters: parameters, gradients: lane.gradients, mode: mode,
            rowBase: state.numbers[slot] * rows, nextSegmentScale: scales.nextSegment, labelSmoothing: labelSmoothing,
            workspace: workspace, pool: pool)
        }
      }
    }
    var sums = LossSums()
    var tokens = 0
    for lane in lanes {
      lane.with {
        sums += $0.sums
        tokens += $0.tokens
        for slot in $0.numbers.indices { touched.add($0.batches[slot]) }
      }
    }
    let table = [network.encoder.embeddings.token, network.head.itemBias]
    let norm = optimizer.update(
      parameters, shards: lanes.map(\.gradients), scale: 1, learningRate: learningRate,
      sparse: touched.take().map { SparseRows(tensors: table, rows: $0) }, workers: workers)
    return Result(
      sums: sums, loss: sums.items + sums.nextSegment * Double(scales.nextSegment), gradientNorm: norm, tokens: tokens)
  }

  /// What turns sums into means: each target's weight over the weights of all targets of this step.
  ///
  /// So the masked tail of a history counts as much as any other masked item; with a mean per objective it would count as
  /// much as all of them together, and a few thousand tails are learned by heart.
  private func scales(_ builder: SampleBuilder) -> (targets: [Float], nextSegment: Float) {
    var counts = [Int](repeating: 0, count: SampleBuilder.Kind.allCases.count)
    var nextSegments = 0
    for lane in lanes {
      lane.with { state in
        for kind in counts.indices { counts[kind] += state.targetCounts[kind] }
        nextSegments += state.nextSegmentCount
      }
    }
    let weights = SampleBuilder.Kind.allCases.map { builder.weight(of: $0) }
    let total = zip(weights, counts).reduce(0) { $0 + $1.0 * Double($1.1) }
    let targets = weights.map { total == 0 ? 0 : Float($0 / total) }
    let weight = Float(builder.objectives.nextSegment?.weight ?? 0)
    return (targets, nextSegments == 0 ? 0 : weight / Float(nextSegments))
  }
}

extension [Float] {
  /// Replaces each target's kind number by that kind's scale.
  fileprivate mutating func replaceKinds(by scales: [Float]) {
    for index in indices { self[index] = scales[Int(self[index])] }
  }
}

extension TrainingLane.State {
  /// Writes the lane's micro-batches anew, in the room of the last step's.
  fileprivate mutating func fill(
    _ plan: [LanePlan.Cut], samples: ArraySlice<TrainingSample>, builder: SampleBuilder, epoch: Int, step: UInt64
  ) {
    numbers.removeAll(keepingCapacity: true)
    sums = LossSums()
    tokens = 0
    nextSegmentCount = 0
    for kind in targetCounts.indices { targetCounts[kind] = 0 }
    for (slot, cut) in plan.enumerated() {
      if slot == batches.count { batches.append(MicroBatch()) }
      numbers.append(cut.number)
      batches[slot].removeAll()
      for sample in samples[cut.samples] {
        builder.append(sample, epoch: epoch, to: &batches[slot])
        tokens += sample.tokens
      }
      for kind in batches[slot].scoredWeights { targetCounts[Int(kind)] += 1 }
      nextSegmentCount += batches[slot].nextLabels.count
      builder.drawNegatives(for: &batches[slot], number: cut.number, step: step)
    }
  }
}
