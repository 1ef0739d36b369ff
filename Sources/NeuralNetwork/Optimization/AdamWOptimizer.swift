import Foundation
import Kernels

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

/// AdamW over a parameter vector: sums the lanes in a fixed order, clips, updates, and clears the lanes.
///
/// The vector is cut into pieces that one worker each owns; nothing depends on how many workers there are.
/// - Source: Loshchilov & Hutter 2019, arXiv:1711.05101; checked against `torch.optim.AdamW`.
package struct AdamWOptimizer: Sendable {
  package let configuration: AdamWConfiguration
  private let layout: ParameterLayout
  private let first, second: ParameterVector
  private let pieces: [Piece]
  package private(set) var step = 0

  /// A range of one tensor, small enough for a worker's cache.
  private struct Piece: Sendable {
    let range: Range<Int>
    let decays: Bool
    let rate: Float
  }

  /// - Parameter rates: a factor on the learning rate per tensor name; 0 freezes it. Tensors not named learn at 1.
  package init(_ layout: ParameterLayout, _ configuration: AdamWConfiguration, rates: [String: Float] = [:]) {
    self.configuration = configuration
    self.layout = layout
    first = ParameterVector(layout)
    second = ParameterVector(layout)
    pieces = layout.tensors.flatMap { tensor in
      stride(from: tensor.range.lowerBound, to: tensor.range.upperBound, by: 16_384).map {
        Piece(
          range: $0..<min($0 + 16_384, tensor.range.upperBound), decays: tensor.decays, rate: rates[tensor.name] ?? 1)
      }
    }
  }

  /// One update of `parameters` from the lanes' gradient sums times `scale`; the lanes are zero afterwards.
  ///
  /// The sum is made in the first lane, so a large item table costs no further copy.
  /// - Returns: the norm of the scaled gradient before clipping; where it is not finite only the lanes were changed.
  package mutating func update(
    _ parameters: ParameterVector, lanes: [ParameterVector], scale: Double, learningRate: Double, workers: Workers
  ) -> Double {
    precondition(!lanes.isEmpty, "an update needs at least one lane")
    let squares = ParameterSquares(count: pieces.count)
    let (pieces, first, second, sum) = (self.pieces, self.first, self.second, lanes[0])
    workers.run(pieces.count) { index in
      let piece = pieces[index]
      if piece.rate > 0 {
        if lanes.count > 1 { Reduction.sum(lanes: lanes.map { $0.flat(piece.range) }, into: sum.flat(piece.range)) }
        squares.set(index, Reduction.sumOfSquares(sum.flat(piece.range)))
      }
      for lane in lanes.dropFirst() { lane.flat(piece.range).fill(0) }
    }
    let norm = squares.total.squareRoot() * scale
    guard norm.isFinite else {
      sum.all.fill(0)
      return norm
    }
    step += 1
    let clipped = configuration.clip > 0 && norm > configuration.clip ? scale * configuration.clip / norm : scale
    let (step, configuration) = (self.step, self.configuration)
    workers.run(pieces.count) { index in
      let piece = pieces[index]
      let gradient = sum.flat(piece.range)
      if piece.rate > 0 {
        AdamW.update(
          values: parameters.flat(piece.range), gradient: gradient, first: first.flat(piece.range),
          second: second.flat(piece.range), learningRate: Float(learningRate) * piece.rate,
          beta1: Float(configuration.beta1), beta2: Float(configuration.beta2),
          epsilon: Float(configuration.epsilon),
          weightDecay: piece.decays ? Float(configuration.weightDecay) : 0, gradientScale: Float(clipped), step: step)
      }
      gradient.fill(0)
    }
    return norm
  }
}
