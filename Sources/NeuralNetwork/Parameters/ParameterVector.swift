import Kernels

/// The numbers of a layout in one block: parameters, a shard of their gradient, or an optimizer's moments.
package struct ParameterVector: Sendable {
  package let layout: ParameterLayout
  package let storage: FloatStorage

  /// All zeros.
  package init(_ layout: ParameterLayout) {
    self.layout = layout
    storage = FloatStorage(count: layout.count)
  }

  package subscript(tensor: ParameterTensor) -> Matrix {
    Matrix(storage: storage, offset: tensor.offset, rows: tensor.rows, columns: tensor.columns)
  }

  /// Tensors that adjoin each other, read as one matrix of all their rows (`[D, D]` three times → `[3D, D]`).
  package func joined(_ first: ParameterTensor, through last: ParameterTensor) -> Matrix {
    let count = last.range.upperBound - first.offset
    let columns = first.shape.count > 1 ? first.columns : count
    return Matrix(storage: storage, offset: first.offset, rows: count / columns, columns: columns)
  }

  /// A flat range as one row.
  package func flat(_ range: Range<Int>) -> Matrix {
    Matrix(storage: storage, offset: range.lowerBound, rows: 1, columns: range.count)
  }

  /// As BERT starts: matrices normal, biases 0, normalizations 1 and 0.
  ///
  /// - Parameter isGiven: whether the tensor of a name is overwritten anyway and left at 0; nothing is drawn for it.
  package init(startOf layout: ParameterLayout, seed: UInt64, deviation: Double, except isGiven: (String) -> Bool) {
    self.init(layout)
    for (index, tensor) in layout.tensors.enumerated() where !isGiven(tensor.name) {
      let start: Initialization =
        tensor.decays ? .normal(deviation: deviation) : .constant(tensor.name.hasSuffix("LayerNorm.weight") ? 1 : 0)
      start.fill(self[tensor], random: CounterRandom(seed: seed, .initialization, step: UInt64(index)))
    }
  }

  /// The whole vector as one row.
  package var all: Matrix { flat(0..<layout.count) }

  /// A vector of its own with the same numbers.
  package func copy() -> ParameterVector {
    let other = ParameterVector(layout)
    other.all.assign(all)
    return other
  }
}

/// The values a tensor starts from.
package enum Initialization: Sendable {
  /// Normal with mean 0, cut at two standard deviations, as BERT and BERT4Rec start their matrices.
  case normal(deviation: Double)
  case constant(Float)

  /// Overwrites `matrix`; the same `random` gives the same numbers.
  package func fill(_ matrix: Matrix, random: CounterRandom) {
    switch self {
    case .constant(let value): matrix.fill(value)
    case .normal(let deviation):
      var element: UInt64 = 0
      for row in 0..<matrix.rows {
        for column in 0..<matrix.columns {
          var draw = random.normal(element)
          element += 1
          while abs(draw) > 2 {
            draw = random.normal(element)
            element += 1
          }
          matrix[row, column] = Float(draw * deviation)
        }
      }
    }
  }
}
