import Kernels

/// AdamW over a parameter vector: sums the lanes in a fixed order, clips, updates, and clears the lanes.
///
/// The vector is cut into pieces that one worker each owns; nothing depends on how many workers there are.
/// - Source: Loshchilov & Hutter 2019, arXiv:1711.05101; checked against `torch.optim.AdamW`.
package struct AdamWOptimizer: Sendable {
  package let configuration: AdamWConfiguration
  private let layout: ParameterLayout
  private let factors: LearningRateFactors
  private let first, second: ParameterVector
  private let pieces: [Piece]
  package private(set) var step = 0

  /// Ranges of one tensor, few enough for a worker's cache.
  private struct Piece: Sendable {
    var ranges: [Range<Int>]
    let decays: Bool
    let factor: Float

    static let floats = 16_384
  }

  /// - Parameter factors: on the learning rate of single tensors and rows; where it is 0, nothing is read or written.
  package init(
    _ layout: ParameterLayout, _ configuration: AdamWConfiguration,
    factors: LearningRateFactors = LearningRateFactors()
  ) {
    self.configuration = configuration
    self.layout = layout
    self.factors = factors
    first = ParameterVector(layout)
    second = ParameterVector(layout)
    pieces = layout.tensors.flatMap { tensor in Self.pieces(of: tensor, ranges: [tensor.range], factors) }
  }

  /// `ranges` of one tensor, cut where its factor changes and where a piece is full.
  private static func pieces(of tensor: ParameterTensor, ranges: [Range<Int>], _ factors: LearningRateFactors)
    -> [Piece]
  {
    var pieces: [Piece] = []
    for (whole, factor) in factors.parts(of: tensor) {
      var room = 0
      for range in ranges.lazy.map({ $0.clamped(to: whole) }) where !range.isEmpty {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Piece.floats) {
          let part = start..<min(start + Piece.floats, range.upperBound)
          if part.count <= room, !pieces.isEmpty {
            pieces[pieces.count - 1].ranges.append(part)
          } else {
            pieces.append(Piece(ranges: [part], decays: tensor.decays, factor: factor))
            room = Piece.floats
          }
          room -= part.count
        }
      }
    }
    return pieces
  }

  /// The pieces of all tensors, those of `sparse` cut down to their touched rows.
  private func pieces(_ sparse: SparseRows?) -> [Piece] {
    guard let sparse else { return pieces }
    return layout.tensors.flatMap { tensor in
      Self.pieces(
        of: tensor, ranges: sparse.tensors.contains(tensor) ? sparse.ranges(of: tensor) : [tensor.range], factors)
    }
  }

  /// The running means and the number of updates. Setting copies the numbers: what goes on from them goes on as this did.
  package var moments: AdamWMoments {
    get { AdamWMoments(first: first, second: second, step: step) }
    set {
      first.all.assign(newValue.first.all)
      second.all.assign(newValue.second.all)
      step = newValue.step
    }
  }

  /// One update of `parameters` from the lanes' gradient sums times `scale`; the lanes are zero afterwards.
  ///
  /// The sum is made in the first lane, so a large item table costs no further copy. Of the tensors of `sparse` only the
  /// touched rows are read and written: the moments and the decay of the others stand still until they are seen again.
  /// - Returns: the norm of the scaled gradient before clipping; where it is not finite only the lanes were changed.
  package mutating func update(
    _ parameters: ParameterVector, lanes: [ParameterVector], scale: Double, learningRate: Double,
    sparse: SparseRows? = nil, workers: Workers
  ) -> Double {
    precondition(!lanes.isEmpty, "an update needs at least one lane")
    let pieces = pieces(sparse)
    let squares = ParameterSquares(count: pieces.count)
    let (first, second, sum) = (self.first, self.second, lanes[0])
    workers.run(pieces.count) { index in
      let piece = pieces[index]
      var total = 0.0
      for range in piece.ranges {
        if piece.factor > 0 {
          if lanes.count > 1 { Reduction.sum(shards: lanes.map { $0.flat(range) }, into: sum.flat(range)) }
          total += Reduction.sumOfSquares(sum.flat(range))
        }
        for lane in lanes.dropFirst() { lane.flat(range).fill(0) }
      }
      squares.set(index, total)
    }
    let norm = squares.total.squareRoot() * scale
    guard norm.isFinite else {
      for piece in pieces { for range in piece.ranges { sum.flat(range).fill(0) } }
      return norm
    }
    step += 1
    let clipped = configuration.clip > 0 && norm > configuration.clip ? scale * configuration.clip / norm : scale
    let (step, configuration) = (self.step, self.configuration)
    workers.run(pieces.count) { index in
      let piece = pieces[index]
      for range in piece.ranges {
        let gradient = sum.flat(range)
        if piece.factor > 0 {
          AdamW(
            learningRate: Float(learningRate) * piece.factor, beta1: Float(configuration.beta1),
            beta2: Float(configuration.beta2), epsilon: Float(configuration.epsilon),
            weightDecay: piece.decays ? Float(configuration.weightDecay) : 0, gradientScale: Float(clipped), step: step
          ).update(
            values: parameters.flat(range), gradient: gradient, first: first.flat(range), second: second.flat(range))
        }
        gradient.fill(0)
      }
    }
    return norm
  }
}
