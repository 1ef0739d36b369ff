import Synchronization

/// The numbers of pieces, written by whichever thread has the piece and read in the order of the pieces.
final class ParameterSquares: Sendable {
  private let pieces: Mutex<[[Double]]>

  init(count: Int) { pieces = Mutex([[Double]](repeating: [], count: count)) }

  func set(_ index: Int, _ values: [Double]) { pieces.withLock { $0[index] = values } }

  var values: [Double] { pieces.withLock { $0.flatMap(\.self) } }
}
