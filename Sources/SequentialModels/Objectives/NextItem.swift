import NeuralNetwork

/// The next item at every position, read off the state of the item before it.
///
/// - Source: Kang & McAuley 2018, arXiv:1808.09781.
package struct NextItem: Objective {
  package var weight: Double

  package init(weight: Double = 1) { self.weight = weight }

  package static let kind = ObjectiveKind.nextItem

  /// One sample per window of one item more than positions: the last is only a target. Beside masked prefixes none, since
  /// their samples have the same rows.
  package func addSamples(of user: Int, to epoch: inout EpochSamples) {
    if epoch.objectives.maskedPrefixes != nil { return }
    for window in epoch.windows(of: user, limit: epoch.positions + 1) { epoch.add(kind, window) }
  }

  package func rowCount(of sample: TrainingSample, in configuration: EncoderConfiguration) -> Int {
    sample.window.count - 1
  }

  package func write(
    _ sample: TrainingSample, epoch: Int, from builder: SampleBuilder, to batch: inout MicroBatch
  ) {
    for (position, event) in sample.window.dropLast().enumerated() {
      batch.appendTarget(
        builder.nextToken(after: position, of: sample, epoch: epoch), of: kind, token: builder.token(event),
        position: position, prefixLength: position + 1)
    }
  }

  package func conflict(with encoder: EncoderConfiguration, beside objectives: Objectives) -> ObjectiveConflict? {
    if let conflict = causalConflict(with: encoder) { return conflict }
    return encoder.pooling == .last || objectives.maskedPrefixes != nil
      ? nil
      : ObjectiveConflict(
        "nextItem", "the last item's own state names the next one; set model.pooling or the stage's to last")
  }
}
