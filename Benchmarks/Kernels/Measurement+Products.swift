import Kernels

extension Measurement {
  /// The products of a micro-batch of 512 rows: forward, gradient of the input, gradient of the weight.
  static func products(hidden: Int) -> [Measurement] {
    let rows = 512
    return [(hidden, 3 * hidden), (hidden, hidden), (hidden, 4 * hidden), (4 * hidden, hidden)].flatMap {
      inner, outer in
      [
        product("forward", normal(rows, inner, seed: 1), normal(outer, inner, seed: 2), rightTransposed: true),
        product("input gradient", normal(rows, outer, seed: 1), normal(outer, inner, seed: 2)),
        product("weight gradient", normal(rows, outer, seed: 1), normal(rows, inner, seed: 2), leftTransposed: true),
      ]
    }
  }

  private static func product(
    _ role: String, _ left: Matrix, _ right: Matrix, leftTransposed: Bool = false, rightTransposed: Bool = false
  ) -> Measurement {
    let (rows, depth) = leftTransposed ? (left.columns, left.rows) : (left.rows, left.columns)
    let columns = rightTransposed ? right.rows : right.columns
    let result = Matrix(rows: rows, columns: columns)
    return Measurement(
      name: "product \(rows)×\(depth)×\(columns), \(role)", unit: .arithmetic, work: 2 * Double(rows * depth * columns),
      fault: {
        // Every entry of a few rows, by the definition.
        for row in stride(from: 0, to: rows, by: 97) {
          for column in 0..<columns {
            var entry = 0.0
            for k in 0..<depth {
              let a: Float = leftTransposed ? left[k, row] : left[row, k]
              let b: Float = rightTransposed ? right[column, k] : right[k, column]
              entry += Double(a) * Double(b)
            }
            let found = Double(result[row, column])
            if let fault = differs("[\(row), \(column)]", found, from: entry, by: 1e-3) { return fault }
          }
        }
        return nil
      },
      run: {
        MatrixProduct.multiply(
          left, right, leftTransposed: leftTransposed, rightTransposed: rightTransposed, into: result)
      })
  }
}
