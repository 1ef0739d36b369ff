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

  /// Items attend to the items up to themselves; the `[MASK]` at position `p` to the `p` items before it and itself. Where
  /// the stage has that objective, the items name the next ones, too; where the pooling joins both, each `[MASK]` is scored
  /// together with the item before it.
  package func write(
    _ sample: TrainingSample, epoch: Int, from builder: SampleBuilder, to batch: inout MicroBatch
  ) {
    let (namesNext, joins) = (builder.objectives.nextItem != nil, builder.configuration.pooling.joinsTailAndLast)
    let first = batch.queryCount
    func token(_ position: Int) -> Int32 { builder.token(sample.window.lowerBound + position) }
    func next(_ position: Int) -> Int32 { builder.nextToken(after: position, of: sample, epoch: epoch) }
    for position in 0..<sample.window.count - 1 {
      let item = token(position)
      if namesNext {
        batch.appendTarget(
          next(position), of: .nextItem, token: item, position: position, prefixLength: position + 1)
      } else if joins {
        _ = batch.appendQuery(token: item, position: position, prefixLength: position + 1)
      } else {
        batch.rows.append(token: item, position: position, prefixLength: position + 1)
      }
    }
    for position in 1..<sample.window.count {
      let (mask, target) = (builder.vocabulary.mask, next(position - 1))
      if joins {
        let row = Int(batch.appendQuery(token: mask, position: position, prefixLength: position))
        batch.appendPooledTarget(target, of: kind, PooledRows(item: first + position - 1, mask: row))
      } else {
        batch.appendTarget(target, of: kind, token: mask, position: position, prefixLength: position)
      }
    }
  }

  package func conflict(with encoder: EncoderConfiguration, beside objectives: Objectives) -> ObjectiveConflict? {
    if let conflict = causalConflict(with: encoder) { return conflict }
    return encoder.pooling == .tail || encoder.pooling.joinsTailAndLast
      ? nil
      : ObjectiveConflict(
        "maskedPrefixes",
        "each [MASK] is the tail of what came before it; set model.pooling or the stage's to tail or tail+last")
  }
}
