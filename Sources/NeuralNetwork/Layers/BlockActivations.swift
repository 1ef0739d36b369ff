import Kernels

/// What one block's forward pass leaves for its backward pass: room for `rows` rows, made once.
package struct BlockActivations: Sendable {
  let qkv, queries, asking, attended: Matrix
  let attention: AttentionMemory
  let firstSum, middle, firstMean, firstReciprocal: Matrix
  let slope, activated: Matrix
  let secondSum, output, secondMean, secondReciprocal: Matrix

  init(_ configuration: EncoderConfiguration, rows: Int, longestSequence: Int) {
    let d = configuration.hidden
    qkv = Matrix(rows: rows, columns: 3 * d)
    queries = Matrix(rows: rows, columns: d)
    asking = Matrix(rows: rows, columns: d)
    attended = Matrix(rows: rows, columns: d)
    attention = AttentionMemory(queries: rows, heads: configuration.heads, longestSequence: longestSequence)
    firstSum = Matrix(rows: rows, columns: d)
    middle = Matrix(rows: rows, columns: d)
    firstMean = Matrix(rows: rows, columns: 1)
    firstReciprocal = Matrix(rows: rows, columns: 1)
    slope = Matrix(rows: rows, columns: configuration.inner)
    activated = Matrix(rows: rows, columns: configuration.inner)
    secondSum = Matrix(rows: rows, columns: d)
    output = Matrix(rows: rows, columns: d)
    secondMean = Matrix(rows: rows, columns: 1)
    secondReciprocal = Matrix(rows: rows, columns: 1)
  }
}

/// Room that every block of a lane uses in turn; nothing in it outlives a block.
package struct BlockScratch: Sendable {
  let middle, branch, inner, attended, qkv, queries, asking, attention: Matrix

  init(_ configuration: EncoderConfiguration, rows: Int, longestSequence: Int) {
    let d = configuration.hidden
    middle = Matrix(rows: rows, columns: d)
    branch = Matrix(rows: rows, columns: d)
    inner = Matrix(rows: rows, columns: configuration.inner)
    attended = Matrix(rows: rows, columns: d)
    qkv = Matrix(rows: rows, columns: 3 * d)
    queries = Matrix(rows: rows, columns: d)
    asking = Matrix(rows: rows, columns: d)
    attention = Matrix(
      rows: 1,
      columns: Attention.workspaceCount(
        longestSequence: longestSequence, heads: configuration.heads, headWidth: d / configuration.heads))
  }
}
