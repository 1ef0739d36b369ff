import CKernels

/// Scaled dot-product attention of packed sequences.
///
///     P = softmax(Q · Kᵀ / √d)  over a query's keys        output = dropout(P) · V        per head
///
/// Head h is columns `h · d ..< (h + 1) · d` of queries, keys, values and output. Probabilities are computed tile by tile; `memory`
/// carries their exponentials to the backward pass, or the sums of their rows alone where they would take too much of it.
/// - Shapes: `queries`, `output` `[queries, heads · d]`; `keys`, `values` `[keys, heads · d]`; `memory` for at least as many
///   queries. Windows of one matrix are fine. The dropout row of a query's head is `(rowBase + query) · heads + head`, its
///   column the key.
/// - Workspace: `workspaceCount` floats without gaps.
/// - Source: Vaswani et al. 2017, arXiv:1706.03762; the recomputation of Dao et al. 2022, arXiv:2205.14135.
package enum Attention {
  /// Overwrites `output`, `memory` and the workspace.
  package static func forward(
    queries: Matrix, keys: Matrix, values: Matrix, heads: Int, plan: AttentionPlan, dropout: Dropout, rowBase: Int,
    output: Matrix, memory: AttentionMemory, workspace: Matrix
  ) {
    check(queries, keys, values, heads, plan, output, memory, workspace)
    withPlan(plan, heads) {
      Processor.kernels.attention_forward(
        queries.window, keys.window, values.window, $0, dropout.parameters(rowBase: rowBase), output.window,
        memory.window($0), workspace.base)
    }
  }

  /// Overwrites the three gradients and the workspace.
  package static func backward(
    outputGradient: Matrix, queries: Matrix, keys: Matrix, values: Matrix, output: Matrix,
    memory: AttentionMemory, heads: Int, plan: AttentionPlan, dropout: Dropout, rowBase: Int, queryGradient: Matrix,
    keyGradient: Matrix, valueGradient: Matrix, workspace: Matrix
  ) {
    check(queries, keys, values, heads, plan, output, memory, workspace)
    outputGradient.require(output.rows, output.columns, "output gradient")
    queryGradient.require(queries.rows, queries.columns, "query gradient")
    keyGradient.require(keys.rows, keys.columns, "key gradient")
    valueGradient.require(values.rows, values.columns, "value gradient")
    withPlan(plan, heads) {
      Processor.kernels.attention_backward(
        outputGradient.window, queries.window, keys.window, values.window, output.window, memory.window($0), $0,
        dropout.parameters(rowBase: rowBase), queryGradient.window, keyGradient.window, valueGradient.window,
        workspace.base)
    }
  }

  /// Floats of workspace one caller needs.
  package static func workspaceCount(longestSequence: Int, heads: Int, headWidth: Int) -> Int {
    cloze_attention_workspace(longestSequence, headWidth)
  }

  /// Products of queries × keys × width in the backward pass of `plan`: four, and a fifth for the scores where `memory` does not
  /// save their exponentials.
  package static func backwardProducts(_ plan: AttentionPlan, heads: Int, memory: AttentionMemory) -> Int {
    withPlan(plan, heads) { memory.window($0).exponentials == nil ? 5 : 4 }
  }

  private static func withPlan<Result>(
    _ plan: AttentionPlan, _ heads: Int, _ body: (cloze_attention_plan) -> Result
  ) -> Result {
    plan.keyOffsets.withUnsafeBufferPointer { keyOffsets in
      plan.queryOffsets.withUnsafeBufferPointer { queryOffsets in
        plan.prefixLengths.withUnsafeBufferPointer { prefixLengths in
          plan.queryPositions.withUnsafeBufferPointer { queryPositions in
            body(
              cloze_attention_plan(
                sequences: plan.sequences, heads: heads, key_offsets: keyOffsets.baseAddress,
                query_offsets: queryOffsets.baseAddress, prefix_lengths: prefixLengths.baseAddress,
                query_positions: queryPositions.baseAddress))
          }
        }
      }
    }
  }

  private static func check(
    _ queries: Matrix, _ keys: Matrix, _ values: Matrix, _ heads: Int, _ plan: AttentionPlan, _ output: Matrix,
    _ memory: AttentionMemory, _ workspace: Matrix
  ) {
    precondition(heads >= 1 && queries.columns % heads == 0, "\(heads) heads of \(queries.columns) columns")
    keys.require(keys.rows, queries.columns, "keys")
    values.require(keys.rows, queries.columns, "values")
    output.require(queries.rows, queries.columns, "output")
    precondition(
      memory.normalizers.rows >= queries.rows && memory.normalizers.columns == heads,
      "a memory of \(memory.normalizers.rows)×\(memory.normalizers.columns) for \(queries.rows) queries, \(heads) heads"
    )
    plan.check(queries: queries.rows, keys: keys.rows)
    let needed = workspaceCount(
      longestSequence: plan.longestSequence, heads: heads, headWidth: queries.columns / heads)
    precondition(
      workspace.isContiguous && workspace.count >= needed,
      "a workspace of \(workspace.count) floats where \(needed) are required")
  }
}
