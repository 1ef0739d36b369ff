import CKernels

/// Where the sequences of a packed batch lie, and which keys each query sees.
///
/// A query sees the first `visible` rows of its sequence and always its own row. Bidirectional: `visible` is the length;
/// causal: `own + 1`; a `[MASK]` that stands for position p: `visible` is p, `own` its own row behind the history.
package struct AttentionPlan: Sendable, Hashable {
  /// The first key row of each sequence, and the end: `[sequences + 1]`.
  package var keyOffsets: [Int32]
  /// The first query row of each sequence, and the end: `[sequences + 1]`; fewer than keys where only some rows are needed.
  package var queryOffsets: [Int32]
  /// `[queries]`.
  package var visible: [Int32]
  /// `[queries]`, the query's row within its sequence.
  package var own: [Int32]

  package init(keyOffsets: [Int32], queryOffsets: [Int32], visible: [Int32], own: [Int32]) {
    self.keyOffsets = keyOffsets
    self.queryOffsets = queryOffsets
    self.visible = visible
    self.own = own
  }

  /// Every row is a query and sees its whole sequence, or what came before it.
  package init(lengths: [Int], causal: Bool = false) {
    let offsets = lengths.reduce(into: [Int32(0)]) { $0.append($0[$0.count - 1] + Int32($1)) }
    let own = lengths.flatMap { (0..<Int32($0)) }
    let visible = lengths.flatMap { length in (0..<Int32(length)).map { causal ? $0 + 1 : Int32(length) } }
    self.init(keyOffsets: offsets, queryOffsets: offsets, visible: visible, own: own)
  }

  package var sequences: Int { keyOffsets.count - 1 }
  package var longestSequence: Int { zip(keyOffsets, keyOffsets.dropFirst()).map { Int($1 - $0) }.max() ?? 0 }

  /// Offsets ascend from 0 to `keys` and `queries`, and nobody sees beyond the own sequence.
  func check(queries: Int, keys: Int) {
    precondition(
      keyOffsets.count == queryOffsets.count && keyOffsets.first == 0 && queryOffsets.first == 0,
      "\(keyOffsets.count) key offsets, \(queryOffsets.count) query offsets")
    precondition(keyOffsets.last.map(Int.init) == keys, "key offsets end at \(keyOffsets.last ?? 0) of \(keys) rows")
    precondition(
      queryOffsets.last.map(Int.init) == queries && visible.count == queries && own.count == queries,
      "\(visible.count) visible counts, \(own.count) own rows for \(queries) queries")
    for sequence in 0..<sequences {
      let length = keyOffsets[sequence + 1] - keyOffsets[sequence]
      precondition(
        length >= 0 && queryOffsets[sequence + 1] >= queryOffsets[sequence], "offsets of sequence \(sequence) descend")
      for query in Int(queryOffsets[sequence])..<Int(queryOffsets[sequence + 1]) {
        precondition(
          visible[query] >= 0 && visible[query] <= length && own[query] >= 0 && own[query] < length,
          "query \(query) sees \(visible[query]) rows and its own row \(own[query]) of a sequence of \(length)")
      }
    }
  }
}

/// What attention's forward pass leaves for its backward pass: room for plans of at most so many queries.
///
/// The exponentials of the scores are kept up to 4 MB, which is cheaper than a product and the exponentials again; a plan
/// that needs more has them made again in the backward pass, as Dao et al. 2022, arXiv:2205.14135, do.
package struct AttentionMemory: Sendable {
  /// `[queries, heads]`: one over each row's sum of exponentials, or that sum's logarithm where they are not kept.
  let normalizers: Matrix
  /// One row, tile after tile as they are made; nil where they never are kept.
  let exponentials: Matrix?

  package init(queries: Int, heads: Int, longestSequence: Int) {
    self.init(
      normalizers: Matrix(rows: queries, columns: heads),
      exponentials: Matrix(rows: 1, columns: cloze_attention_saved_count(queries, heads, longestSequence)))
  }

  private init(normalizers: Matrix, exponentials: Matrix?) {
    self.normalizers = normalizers
    self.exponentials = exponentials
  }

  /// The same for passes that nothing follows, or that shall take no more memory: no exponentials are kept.
  package var withoutExponentials: AttentionMemory {
    AttentionMemory(normalizers: normalizers, exponentials: nil)
  }

  /// As the kernels take it, for one plan; the same in both passes.
  func window(_ plan: cloze_attention_plan) -> cloze_attention_memory {
    let room = exponentials.flatMap { cloze_attention_exponentials(plan) <= $0.columns ? $0.base : nil }
    return cloze_attention_memory(normalizers: normalizers.window, exponentials: room)
  }
}
