import Kernels
import TestSupport
import Testing

@Suite struct AttentionTests {
  /// Bidirectional; causal; a few `[MASK]` queries behind the history, and queries of some rows alone.
  static let plans = [
    AttentionPlan(lengths: [1, 17, 3]),
    AttentionPlan(lengths: [9, 0, 23], causal: true),
    AttentionPlan(
      keyOffsets: [0, 13, 20], queryOffsets: [0, 4, 6], prefixLengths: [3, 0, 10, 13, 5, 7],
      queryPositions: [11, 12, 10, 4, 6, 0]),
  ]

  @Test(arguments: plans, [(1, 1), (2, 8), (3, 17), (1, 64)])
  func shortSequencesAgreeWithTheScalarFormula(plan: AttentionPlan, shape: (heads: Int, width: Int)) {
    for saves in [true, false] { check(plan, heads: shape.heads, width: shape.width, saves: saves) }
  }

  @Test(arguments: [AttentionPlan(lengths: [97, 2]), AttentionPlan(lengths: [90], causal: true)])
  func severalTilesOfQueriesAgreeWithTheScalarFormula(plan: AttentionPlan) {
    for saves in [true, false] { check(plan, heads: 2, width: 3, saves: saves) }
  }

  /// 2 heads of 1,030 · 1,030 exponentials are more than are saved: nothing may be written beyond their memory.
  @Test func aPlanTooLargeToSaveRecomputesItsExponentials() {
    let plan = AttentionPlan(
      keyOffsets: [0, 1030], queryOffsets: [0, 1030], prefixLengths: [Int32](repeating: 2, count: 1030),
      queryPositions: (0..<1030).map { Int32($0) })
    check(plan, heads: 2, width: 1, saves: true)
  }

  private func check(_ plan: AttentionPlan, heads: Int, width: Int, saves: Bool) {
    let columns = heads * width
    let rows = Int(plan.keyOffsets[plan.keyOffsets.count - 1])
    let count = plan.prefixLengths.count
    let q = Grid.random(count, columns, seed: 1)
    let k = Grid.random(rows, columns, seed: 2)
    let v = Grid.random(rows, columns, seed: 3)
    let dropout = heads == 1 ? Dropout.none : Dropout(probability: 0.2, key: 5)
    // Keys and values are windows of one matrix, as they are behind one projection.
    let both = Matrix(rows: rows, columns: 2 * columns)
    let keys = both.columns(0..<columns)
    let values = both.columns(columns..<2 * columns)
    keys.assign(k.matrix())
    values.assign(v.matrix())
    let output = Matrix(rows: count, columns: columns)
    let all = AttentionMemory(queries: count, heads: heads, longestSequence: plan.longestSequence)
    let memory = saves ? all : all.withoutExponentials
    let workspace = Matrix(
      rows: 1,
      columns: Attention.workspaceCount(longestSequence: plan.longestSequence, heads: heads, headWidth: width))
    workspace.fill(.nan)
    Attention.forward(
      queries: q.matrix(gap: 1), keys: keys, values: values, heads: heads, plan: plan, dropout: dropout, rowBase: 7,
      output: output, memory: memory, workspace: workspace)
    func forward<S>(_ x: [Grid<S>]) -> Grid<S> {
      Reference.attention(
        queries: x[0], keys: x[1], values: x[2], heads: heads, plan: plan, dropout: dropout, rowBase: 7)
    }
    #expect(forward([q, k, v]).distance(output) < 2e-5)

    let weights = Grid.random(count, columns, seed: 4)
    let queryGradient = Matrix(rows: count, columns: columns)
    let gradients = Matrix(rows: rows, columns: 2 * columns)
    gradients.fill(.nan)
    workspace.fill(.nan)
    Attention.backward(
      outputGradient: weights.matrix(), queries: q.matrix(), keys: keys, values: values, output: output,
      memory: memory, heads: heads, plan: plan, dropout: dropout, rowBase: 7, queryGradient: queryGradient,
      keyGradient: gradients.columns(0..<columns), valueGradient: gradients.columns(columns..<2 * columns),
      workspace: workspace)
    let error = derivativeError(
      [q, k, v], [queryGradient, gradients.columns(0..<columns), gradients.columns(columns..<2 * columns)]
    ) { weighted(forward($0), weights) }
    #expect(error < 1e-5)
  }
}
