/// The order of a network's tensors in one flat vector: decided once, read by parameters, gradients and moments alike.
package struct ParameterLayout: Sendable, Equatable {
  package private(set) var tensors: [ParameterTensor] = []
  private var indices: [String: Int] = [:]
  /// The length of the flat vector in floats.
  package private(set) var count = 0

  package init() {}

  /// Appends a tensor on a 64-byte boundary, or right behind the one before it where the two are also read as one.
  package mutating func add(_ name: String, _ shape: [Int], adjoining: Bool = false) -> ParameterTensor {
    precondition(indices[name] == nil, "the tensor \(name) stands twice in a layout")
    precondition(shape.allSatisfy { $0 > 0 }, "the tensor \(name) has the shape \(shape)")
    let offset = adjoining ? count : (count + 15) / 16 * 16
    let tensor = ParameterTensor(name: name, shape: shape, offset: offset, decays: shape.count > 1)
    indices[name] = tensors.count
    tensors.append(tensor)
    count = tensor.range.upperBound
    return tensor
  }

  /// Appends a tensor that is computed from others: parameters hold it, but it has no gradient and no moments, and no
  /// optimizer looks at it.
  package mutating func addSum(_ name: String, _ shape: [Int]) -> ParameterTensor {
    let tensor = ParameterTensor(name: name, shape: shape, offset: (count + 15) / 16 * 16, decays: false)
    count = tensor.range.upperBound
    return tensor
  }

  package subscript(name: String) -> ParameterTensor? { indices[name].map { tensors[$0] } }
}

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
