import NeuralNetwork

/// All that decides the training of a classifier besides its data.
package struct ClassifierConfiguration: Codable, Sendable, Equatable {
  /// The sizes of an encoder that starts fresh; that of `from` has its own.
  package struct Sizes: Codable, Sendable, Equatable {
    package var hidden = 64
    package var layers = 2
    package var heads = 2
    /// nil for what covers 95 % of the histories, or 128 tokens of lines.
    package var length: Int?

    package init() {}
  }

  /// nil where the labels say it.
  package var task: ClassificationHead.Task?
  /// The model to fine-tune from; nil for fresh weights.
  package var from: String?
  package var sizes = Sizes()
  package var freeze: Freeze?
  /// nil for 10, or for as many as make 600 steps, 60 at most.
  package var epochs: Int?
  package var batch = 32
  /// nil for 1e-3 from fresh weights, and 0.032 over the width from others: 5e-4 at 64, 4.2e-5 at 768.
  package var learningRate: Double?
  package var weightDecay = 0.01
  /// nil for that of the model, or 0.1.
  package var dropout: Double?
  /// Epochs without a lower validation loss after which training ends; nil for a third of the epochs.
  package var patience: Int?
  package var seed: UInt64 = 1

  package init() {}

  /// Passes over `sequences` labeled sequences, at most.
  package func epochs(sequences: Int) -> Int {
    let steps = max(1, (sequences + batch - 1) / batch)
    return epochs ?? min(max(10, (600 + steps - 1) / steps), 60)
  }

  /// The highest learning rate for an encoder of this width.
  package func rate(hidden: Int) -> Double { learningRate ?? (from == nil ? 1e-3 : 0.032 / Double(hidden)) }
}
