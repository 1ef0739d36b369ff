import NeuralNetwork
import Synchronization

/// One of a fixed number of lanes: its micro-batches and its gradient, whoever of the workers runs them.
final class TrainingLane: Sendable {
  struct State: Sendable {
    var batches: [MicroBatch] = []
    /// Of `batches`, how many this step uses, and each one's number within the step.
    var numbers: [Int] = []
    var sums = LossSums()
    /// Targets per kind, in the order of `SampleBuilder.Kind`.
    var targetCounts = [Int](repeating: 0, count: SampleBuilder.Kind.allCases.count)
    var nextSegmentCount = 0
    var tokens = 0
  }

  let gradients: ParameterVector
  private let state = Mutex(State())

  init(_ network: BERTNetwork) { gradients = ParameterVector(network.layout) }

  func with<Result: Sendable>(_ body: (inout State) -> Result) -> Result { state.withLock { body(&$0) } }
}
