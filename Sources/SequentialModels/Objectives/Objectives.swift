import NeuralNetwork

/// What a training stage teaches an encoder; the loss is the weighted mean over the targets of all objectives.
package struct Objectives: Codable, Sendable, Equatable {
  /// Masked items, anywhere in a history.
  package var mlm: MaskedItems?
  /// The masked last item.
  package var tail: MaskedTail?
  /// A `[MASK]` behind every prefix of a history, all in one pass.
  package var maskedPrefixes: MaskedPrefixes?
  /// The next item at every position, read off the position itself; for causal attention.
  package var nextItem: NextItem?
  /// Whether the second of two segments follows the first; with `mlm` over both.
  package var nextSegment: NextSegment?

  package init(
    mlm: MaskedItems? = nil, tail: MaskedTail? = nil, maskedPrefixes: MaskedPrefixes? = nil, nextItem: NextItem? = nil,
    nextSegment: NextSegment? = nil
  ) {
    self.mlm = mlm
    self.tail = tail
    self.maskedPrefixes = maskedPrefixes
    self.nextItem = nextItem
    self.nextSegment = nextSegment
  }

  /// Every objective with its defaults: what configurations may write.
  package static let all = Objectives(
    mlm: MaskedItems(), tail: MaskedTail(), maskedPrefixes: MaskedPrefixes(), nextItem: NextItem(),
    nextSegment: NextSegment())

  /// The objectives of the stage. Their order is that of a history's samples in an epoch, and so of their random numbers.
  package var list: [any Objective] {
    let all: [(any Objective)?] = [mlm, tail, nextSegment, nextItem, maskedPrefixes]
    return all.compactMap(\.self)
  }

  /// Whether a pass has every item of a history as a target, behind the items before it.
  package var nameEveryNextItem: Bool { nextItem != nil || maskedPrefixes != nil }

  /// The names that earlier versions gave to objectives, and what they are called now.
  package static let renamed = ["queries": "maskedPrefixes"]
}

extension Objective {
  package var kind: ObjectiveKind { Self.kind }

  /// The conflict of an objective whose targets see the items before them and nothing else.
  func causalConflict(with encoder: EncoderConfiguration) -> ObjectiveConflict? {
    if encoder.attention != .causal {
      return ObjectiveConflict("", "\(kind) sees only what came before; set model.attention to causal")
    }
    if encoder.opensWithCLS == true {
      return ObjectiveConflict("model.opensWithCLS", "\(kind) writes no [CLS]; set it to false")
    }
    return nil
  }
}
