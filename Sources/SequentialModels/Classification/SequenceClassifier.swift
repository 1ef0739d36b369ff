import Collectives
import Kernels
import NeuralNetwork
import Synchronization

/// A network that labels sequences, with its parameters: sequences in, logits out.
package struct SequenceClassifier: Sendable {
  package let network: ClassifierNetwork
  /// Shared, not copied: a training step that updates them updates this classifier.
  package let parameters: ParameterVector
  package let specials: SpecialTokens
  package let workers: Workers
  private let workspaces: ClassifierWorkspaces

  package init(
    network: ClassifierNetwork, parameters: ParameterVector, specials: SpecialTokens, workers: Workers
  ) {
    self.network = network
    self.parameters = parameters
    self.specials = specials
    self.workers = workers
    workspaces = ClassifierWorkspaces(network, rows: max(1_024, network.configuration.positions))
  }

  /// How many tokens of a sequence are read.
  package var tokenLimit: Int { network.configuration.positions - 2 }

  /// The outputs of each sequence, `[sequences][outputs]`.
  ///
  /// - Parameter processes: which have the same sequences and share the work; every one gets all outputs, the bytes of one.
  package func logits(
    of sequences: [LabeledSequence], processes: any Processes = OneProcess()
  ) -> [[Float]] {
    guard let logits = logits(of: sequences, processes: processes, until: { false }) else {
      preconditionFailure("ended by nothing")
    }
    return logits
  }

  /// As `logits`, or nil where `isOver` said so in one of the processes before all sequences were read.
  package func logits(
    of sequences: [LabeledSequence], processes: any Processes = OneProcess(), until isOver: @Sendable () -> Bool
  ) -> [[Float]]? {
    let all = cuts(sequences.indices) { sequences[$0].tokens.count }
    let cuts = all[processes.share(of: all.count)]
    let parts = workers.map(cuts.count) { index -> [[Float]]? in
      if isOver() { return nil }
      let batch = ClassifierBatch(sequences[cuts[cuts.startIndex + index]], specials: specials)
      return workspaces.with { workspace in
        let logits = network.forward(
          batch, parameters: parameters, mode: .inference, rowBase: 0, workspace: workspace)
        return (0..<logits.rows).map { logits.rows($0..<$0 + 1).values }
      }
    }
    let own = parts.compactMap(\.self)
    if processes.any([own.count < parts.count])[0] { return nil }
    if processes.count == 1 { return own.flatMap(\.self) }
    let outputs = network.head.outputs
    return processes.gather(own.joined().joined().map(Double.init)).flatMap { numbers in
      stride(from: 0, to: numbers.count, by: outputs).map { start in numbers[start..<start + outputs].map(Float.init) }
    }
  }

  /// One batch forward and backward, as the network does it.
  func forwardBackward(
    _ batch: ClassifierBatch, gradients: ParameterVector, mode: Mode, rowBase: Int, scale: Float
  ) -> Double {
    workspaces.with { workspace in
      network.forwardBackward(
        batch, parameters: parameters, gradients: gradients, mode: mode, rowBase: rowBase, scale: scale,
        workspace: workspace)
    }
  }

  /// Consecutive sequences whose rows fit together.
  func cuts(_ indices: Range<Int>, tokens: (Int) -> Int) -> [Range<Int>] {
    var cuts: [Range<Int>] = []
    var (start, filled) = (indices.lowerBound, 0)
    for index in indices {
      let rows = ClassifierBatch.rowCount(tokens: tokens(index))
      if filled > 0, filled + rows > workspaces.rows {
        cuts.append(start..<index)
        (start, filled) = (index, 0)
      }
      filled += rows
    }
    if start < indices.upperBound { cuts.append(start..<indices.upperBound) }
    return cuts
  }
}

/// Workspaces that batches borrow and give back, so that none allocates twice.
private final class ClassifierWorkspaces: Sendable {
  let rows: Int
  private let network: ClassifierNetwork
  private let free = Mutex<[ClassifierWorkspace]>([])

  init(_ network: ClassifierNetwork, rows: Int) { (self.network, self.rows) = (network, rows) }

  func with<Result>(_ body: (ClassifierWorkspace) -> Result) -> Result {
    let workspace = free.withLock { $0.popLast() } ?? ClassifierWorkspace(network, rows: rows)
    defer { free.withLock { $0.append(workspace) } }
    return body(workspace)
  }
}

/// One optimizer step over labeled sequences, summed in a fixed number of gradient shards: the same seed gives the same
/// bytes on any number of threads and processes. Each process computes the shards it holds.
package struct ClassifierStep: Sendable {
  package let classifier: SequenceClassifier
  private var optimizer: AdamWOptimizer
  /// How many gradient shards all processes have, and those of this one.
  private let shardCount: Int
  private let shards: [ParameterVector]
  private let processes: any Processes
  private let seed: UInt64

  /// - Parameters:
  ///   - factors: on the learning rate of single tensors.
  ///   - seed: decides what is dropped.
  ///   - shards: into how many sums the gradient is split; nil for what suits the number of parameters.
  ///   - processes: which step together, at most as many as there are shards.
  package init(
    _ classifier: SequenceClassifier, optimizer: AdamWConfiguration, factors: LearningRateFactors, seed: UInt64,
    shards: Int? = nil, processes: any Processes = OneProcess()
  ) {
    self.classifier = classifier
    self.seed = seed
    self.processes = processes
    let layout = classifier.network.layout
    let count = shards ?? TrainingStep.shards(parameters: layout.count)
    self.optimizer = AdamWOptimizer(layout, optimizer, factors: factors, shards: count, processes: processes)
    shardCount = count
    self.shards = self.optimizer.heldShards.map { _ in ParameterVector(layout) }
  }

  /// What the optimizer has gathered in the steps so far.
  package var moments: AdamWMoments {
    get { optimizer.moments }
    set { optimizer.moments = newValue }
  }

  /// Fills `moments` in process 0 with what the others hold; all processes call it.
  package func collectMoments() { optimizer.collectMoments() }

  /// Reads `sequences`, updates the parameters once; where the gradient is not finite they stay as they were.
  ///
  /// - Returns: the mean loss of the sequences, and how many tokens they have.
  package mutating func run(
    _ sequences: [LabeledSequence], step: UInt64, learningRate: Double
  ) -> TrainingStep.Result {
    let (shards, classifier) = (shards, classifier)
    let positions = classifier.network.configuration.positions
    let perShard = (sequences.count + shardCount - 1) / shardCount
    let parts = optimizer.heldShards.map { shard in
      min(shard * perShard, sequences.count)..<min((shard + 1) * perShard, sequences.count)
    }
    let mode = Mode.training(seed: seed, step: step)
    let scale = 1 / Float(max(1, sequences.count))
    let losses = classifier.workers.map(shards.count) { shard -> Double in
      var loss = 0.0
      for cut in classifier.cuts(parts[shard], tokens: { sequences[$0].tokens.count }) {
        let batch = ClassifierBatch(sequences[cut], specials: classifier.specials)
        loss += classifier.forwardBackward(
          batch, gradients: shards[shard], mode: mode, rowBase: cut.lowerBound * positions, scale: scale)
      }
      return loss
    }
    let norm = optimizer.update(
      classifier.parameters, shards: shards, scale: 1, learningRate: learningRate, workers: classifier.workers)
    let loss = processes.gather(losses).joined().reduce(0, +) * Double(scale)
    return TrainingStep.Result(
      sums: LossSums(), loss: loss, gradientNorm: norm,
      tokens: sequences.reduce(0) { $0 + $1.tokens.count })
  }
}
