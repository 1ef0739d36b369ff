import Kernels
import NeuralNetwork

extension HuggingFaceModel {
  /// Makes sure of `count` positions: new ones are drawn like those that are there, where `extends` allows it.
  ///
  /// - Throws: `HuggingFaceError` with both numbers where more are wanted than there are.
  package mutating func requirePositions(
    _ count: Int, extends: Bool, seed: UInt64 = 1
  ) throws(HuggingFaceError) {
    let found = configuration.encoder.positions
    guard count > found else { return }
    guard extends else {
      throw HuggingFaceError(path: source, fault: .positions(found: found, needed: count))
    }
    if var table = tensors[TensorNames.positionTable] {
      let statistics = TableStatistics(table.values, width: configuration.encoder.hidden)
      let random = CounterRandom(seed: seed, .newPositions)
      for position in found..<count { table.values += statistics.draw(position, random) }
      table.shape[0] = count
      tensors[TensorNames.positionTable] = table
    }
    configuration.encoder.positions = count
  }

  /// Keeps the first `count` positions only; nothing happens where there are no more.
  package mutating func dropPositions(after count: Int) {
    guard count < configuration.encoder.positions else { return }
    if var table = tensors[TensorNames.positionTable] {
      table.values.removeLast((table.shape[0] - count) * configuration.encoder.hidden)
      table.shape[0] = count
      tensors[TensorNames.positionTable] = table
    }
    configuration.encoder.positions = count
  }
}
