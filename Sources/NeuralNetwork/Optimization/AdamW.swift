/// What AdamW is told once; defaults are those of BERT4Rec's usual training.
package struct AdamWConfiguration: Codable, Sendable, Equatable {
  package var beta1: Double
  package var beta2: Double
  package var epsilon: Double
  /// On matrices only; biases and normalizations are exempt.
  package var weightDecay: Double
  /// The largest norm of the whole gradient; 0 leaves it as it is.
  package var clip: Double

  package init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01, clip: Double = 5
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.clip = clip
  }
}

/// What AdamW has gathered: running means of the gradients and of their squares, after `step` updates.
package struct AdamWMoments: Sendable {
  package let first, second: ParameterVector
  package let step: Int

  package init(first: ParameterVector, second: ParameterVector, step: Int) {
    self.first = first
    self.second = second
    self.step = step
  }
}
