import Collectives
import Kernels
import Synchronization

/// AdamW over a parameter vector: sums gradient shards in a fixed order, clips, updates, and clears the shards.
///
/// The vector is cut into pieces, each of which one thread of one process sums and updates: the results are the same bytes on
/// any number of threads and processes. Each process holds the moments of one slice.
/// - Source: Loshchilov & Hutter 2019, arXiv:1711.05101; checked against `torch.optim.AdamW`.
package struct AdamWOptimizer: Sendable {
  package let configuration: AdamWConfiguration
  private let layout: ParameterLayout
  private let factors: LearningRateFactors
  private let first, second: ParameterVector
  private let pieces: [Piece]
  private let exchange: GradientExchange
  private let items: ItemShards?
  package private(set) var step = 0

  /// Ranges of one tensor, few enough for a worker's cache.
  private struct Piece: Sendable {
    var ranges: [Range<Int>]
    let decays: Bool
    let factor: Float

    static let floats = 16_384
  }

  /// - Parameters:
  ///   - factors: on the learning rate of single tensors and rows; where it is 0, nothing is read or written.
  ///   - shards: the number of gradient shards of all processes.
  ///   - processes: which update together, each from the shards it holds; at most as many as there are shards.
  ///   - items: where the item table is spread over `processes`: its rows are updated where they are kept, and sent to
  ///     nobody.
  package init(
    _ layout: ParameterLayout, _ configuration: AdamWConfiguration,
    factors: LearningRateFactors = LearningRateFactors(), shards: Int, processes: any Processes = OneProcess(),
    items: ItemShards? = nil
  ) {
    self.configuration = configuration
    self.layout = layout
    self.factors = factors
    self.items = items
    pieces = layout.tensors.flatMap { tensor in Self.pieces(of: tensor, ranges: [tensor.range], factors) }
    let slices =
      items?.slices
      ?? VectorSlices(processes, floats: layout.count, starts: pieces.flatMap { $0.ranges.map(\.lowerBound) })
    func moment() -> ParameterVector {
      items == nil ? ParameterVector(layout) : ParameterVector(sparse: layout, held: [slices.own])
    }
    (first, second) = (moment(), moment())
    exchange = GradientExchange(slices, order: SumOrder(shards: shards))
  }

  /// `ranges` of one tensor, cut where its factor changes and where a piece is full.
  private static func pieces(of tensor: ParameterTensor, ranges: [Range<Int>], _ factors: LearningRateFactors)
    -> [Piece]
  {
    var pieces: [Piece] = []
    for (whole, factor) in factors.parts(of: tensor) {
      var capacity = 0
      for range in ranges.lazy.map({ $0.clamped(to: whole) }) where !range.isEmpty {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Piece.floats) {
          let part = start..<min(start + Piece.floats, range.upperBound)
          if part.count <= capacity, !pieces.isEmpty {
            pieces[pieces.count - 1].ranges.append(part)
          } else {
            pieces.append(Piece(ranges: [part], decays: tensor.decays, factor: factor))
            capacity = Piece.floats
          }
          capacity -= part.count
        }
      }
    }
    return pieces
  }

  /// The pieces of all tensors, those of `sparse` cut down to their updated rows.
  private func pieces(_ sparse: SparseRows?) -> [Piece] {
    guard let sparse else { return pieces }
    return layout.tensors.flatMap { tensor in
      Self.pieces(
        of: tensor, ranges: sparse.tensors.contains(tensor) ? sparse.ranges(of: tensor) : [tensor.range], factors)
    }
  }

  /// The shards whose gradients this process computes.
  package var heldShards: Range<Int> { exchange.held }

  /// The running means and the number of updates, of which a process has its slice; process 0 has all after `collectMoments`.
  ///
  /// Setting copies the numbers: an optimizer that resumes from them updates as this one would have.
  package var moments: AdamWMoments {
    get { AdamWMoments(first: first, second: second, step: step) }
    set {
      let slice = exchange.slice
      first.flat(slice).assign(newValue.first.flat(slice))
      second.flat(slice).assign(newValue.second.flat(slice))
      step = newValue.step
    }
  }

  /// Fills `moments` in process 0 with the slices of the others, whose memory stays what it was; all processes call it. Where
  /// the item table is spread they stay where they are.
  package func collectMoments() {
    if exchange.isAlone || items != nil { return }
    let ranges = pieces.flatMap(\.ranges)
    exchange.vector.gather(first, over: ranges, in: 0)
    exchange.vector.gather(second, over: ranges, in: 0)
  }

  /// One update of `parameters` from the sum of the gradient shards times `scale`; the shards are zero afterwards.
  ///
  /// The sum is made in the first shard, so a large item table costs no further copy. Of the tensors of `sparse` only the
  /// named rows are read and written: the moments and the decay of the others stand still until they are named again.
  /// - Parameters:
  ///   - shards: those of `heldShards`.
  ///   - rows: of all shards, where a step has gradients of all rows of a spread item table: what each has of the rows that
  ///     this process keeps.
  /// - Returns: the norm of the scaled gradient before clipping; where it is not finite only the shards were changed.
  package mutating func update(
    _ parameters: ParameterVector, shards: [ParameterVector], rows: [ParameterVector]? = nil, scale: Double,
    learningRate: Double, sparse: SparseRows? = nil, workers: Workers
  ) -> Double {
    precondition(shards.count == heldShards.count, "\(shards.count) gradient shards of \(heldShards.count) held")
    let pieces = pieces(sparse)
    let (first, second, slice) = (self.first, self.second, exchange.slice)
    let gradients = StepGradients(shards: shards, rows: rows, table: items?.table.range ?? 0..<0, slice: slice)
    let norm = sumOfSquares(gradients, pieces, workers).squareRoot() * scale
    if norm.isFinite {
      step += 1
      let clipped = configuration.clip > 0 && norm > configuration.clip ? scale * configuration.clip / norm : scale
      let (step, configuration) = (self.step, self.configuration)
      workers.run(pieces.count) { index in
        let piece = pieces[index]
        let update = AdamW(
          learningRate: Float(learningRate) * piece.factor, beta1: Float(configuration.beta1),
          beta2: Float(configuration.beta2), epsilon: Float(configuration.epsilon),
          weightDecay: piece.decays ? Float(configuration.weightDecay) : 0, gradientScale: Float(clipped), step: step)
        for whole in piece.ranges {
          let range = whole.clamped(to: slice)
          if piece.factor > 0, !range.isEmpty {
            update.update(
              values: parameters.flat(range), gradient: gradients.sum(whole).flat(range), first: first.flat(range),
              second: second.flat(range))
          }
          gradients.clearSum(whole)
        }
      }
      if !exchange.isAlone {
        let updated = pieces.flatMap { $0.factor > 0 ? $0.ranges : [] }
        exchange.vector.gather(parameters, over: updated.filter { !isSpread($0) })
      }
    } else {
      for piece in pieces { for range in piece.ranges { gradients.clearSum(range) } }
    }
    return norm
  }

  /// Whether a range belongs to the item table, and that to several processes.
  private func isSpread(_ range: Range<Int>) -> Bool { items?.table.range.contains(range.lowerBound) ?? false }

  /// Sums the shards of all processes into the first one, over this process's slice, and clears the others.
  ///
  /// - Returns: the squares of the sum over all slices, summed range by range and piece by piece.
  private func sumOfSquares(_ gradients: StepGradients, _ pieces: [Piece], _ workers: Workers) -> Double {
    let (order, slice, isAlone) = (exchange.order, exchange.slice, exchange.isAlone)
    if !isAlone {
      let learned = pieces.flatMap { $0.factor > 0 ? $0.ranges : [] }
      exchange.sum(gradients.shards, over: learned.filter { !gradients.isKept($0) }, workers: workers)
      let kept = learned.filter(gradients.isKept)
      workers.run(kept.count) { gradients.sumRows(kept[$0], order) }
      if let rows = gradients.rows { exchange.complete(kept, of: rows[0]) }
    }
    let squares = ParameterSquares(count: pieces.count)
    workers.run(pieces.count) { index in
      let piece = pieces[index]
      var values: [Double] = []
      for range in piece.ranges {
        if piece.factor > 0 {
          if isAlone { order.sum(gradients.shards.map { $0.flat(range) }) }
          if slice.contains(range.lowerBound) {
            values.append(Reduction.sumOfSquares(gradients.sum(range).flat(range)))
          }
        }
        gradients.clearOthers(range)
      }
      squares.set(index, values)
    }
    let all = isAlone ? squares.values : exchange.processes.gather(squares.values).flatMap(\.self)
    var next = 0
    return pieces.reduce(0) { total, piece in
      let count = piece.factor > 0 ? piece.ranges.count : 0
      defer { next += count }
      return total + all[next..<next + count].reduce(0, +)
    }
  }
}

/// The numbers of pieces, written by whichever thread has the piece and read in the order of the pieces.
final class ParameterSquares: Sendable {
  private let pieces: Mutex<[[Double]]>

  init(count: Int) { pieces = Mutex([[Double]](repeating: [], count: count)) }

  func set(_ index: Int, _ values: [Double]) { pieces.withLock { $0[index] = values } }

  var values: [Double] { pieces.withLock { $0.flatMap(\.self) } }
}
