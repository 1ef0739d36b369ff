import Kernels

/// Every use of random numbers that belongs to a model: what tells its draws from all others of the same seed and step.
///
/// A new use takes a new number; a number that is taken never changes, since the bytes of trained models depend on it.
package enum RandomStream: UInt64, Sendable, CaseIterable {
  /// First values of fresh tensors; the step is the tensor's index in its layout.
  case initialization = 0x1217
  /// Windows, prefixes, pairs and the order of an epoch's samples; the step is the epoch.
  case samples = 0x5A3B
  /// Which positions are masked and what stands there; the step is the epoch.
  case masks = 0x3A5C
  /// Which positions name a later item than the next, and which; the step is the epoch.
  case futureTargets = 0xF7E0
  /// Items that targets are weighed against.
  case negatives = 0x5E6A
  /// Rows of items that a pretrained model lacks.
  case newItems = 0x1E85
  /// Rows of positions that a pretrained model lacks.
  case newPositions = 0x9051
  /// Items whose row a step takes from their features alone.
  case itemDropout = 0x1DD0
  /// Which labeled sequences are held out, and their order in an epoch; the step is the epoch.
  case labels = 0x1ABE
  /// Histories of a parity file.
  case parity = 0x9A21
  /// Dropout, and from there on one number for each place in a network.
  case dropout = 0xD09_0000
}

extension CounterRandom {
  /// The numbers of one stream of `seed` at `step`.
  package init(seed: UInt64, _ stream: RandomStream, step: UInt64 = 0) {
    self.init(seed: seed, purpose: stream.rawValue, step: step)
  }
}

/// Whether a pass may drop values, and where its randomness comes from.
package enum Mode: Sendable {
  /// Nothing is dropped.
  case inference
  /// Values are dropped; the masks are a function of the seed, the step and the element.
  case training(seed: UInt64, step: UInt64)

  /// What attention leaves behind: a pass without a backward pass need not keep its exponentials.
  func memory(_ memory: AttentionMemory) -> AttentionMemory {
    switch self {
    case .inference: memory.withoutExponentials
    case .training: memory
    }
  }

  /// The dropout of one place in a network, `place` telling it from all others.
  func dropout(_ probability: Float, place: UInt64) -> Dropout {
    switch self {
    case .inference: return .none
    case .training(let seed, let step):
      if probability == 0 { return .none }
      let random = CounterRandom(seed: seed, purpose: RandomStream.dropout.rawValue + place, step: step)
      return Dropout(probability: probability, key: random.key)
    }
  }
}
