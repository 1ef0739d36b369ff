import Kernels

/// Whether a pass may drop values, and where its randomness comes from.
package enum Mode: Sendable {
  /// Nothing is dropped.
  case inference
  /// Values are dropped; the masks are a function of the seed, the step and the element.
  case training(seed: UInt64, step: UInt64)

  /// What attention leaves behind: a pass that only answers need not keep its exponentials.
  func memory(_ memory: AttentionMemory) -> AttentionMemory {
    switch self {
    case .inference: memory.withoutExponentials
    case .training: memory
    }
  }

  /// The dropout of one place in the network, `purpose` telling it from all others.
  func dropout(_ probability: Float, purpose: UInt64) -> Dropout {
    switch self {
    case .inference: return .none
    case .training(let seed, let step):
      if probability == 0 { return .none }
      return Dropout(
        probability: probability, key: CounterRandom(seed: seed, purpose: 0xD09_0000 + purpose, step: step).key)
    }
  }
}
