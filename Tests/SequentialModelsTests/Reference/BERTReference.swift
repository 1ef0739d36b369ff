import Foundation
import Kernels
import NeuralNetwork
import SequentialModels

/// The golden numbers of a small BERT, and the same network of ours with its weights.
struct BERTReference {
  let file: SafetensorsFile
  let network: BERTNetwork
  let parameters: ParameterVector
  let lengths = [16, 11, 3, 1]
  let width = 16

  static let folder = Bundle.module.resourceURL!.appendingPathComponent("Fixtures/bert-tiny")

  init() throws {
    file = try Safetensors.read(Self.folder.appendingPathComponent("reference.safetensors"))
    network = BERTNetwork(
      EncoderConfiguration(
        vocabularySize: 37, hidden: 24, layers: 2, heads: 3, inner: 40, positions: 16, dropout: 0,
        attentionDropout: 0, nextSegmentHead: true))
    parameters = ParameterVector(network.layout)
    let weights = try Safetensors.read(Self.folder.appendingPathComponent("model.safetensors"))
    for tensor in network.layout.tensors { parameters[tensor].assign(try weights.floats(tensor.name)) }
  }

  /// All four sequences in one micro-batch with all targets that were predicted.
  ///
  /// - Parameter onlyQueries: the last block runs only for rows that are read.
  func batch(onlyQueries: Bool) throws -> MicroBatch {
    let ids = try file.integers("input.ids")
    let types = try file.integers("input.types")
    let labels = try file.integers("input.labels")
    var batch = MicroBatch()
    if !onlyQueries { batch.rows.queryRows = nil }
    let masked = labels.count { $0 != -100 }
    for (sequence, length) in lengths.enumerated() {
      for position in 0..<length {
        let at = sequence * width + position
        let isTarget = labels[at] != -100
        let all = Int32(batch.rows.count)
        let row = onlyQueries ? Int32(batch.queryCount) : all
        if onlyQueries && (isTarget || position == 0) { batch.rows.queryRows?.append(all) }
        batch.rows.append(
          token: Int32(ids[at]), position: position, segment: Int32(types[at]), prefixLength: length)
        if position == 0 { batch.segmentRows.append(row) }
        if isTarget {
          batch.targets.append(Target(token: Int32(labels[at]), row: row, objective: .mlm))
        }
      }
      batch.rows.endSequence()
    }
    batch.weigh { _ in 1 / Float(masked) }
    batch.segmentLabels = try file.integers("input.next").map { Int32($0) }
    return batch
  }

  /// The rows of a `[B, T, …]` tensor that are real, one after another.
  func realRows(_ name: String, columns: Int) throws -> [Float] {
    let values = try file.floats(name)
    return lengths.enumerated().flatMap { sequence, length in
      values[sequence * width * columns..<(sequence * width + length) * columns]
    }
  }
}
