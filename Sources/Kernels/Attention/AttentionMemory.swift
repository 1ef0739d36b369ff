import CKernels

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
      exponentials: Matrix(rows: 1, columns: cloze_attention_room(queries, heads, longestSequence)))
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
