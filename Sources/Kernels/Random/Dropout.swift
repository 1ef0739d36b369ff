import CKernels

/// Which elements are dropped: a function of the key, the row in the whole batch and the column; nothing is stored.
///
///     factor(row, column) = hash(key, row, column) ≥ probability ? 1 / (1 − probability) : 0
///
/// Kernels count rows from their `rowBase`, so that a row keeps its mask however the batch is cut. The hash has 24 bits.
/// - Source: Srivastava et al. 2014 (inverted dropout, as PyTorch scales it).
package struct Dropout: Sendable, Hashable {
  package var probability: Float
  package var key: UInt64

  package init(probability: Float, key: UInt64) {
    precondition(probability >= 0 && probability < 1, "dropout of \(probability)")
    self.probability = probability
    self.key = key
  }

  /// Everything is kept.
  package static let none = Dropout(probability: 0, key: 0)

  func parameters(rowBase: Int) -> cloze_dropout {
    cloze_dropout(
      key: key, row_base: rowBase, threshold: Int32((probability * 0x1p24).rounded()), scale: 1 / (1 - probability))
  }
}
