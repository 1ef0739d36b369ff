import Collectives
import NeuralNetwork
import Synchronization

/// One of a fixed number of parts that a step's gradient is summed in: its micro-batches and their gradient, whichever
/// worker runs them.
final class GradientShard: Sendable {
  struct State: Sendable {
    var batches: [MicroBatch] = []
    /// Of `batches`, how many this step uses, and each one's number within the step.
    var numbers: [Int] = []
    var sums = LossSums()
    var counts = TargetCounts()
    var tokens = 0
  }

  let gradients: ParameterVector
  private let state = Mutex(State())

  /// - Parameter isSparse: whether memory is taken for the rows of a step only.
  init(_ network: BERTNetwork, isSparse: Bool) {
    gradients = isSparse ? ParameterVector(sparse: network.layout) : ParameterVector(network.layout)
  }

  func with<Result: Sendable>(_ body: (inout State) -> Result) -> Result { state.withLock { body(&$0) } }
}

/// How many targets of each objective a step has: what turns sums of losses into means, known before any pass.
struct TargetCounts: Sendable {
  private(set) var targets = PerObjective { _ in 0 }

  mutating func add(_ batch: MicroBatch) {
    for objective in batch.targets.objectives { targets[objective] += 1 }
    for objective in batch.pooledTargets.objectives { targets[objective] += 1 }
    targets[.nextSegment] += batch.segmentLabels.count
  }

  /// Adds the counts of the other processes.
  mutating func sum(with processes: any Processes) {
    if processes.count == 1 { return }
    let kinds = ObjectiveKind.allCases
    for (kind, count) in zip(kinds, processes.sum(kinds.map { targets[$0] })) { targets[kind] = count }
  }

  static func += (a: inout TargetCounts, b: TargetCounts) {
    for kind in ObjectiveKind.allCases { a.targets[kind] += b.targets[kind] }
  }
}

extension GradientShard.State {
  /// Writes the shard's micro-batches anew, in the memory of the last step's.
  mutating func fill(
    _ cuts: [ShardPlan.Cut], samples: ArraySlice<TrainingSample>, builder: SampleBuilder, epoch: Int, step: UInt64
  ) {
    numbers.removeAll(keepingCapacity: true)
    sums = LossSums()
    counts = TargetCounts()
    tokens = 0
    for (slot, cut) in cuts.enumerated() {
      if slot == batches.count { batches.append(MicroBatch()) }
      numbers.append(cut.number)
      batches[slot].removeAll()
      for sample in samples[cut.samples] {
        builder.append(sample, epoch: epoch, to: &batches[slot])
        tokens += sample.tokens
      }
      counts.add(batches[slot])
      builder.drawNegatives(for: &batches[slot], number: cut.number, step: step)
    }
  }
}

/// Which rows of the item table a step's micro-batches read or are scored against; only kept where negatives are drawn.
struct ActiveRows: Sendable {
  private var isActive: [Bool]
  private var rows: [Int32] = []

  /// - Parameter count: the table's rows; 0 where a step updates all of them.
  init(_ count: Int) { isActive = [Bool](repeating: false, count: count) }

  mutating func add(_ batch: MicroBatch) {
    if isActive.isEmpty { return }
    for row in batch.rows.tokens { add(row) }
    // A micro-batch without targets draws nothing.
    for row in batch.sampled?.items.rows ?? [] { add(row) }
  }

  private mutating func add(_ row: Int32) {
    if isActive[Int(row)] { return }
    isActive[Int(row)] = true
    rows.append(row)
  }

  /// The rows in ascending order, those of the other processes too, nil for all; forgets them.
  mutating func take(with processes: any Processes) -> [Int32]? {
    if isActive.isEmpty { return nil }
    if processes.count > 1 {
      for (rank, others) in processes.gather(rows.map { Int($0) }).enumerated() where rank != processes.rank {
        for row in others { add(Int32(row)) }
      }
    }
    rows.sort()
    for row in rows { isActive[Int(row)] = false }
    defer { rows.removeAll(keepingCapacity: true) }
    return rows
  }
}
