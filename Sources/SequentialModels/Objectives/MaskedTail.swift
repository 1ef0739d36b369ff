import NeuralNetwork

/// The masked last item of a history: what evaluation and recommendation ask of the encoder, and nothing else.
package struct MaskedTail: Objective {
  package var weight: Double
  /// How many random prefixes of each history are trained on per epoch, besides the whole one.
  package var prefixes: Int

  package init(weight: Double = 1, prefixes: Int = 0) {
    self.weight = weight
    self.prefixes = prefixes
  }

  package static let kind = ObjectiveKind.tail

  /// One sample per window, unless masked items already have one that ends in the tail; then the prefixes.
  package func addSamples(of user: Int, to epoch: inout EpochSamples) {
    if epoch.objectives.mlm == nil {
      for window in epoch.windows(of: user, limit: epoch.positions) { epoch.add(kind, window) }
    }
    for prefix in 0..<prefixes {
      guard let window = epoch.randomPrefix(prefix, of: user) else { return }
      epoch.add(kind, window)
    }
  }

  package func rowCount(of sample: TrainingSample, in configuration: EncoderConfiguration) -> Int {
    sample.window.count + (configuration.leadsWithCLS ? 1 : 0)
  }

  package func write(
    _ sample: TrainingSample, epoch: Int, from builder: SampleBuilder, to batch: inout MicroBatch
  ) {
    builder.writeHistory(sample, masks: Masks(), to: &batch)
  }

  package func conflict(with encoder: EncoderConfiguration, beside objectives: Objectives) -> ObjectiveConflict? { nil }
}
