/// Sums in a fixed order, whatever the number of threads.
package enum Reduction {
  /// Overwrites `into` with the sum of `lanes`, added in their order; `into` may be one of them.
  package static func sum(lanes: [Matrix], into: Matrix) {
    precondition(!lanes.isEmpty && into.isContiguous, "the sum of \(lanes.count) lanes")
    for lane in lanes { lane.requireCount(into.count, "lane") }
    let bases = lanes.map { UnsafePointer($0.base) as UnsafePointer<Float>? }
    bases.withUnsafeBufferPointer {
      Processor.kernels.sum_of_lanes($0.baseAddress, lanes.count, into.base, into.count)
    }
  }

  /// The sum of the squares of all numbers.
  package static func sumOfSquares(_ matrix: Matrix) -> Double { dot(matrix, matrix) }

  /// The sum of the products of numbers at the same place.
  package static func dot(_ a: Matrix, _ b: Matrix) -> Double {
    b.require(a.rows, a.columns, "right side of a dot product")
    if a.isContiguous && b.isContiguous { return Processor.kernels.dot(a.base, b.base, a.count) }
    var sum = 0.0
    for row in 0..<a.rows {
      sum += Processor.kernels.dot(a.base + row * a.stride, b.base + row * b.stride, a.columns)
    }
    return sum
  }
}
