/// What a training stage asks of the encoder; each part gives its targets a weight, and the
/// loss is the weighted mean over all of them.
package struct Objectives: Codable, Sendable, Equatable {
  /// Masked items, anywhere in a history.
  package var mlm: Masking?
  /// The masked last item.
  package var tail: Tail?
  /// A `[MASK]` at every position, each a tail of the history before it, all in one pass.
  package var queries: Queries?
  /// The next item at every position, read off the position itself; for causal attention.
  package var nextItem: NextItem?
  /// Whether the second of two segments follows the first; with `mlm` over both.
  package var nextSegment: NextSegment?

  package init(
    mlm: Masking? = nil, tail: Tail? = nil, queries: Queries? = nil, nextItem: NextItem? = nil,
    nextSegment: NextSegment? = nil
  ) {
    self.nextSegment = nextSegment
    self.mlm = mlm
    self.tail = tail
    self.queries = queries
    self.nextItem = nextItem
  }

  /// BERT's masking of items; defaults as in DESIGN: 0.3, of which 80 % `[MASK]`, 10 % a random item, 10 % unchanged.
  package struct Masking: Codable, Sendable, Equatable {
    package var weight: Double
    package var probability: Double
    package var maskShare: Double
    package var randomShare: Double
    /// At most so many per sequence; nil for no limit.
    package var maxPredictions: Int?
    /// Positions that share a group (basket, session) are masked together.
    package var wholeGroups: Bool
    /// 0: new masks in each epoch; n: the masks of n fixed copies, in turn.
    package var copies: Int

    package init(
      weight: Double = 1, probability: Double = 0.3, maskShare: Double = 0.8, randomShare: Double = 0.1,
      maxPredictions: Int? = nil, wholeGroups: Bool = false, copies: Int = 0
    ) {
      self.weight = weight
      self.probability = probability
      self.maskShare = maskShare
      self.randomShare = randomShare
      self.maxPredictions = maxPredictions
      self.wholeGroups = wholeGroups
      self.copies = copies
    }
  }

  package struct Tail: Codable, Sendable, Equatable {
    package var weight: Double
    /// How many random prefixes of each history are asked per epoch, besides the whole one.
    package var prefixes: Int

    package init(weight: Double = 1, prefixes: Int = 0) {
      self.weight = weight
      self.prefixes = prefixes
    }
  }

  package struct Queries: Codable, Sendable, Equatable {
    package var weight: Double
    package init(weight: Double = 1) { self.weight = weight }
  }

  package struct NextSegment: Codable, Sendable, Equatable {
    package var weight: Double
    package init(weight: Double = 1) { self.weight = weight }
  }

  package struct NextItem: Codable, Sendable, Equatable {
    package var weight: Double
    package init(weight: Double = 1) { self.weight = weight }
  }
}
