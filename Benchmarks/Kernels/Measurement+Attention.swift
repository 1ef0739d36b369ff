import Kernels

extension Measurement {
  /// Attention over some 600 rows of sequences of one length.
  static func attention(length: Int, heads: Int, headWidth: Int, dropout: Dropout) -> [Measurement] {
    let sequences = max(1, 600 / length)
    let (rows, width) = (sequences * length, heads * headWidth)
    let plan = AttentionPlan(lengths: [Int](repeating: length, count: sequences))
    let projected = normal(rows, 3 * width, seed: 1)
    let parts = (0..<3).map { projected.columns($0 * width..<($0 + 1) * width) }
    let output = Matrix(rows: rows, columns: width)
    let memory = AttentionMemory(queries: rows, heads: heads, longestSequence: length)
    let gradient = normal(rows, width, seed: 2)
    let gradients = Matrix(rows: rows, columns: 3 * width)
    let gradientParts = (0..<3).map { gradients.columns($0 * width..<($0 + 1) * width) }
    let workspace = Matrix(
      rows: 1, columns: Attention.workspaceCount(longestSequence: length, heads: heads, headWidth: headWidth))
    let product = 2 * Double(sequences * length * length * width)
    let name = "attention \(sequences)×\(length), \(heads)×\(headWidth)\(dropout.probability > 0 ? ", dropout" : "")"
    func forward(values: Matrix, dropout: Dropout) {
      Attention.forward(
        queries: parts[0], keys: parts[1], values: values, heads: heads, plan: plan, dropout: dropout, rowBase: 0,
        output: output, memory: memory, workspace: workspace)
    }
    func backward(dropout: Dropout) {
      Attention.backward(
        outputGradient: gradient, queries: parts[0], keys: parts[1], values: parts[2], output: output,
        memory: memory, heads: heads, plan: plan, dropout: dropout, rowBase: 0, queryGradient: gradientParts[0],
        keyGradient: gradientParts[1], valueGradient: gradientParts[2], workspace: workspace)
    }
    return [
      Measurement(
        name: "\(name), forward", unit: .arithmetic, work: 2 * product,
        fault: {
          // Probabilities add up to one: they leave values that are all one as they are.
          let ones = Matrix(rows: rows, columns: width)
          ones.fill(1)
          forward(values: ones, dropout: .none)
          defer { forward(values: parts[2], dropout: dropout) }
          return output.values.lazy.compactMap { differs("a sum of probabilities", Double($0), from: 1, by: 1e-5) }
            .first
        }, run: { forward(values: parts[2], dropout: dropout) }),
      Measurement(
        name: "\(name), backward", unit: .arithmetic,
        work: Double(Attention.backwardProducts(plan, heads: heads, memory: memory)) * product,
        fault: {
          // For the same reason the gradients of the values add up to those of the output.
          forward(values: parts[2], dropout: .none)
          backward(dropout: .none)
          defer { forward(values: parts[2], dropout: dropout) }
          return (0..<width).lazy.compactMap { column -> String? in
            let given: Float = gradient.columns(column..<column + 1).values.reduce(0, +)
            let found: Float = gradientParts[2].columns(column..<column + 1).values.reduce(0, +)
            return differs("the sum of value gradients", Double(found), from: Double(given), by: 1e-3)
          }.first
        }, run: { backward(dropout: dropout) }),
    ]
  }
}
