import Synchronization

/// One number per piece, written by whichever worker has the piece and summed in the order of the pieces.
final class ParameterSquares: Sendable {
  private let values: Mutex<[Double]>

  init(count: Int) { values = Mutex([Double](repeating: 0, count: count)) }

  func set(_ index: Int, _ value: Double) { values.withLock { $0[index] = value } }

  var total: Double { values.withLock { $0.reduce(0, +) } }
}
