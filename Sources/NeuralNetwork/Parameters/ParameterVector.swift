import Collectives
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
  ///   - items: where a table is spread over processes, which then all call this; each keeps its rows and draws few others.
  ///   - isGiven: whether the tensor of a name is overwritten anyway and left at 0; nothing is drawn for it.
  package init(
    startOf layout: ParameterLayout, seed: UInt64, deviation: Double, items: ItemShards? = nil,
    except isGiven: (String) -> Bool
  ) {
    if let items { self.init(sparse: layout, held: items.held) } else { self.init(layout) }
    for (index, tensor) in layout.tensors.enumerated() where !isGiven(tensor.name) {
      let start: Initialization =
        tensor.decays ? .normal(deviation: deviation) : .constant(tensor.name.hasSuffix("LayerNorm.weight") ? 1 : 0)
      let random = CounterRandom(seed: seed, .initialization, step: UInt64(index))
      let spread = items.flatMap { $0.table == tensor ? $0 : nil }
      start.fill(self[tensor], rows: spread?.own, random: random, with: spread?.processes ?? OneProcess())
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
  ///
  /// - Parameter processes: which all fill rows of such a matrix and count for each other how far the numbers before them reach.
  package func fill(
    _ matrix: Matrix, rows: Range<Int>? = nil, random: CounterRandom, with processes: any Processes = OneProcess()
  ) {
    let rows = rows ?? 0..<matrix.rows
    switch self {
    case .constant(let value): matrix.rows(rows).fill(value)
    case .normal(let deviation):
      var draws = CutNormals(random, from: rows.lowerBound * matrix.columns, of: matrix.count, with: processes)
      for row in rows {
        for column in 0..<matrix.columns { matrix[row, column] = Float(draws.next() * deviation) }
      }
    }
  }
}

/// The numbers of a stream that are at most two deviations from 0, one behind the other.
private struct CutNormals {
  private let random: CounterRandom
  private var element: UInt64 = 0

  /// Stands before number `start` of `count`.
  ///
  /// Which elements of the stream are numbers shows only when they are drawn. So each of several processes counts those of a
  /// part of the stream, and none draws what stands before its own; two would draw as much as without.
  init(_ random: CounterRandom, from start: Int, of count: Int, with processes: any Processes) {
    self.random = random
    var left = start
    if processes.count > 2 {
      let block = max(16, count / (64 * processes.count))
      // A twentieth of the elements are no numbers; what is not counted is drawn.
      let counts = processes.gather(
        processes.share(of: count / block).map { part in
          (part * block..<(part + 1) * block).count { abs(random.normal(UInt64($0))) <= 2 }
        }
      ).flatMap(\.self)
      for numbers in counts {
        if numbers > left { break }
        left -= numbers
        element += UInt64(block)
      }
    }
    for _ in 0..<left { _ = next() }
  }

  mutating func next() -> Double {
    while true {
      defer { element += 1 }
      let draw = random.normal(element)
      if abs(draw) <= 2 { return draw }
    }
  }
}
