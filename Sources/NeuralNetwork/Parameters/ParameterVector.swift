import Kernels

/// The numbers of a layout in one block: parameters, a shard of their gradient, or an optimizer's moments.
package struct ParameterVector: Sendable {
  package let layout: ParameterLayout
  package let storage: FloatStorage
  /// The flat ranges whose numbers this process keeps, ascending: all, unless other processes keep the rest.
  package let held: [Range<Int>]

  /// All zeros.
  package init(_ layout: ParameterLayout) {
    self.layout = layout
    storage = FloatStorage(count: layout.count)
    held = [0..<layout.count]
  }

  /// All zeros, which take memory where they are written only.
  ///
  /// - Parameter held: what this process keeps; all of it if nil.
  package init(sparse layout: ParameterLayout, held: [Range<Int>]? = nil) {
    self.layout = layout
    storage = FloatStorage(sparse: layout.count)
    self.held = held ?? [0..<layout.count]
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
  /// - Parameters:
  ///   - held: what this process keeps, in whole rows; all of it if nil.
  ///   - isGiven: whether the tensor of a name is overwritten anyway and left at 0; nothing is drawn for it.
  package init(
    startOf layout: ParameterLayout, seed: UInt64, deviation: Double, held: [Range<Int>]? = nil,
    except isGiven: (String) -> Bool
  ) {
    if let held { self.init(sparse: layout, held: held) } else { self.init(layout) }
    for (index, tensor) in layout.tensors.enumerated() where !isGiven(tensor.name) {
      let start: Initialization =
        tensor.decays ? .normal(deviation: deviation) : .constant(tensor.name.hasSuffix("LayerNorm.weight") ? 1 : 0)
      let random = CounterRandom(seed: seed, .initialization, step: UInt64(index))
      for range in self.held.map({ $0.clamped(to: tensor.range) }) where !range.isEmpty {
        let first = (range.lowerBound - tensor.offset) / tensor.columns
        let rows = first..<(range.upperBound - tensor.offset + tensor.columns - 1) / tensor.columns
        start.fill(self[tensor], rows: rows, random: random)
      }
    }
  }

  /// The whole vector as one row.
  package var all: Matrix { flat(0..<layout.count) }

  /// A vector of its own with the same numbers, as far as this process keeps them.
  package func copy() -> ParameterVector {
    let other = held == [0..<layout.count] ? ParameterVector(layout) : ParameterVector(sparse: layout, held: held)
    other.assign(self)
    return other
  }

  /// Overwrites what this process keeps by the numbers of `other`.
  package func assign(_ other: ParameterVector) {
    for range in held { flat(range).assign(other.flat(range)) }
  }
}

/// The values a tensor starts from.
package enum Initialization: Sendable {
  /// Normal with mean 0, cut at two standard deviations, as BERT and BERT4Rec start their matrices.
  case normal(deviation: Double)
  case constant(Float)

  /// Overwrites `rows` of `matrix`, all if nil; the same `random` gives each row the same numbers, whichever are wanted.
  package func fill(_ matrix: Matrix, rows: Range<Int>? = nil, random: CounterRandom) {
    let rows = rows ?? 0..<matrix.rows
    switch self {
    case .constant(let value): matrix.rows(rows).fill(value)
    case .normal(let deviation):
      var element: UInt64 = 0
      for row in 0..<rows.upperBound {
        for column in 0..<matrix.columns {
          var draw = random.normal(element)
          element += 1
          while abs(draw) > 2 {
            draw = random.normal(element)
            element += 1
          }
          if row >= rows.lowerBound { matrix[row, column] = Float(draw * deviation) }
        }
      }
    }
  }
}
