import NeuralNetwork

/// A `[MASK]` behind every prefix of a history, each the tail of the items before it, all in one pass.
package struct MaskedPrefixes: Objective {
  package var weight: Double

  package init(weight: Double = 1) { self.weight = weight }

  package static let kind = ObjectiveKind.maskedPrefixes

  package func addSamples(of user: Int, to epoch: inout EpochSamples) {
    for window in epoch.windows(of: user, limit: epoch.positions) { epoch.add(kind, window) }
  }

  package func rowCount(of sample: TrainingSample, in configuration: EncoderConfiguration) -> Int {
    2 * (sample.window.count - 1)
  }

  /// Items attend to the items up to themselves; the `[MASK]` at position `p` to the `p` items before it and itself.
  package func write(
    _ sample: TrainingSample, epoch: Int, from builder: SampleBuilder, to batch: inout MicroBatch
  ) {
    if builder.configuration.pooling.joinsTailAndLast { return writePooled(sample, from: builder, to: &batch) }
    for (position, event) in sample.window.dropLast().enumerated() {
      batch.rows.append(token: builder.token(event), position: position, prefixLength: position + 1)
    }
    for position in 1..<sample.window.count {
      batch.appendTarget(
        builder.token(sample.window.lowerBound + position), of: kind, token: builder.vocabulary.mask,
        position: position, prefixLength: position)
    }
  }

  /// The same rows, each `[MASK]` scored together with the item before it.
  private func writePooled(_ sample: TrainingSample, from builder: SampleBuilder, to batch: inout MicroBatch) {
    let first = batch.queryCount
    for (position, event) in sample.window.dropLast().enumerated() {
      _ = batch.appendQuery(token: builder.token(event), position: position, prefixLength: position + 1)
    }
    for position in 1..<sample.window.count {
      let mask = batch.appendQuery(token: builder.vocabulary.mask, position: position, prefixLength: position)
      batch.appendPooledTarget(
        builder.token(sample.window.lowerBound + position), of: kind,
        PooledRows(item: first + position - 1, mask: Int(mask)))
    }
  }

  package func conflict(with encoder: EncoderConfiguration) -> ObjectiveConflict? {
    if let conflict = causalConflict(with: encoder) { return conflict }
    return encoder.pooling == .tail || encoder.pooling.joinsTailAndLast
      ? nil
      : ObjectiveConflict(
        "maskedPrefixes",
        "each [MASK] is the tail of what came before it; set model.pooling or the stage's to tail or tail+last")
  }
}
