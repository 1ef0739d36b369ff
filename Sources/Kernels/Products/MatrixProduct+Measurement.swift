extension MatrixProduct {
  /// GFLOP/s of one core in a layer's product (1,024 rows, 256 wide; two operations per multiply-add); takes a quarter of
  /// a second.
  package static func measuredGFLOPs() -> Double {
    let (rows, width) = (1024, 256)
    let left = Matrix(rows: rows, columns: width)
    let right = Matrix(rows: width, columns: width)
    let result = Matrix(rows: rows, columns: width)
    left.fill(0.5)
    right.fill(0.25)
    let clock = ContinuousClock()
    let end = clock.now + .milliseconds(250)
    var best = 0.0
    while clock.now < end {
      let time = clock.measure { multiply(left, right, into: result) }
      best = max(best, 2 * Double(rows * width * width) / (time / .nanoseconds(1)))
    }
    return best
  }
}
