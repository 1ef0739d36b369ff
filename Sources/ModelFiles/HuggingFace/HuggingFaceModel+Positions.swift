import Kernels

extension HuggingFaceModel {
  /// Makes sure of `count` positions: new ones are drawn like those that are there, where `extends` allows it.
  ///
  /// - Throws: `HuggingFaceError` with both numbers where more are asked for than there are.
  package mutating func requirePositions(
    _ count: Int, extends: Bool, seed: UInt64 = 1
  ) throws(HuggingFaceError) {
    let found = configuration.positionCount
    guard count > found else { return }
    guard extends else {
      throw HuggingFaceError(path: source, fault: .positions(found: found, needed: count))
    }
    if var table = tensors[TensorNames.positionTable] {
      let statistics = TableStatistics(table.values, width: configuration.hiddenSize, rows: [])
      let random = CounterRandom(seed: seed, purpose: 0x9051, step: 0)
      for position in found..<count { table.values += statistics.draw(position, random) }
      table.shape[0] = count
      tensors[TensorNames.positionTable] = table
    }
    configuration.positionCount = count
  }

  /// Keeps the first `count` positions only; nothing happens where there are no more.
  package mutating func dropPositions(after count: Int) {
    guard count < configuration.positionCount else { return }
    if var table = tensors[TensorNames.positionTable] {
      table.values.removeLast((table.shape[0] - count) * configuration.hiddenSize)
      table.shape[0] = count
      tensors[TensorNames.positionTable] = table
    }
    configuration.positionCount = count
  }
}
