/// The rows of some tensors that a step touched: the gradient of every other row of theirs is zero.
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

  /// The flat ranges of the touched rows of `tensor`, neighbours joined.
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
