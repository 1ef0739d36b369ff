import Kernels

/// Keys and values of rows that were computed earlier, those of all layers side by side.
///
/// In a causal encoder they depend on nothing behind their row, so that a sequence that goes on computes its new rows alone.
package struct KeysAndValues: Sendable {
  /// `[rows, layers · 2 · hidden]`: for each layer the keys, then the values.
  let matrix: Matrix
  private let hidden: Int

  /// Memory for `rows` rows, which costs nothing before they are written.
  package init(_ configuration: EncoderConfiguration, rows: Int) {
    hidden = configuration.hidden
    matrix = Matrix(rows: rows, columns: Self.columns(configuration))
  }

  /// Floats of one row.
  package static func columns(_ configuration: EncoderConfiguration) -> Int {
    configuration.layers * 2 * configuration.hidden
  }

  /// Keys and values of one layer, `[rows, 2 · hidden]`.
  func layer(_ index: Int) -> Matrix { matrix.columns(index * 2 * hidden..<(index + 1) * 2 * hidden) }
}

/// What stands before the rows of each sequence of a pass and is not computed again.
package struct PastRows: Sendable {
  let store: KeysAndValues
  /// The row of the store of each past position, sequence after sequence.
  private(set) var rows: [Int32] = []
  /// `[sequences + 1]` where each sequence's begin.
  private(set) var offsets: [Int32] = [0]

  package init(_ store: KeysAndValues) { self.store = store }

  mutating func append(_ rows: some Collection<Int32>) { self.rows += rows }
  mutating func endSequence() { offsets.append(Int32(rows.count)) }

  /// How many were appended since the last sequence ended.
  var open: Int32 { Int32(rows.count) - offsets[offsets.count - 1] }

  func rows(of sequence: Int) -> ArraySlice<Int32> { rows[Int(offsets[sequence])..<Int(offsets[sequence + 1])] }
}

extension TransformerBlock {
  /// Attention of a pass in which sequences go on: keys and values from the store, then those of the new rows.
  ///
  /// One sequence at a time, so that what is copied stays in the cache.
  /// - Shapes: `queries` `[queries, hidden]`, `keysValues` `[rows, 2 · hidden]` of the new rows.
  func attend(
    _ queries: Matrix, keysValues: Matrix, behind past: PastRows, plan: AttentionPlan, output: Matrix,
    memory: AttentionMemory, scratch: BlockScratch
  ) {
    let d = configuration.hidden
    let store = past.store.layer(index)
    for sequence in 0..<plan.sequences {
      let rows = Int(plan.keyOffsets[sequence])..<Int(plan.keyOffsets[sequence + 1])
      let own = Int(plan.queryOffsets[sequence])..<Int(plan.queryOffsets[sequence + 1])
      let before = Array(past.rows(of: sequence))
      var all = keysValues.rows(rows)
      if !before.isEmpty {
        all = scratch.keysValues.prefix(before.count + rows.count)
        Rows.gather(store, before, into: all.prefix(before.count))
        all.rows(before.count..<all.rows).assign(keysValues.rows(rows))
      }
      Attention.forward(
        queries: queries.rows(own), keys: all.columns(0..<d), values: all.columns(d..<2 * d),
        heads: configuration.heads,
        plan: AttentionPlan(
          keyOffsets: [0, Int32(all.rows)], queryOffsets: [0, Int32(own.count)],
          prefixLengths: Array(plan.prefixLengths[own]), queryPositions: Array(plan.queryPositions[own])),
        dropout: .none, rowBase: 0, output: output.rows(own), memory: memory, workspace: scratch.attention)
    }
  }
}

extension EncoderWorkspace {
  /// Copies the keys and values that the last forward pass computed for rows from `first` on into the rows `targets` of a store.
  package func copyKeysValues(from first: Int, into store: KeysAndValues, at targets: ArraySlice<Int32>) {
    let targets = Array(targets)
    for (index, block) in blocks.enumerated() {
      let d = block.output.columns
      let rows = block.qkv.columns(d..<3 * d).rows(first..<first + targets.count)
      Rows.scatter(rows, targets, into: store.layer(index))
    }
  }
}
