/// One named tensor of a network: where it stands in the flat vector, its shape, and how the optimiser treats it.
package struct ParameterTensor: Sendable, Hashable {
  /// The name in files, such as `bert.encoder.layer.0.output.dense.weight`.
  package let name: String
  package let shape: [Int]
  package let offset: Int
  /// Whether weight decay applies: matrices yes, biases and normalizations no.
  package let decays: Bool

  package var count: Int { shape.reduce(1, *) }
  /// A vector counts as one row.
  package var rows: Int { shape.count > 1 ? shape[0] : 1 }
  package var columns: Int { shape.last ?? 1 }
  package var range: Range<Int> { offset..<offset + count }
}
