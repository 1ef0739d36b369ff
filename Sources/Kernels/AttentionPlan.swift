import CKernels

/// The sequences of a packed batch, and the keys each query attends to: a prefix of its sequence, and its own row.
///
/// Bidirectional: the prefix is the whole sequence. Causal: it ends with the query's position. A `[MASK]` query for position p:
/// the prefix is p rows, and the query's own row stands behind the history.
package struct AttentionPlan: Sendable, Hashable {
  /// The first key row of each sequence, and the end: `[sequences + 1]`.
  package var keyOffsets: [Int32]
  /// The first query row of each sequence, and the end: `[sequences + 1]`; fewer than keys where only some rows are needed.
  package var queryOffsets: [Int32]
  /// How many rows of its sequence each query attends to: `[queries]`.
  package var prefixLengths: [Int32]
  /// Each query's own row within its sequence: `[queries]`.
  package var queryPositions: [Int32]

  package init(keyOffsets: [Int32], queryOffsets: [Int32], prefixLengths: [Int32], queryPositions: [Int32]) {
    self.keyOffsets = keyOffsets
    self.queryOffsets = queryOffsets
    self.prefixLengths = prefixLengths
    self.queryPositions = queryPositions
  }

  /// Every row is a query and attends to its whole sequence or, causal, to the rows up to its own.
  package init(lengths: [Int], causal: Bool = false) {
    let offsets = lengths.reduce(into: [Int32(0)]) { $0.append($0[$0.count - 1] + Int32($1)) }
    let positions = lengths.flatMap { (0..<Int32($0)) }
    let prefixes = lengths.flatMap { length in (0..<Int32(length)).map { causal ? $0 + 1 : Int32(length) } }
    self.init(keyOffsets: offsets, queryOffsets: offsets, prefixLengths: prefixes, queryPositions: positions)
  }

  package var sequences: Int { keyOffsets.count - 1 }
  package var longestSequence: Int { zip(keyOffsets, keyOffsets.dropFirst()).map { Int($1 - $0) }.max() ?? 0 }

  /// Offsets must ascend from 0 to `keys` and `queries`, and no query may attend beyond its own sequence.
  func check(queries: Int, keys: Int) {
    precondition(
      keyOffsets.count == queryOffsets.count && keyOffsets.first == 0 && queryOffsets.first == 0,
      "\(keyOffsets.count) key offsets, \(queryOffsets.count) query offsets")
    precondition(keyOffsets.last.map(Int.init) == keys, "key offsets end at \(keyOffsets.last ?? 0) of \(keys) rows")
    precondition(
      queryOffsets.last.map(Int.init) == queries && prefixLengths.count == queries && queryPositions.count == queries,
      "\(prefixLengths.count) prefix lengths, \(queryPositions.count) query positions for \(queries) queries")
    for sequence in 0..<sequences {
      let length = keyOffsets[sequence + 1] - keyOffsets[sequence]
      precondition(
        length >= 0 && queryOffsets[sequence + 1] >= queryOffsets[sequence], "offsets of sequence \(sequence) descend")
      for query in Int(queryOffsets[sequence])..<Int(queryOffsets[sequence + 1]) {
        let (prefix, position) = (prefixLengths[query], queryPositions[query])
        precondition(
          prefix >= 0 && prefix <= length && position >= 0 && position < length,
          "query \(query) attends to \(prefix) rows and row \(position) of a sequence of \(length)")
      }
    }
  }
}

/// What attention's forward pass saves for its backward pass, for plans of a fixed number of queries at most.
///
/// The exponentials of the scores are saved up to 4 MB, which is cheaper than a product and the exponentials again; for a plan
/// that needs more the backward pass recomputes them, as in Dao et al. 2022, arXiv:2205.14135.
package struct AttentionMemory: Sendable {
  /// `[queries, heads]`: the reciprocal of each row's sum of exponentials, or the sum's logarithm where they are not saved.
  let normalizers: Matrix
  /// One row, tile after tile in the order of the forward pass; nil where they are never saved.
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

  /// The same without exponentials: for inference, or to save memory.
  package var withoutExponentials: AttentionMemory {
    AttentionMemory(normalizers: normalizers, exponentials: nil)
  }

  /// As the kernels take it, for one plan; the same in both passes.
  func window(_ plan: cloze_attention_plan) -> cloze_attention_memory {
    let saved = exponentials.flatMap { cloze_attention_exponentials(plan) <= $0.columns ? $0.base : nil }
    return cloze_attention_memory(normalizers: normalizers.window, exponentials: saved)
  }
}
