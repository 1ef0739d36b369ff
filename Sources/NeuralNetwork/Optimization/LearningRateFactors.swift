/// Factors on the learning rate: one per tensor, and another for the last rows of some; 0 keeps numbers as they are.
package struct LearningRateFactors: Sendable, Equatable {
  private struct Tail: Sendable, Equatable {
    var firstRow: Int
    var factor: Float
  }

  private var tensors: [String: Float] = [:]
  private var tails: [String: Tail] = [:]

  /// All tensors learn at 1.
  package init() {}

  /// Sets the factor of a whole tensor, the rows of `set(_:of:from:)` excepted.
  package mutating func set(_ factor: Float, of tensor: ParameterTensor) { tensors[tensor.name] = factor }

  /// Sets the factor of the rows of `tensor` from `row` on; a vector of n numbers counts as n rows of one.
  package mutating func set(_ factor: Float, of tensor: ParameterTensor, from row: Int) {
    tails[tensor.name] = Tail(firstRow: row, factor: factor)
  }

  /// The flat ranges of `tensor` that have a factor of their own, in order.
  func parts(of tensor: ParameterTensor) -> [(range: Range<Int>, factor: Float)] {
    let factor = tensors[tensor.name] ?? 1
    guard let tail = tails[tensor.name] else { return [(tensor.range, factor)] }
    let width = tensor.shape.count > 1 ? tensor.columns : 1
    let cut = min(tensor.offset + tail.firstRow * width, tensor.range.upperBound)
    return [(tensor.offset..<cut, factor), (cut..<tensor.range.upperBound, tail.factor)].filter { !$0.0.isEmpty }
  }
}

/// The rows of some tensors that a step updates: the gradient of every other row of theirs is zero.
///
/// A vector of n numbers counts as n rows of one.
package struct SparseRows: Sendable {
  package let tensors: [ParameterTensor]
  /// Ascending, none twice.
  package let rows: [Int32]

  package init(tensors: [ParameterTensor], rows: [Int32]) {
    self.tensors = tensors
    self.rows = rows
  }

  /// The flat ranges of the updated rows of `tensor`, neighbors joined.
  func ranges(of tensor: ParameterTensor) -> [Range<Int>] {
    let width = tensor.shape.count > 1 ? tensor.columns : 1
    var ranges: [Range<Int>] = []
    for row in rows {
      let start = tensor.offset + Int(row) * width
      if let last = ranges.last, last.upperBound == start {
        ranges[ranges.count - 1] = last.lowerBound..<start + width
      } else {
        ranges.append(start..<start + width)
      }
    }
    return ranges
  }
}
