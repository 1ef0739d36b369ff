import Kernels

/// The sizes of a post-norm transformer encoder, as in BERT.
package struct TransformerShape: Sendable, Equatable {
  package var hidden: Int
  package var layers: Int
  package var heads: Int
  package var inner: Int
  package var activation: Activation
  package var epsilon: Float
  /// After the embeddings, and on each block's two branches.
  package var dropout: Float
  /// On the attention probabilities.
  package var attentionDropout: Float

  package init(
    hidden: Int, layers: Int, heads: Int, inner: Int, activation: Activation = .gelu, epsilon: Float = 1e-12,
    dropout: Float = 0, attentionDropout: Float = 0
  ) {
    precondition(hidden % heads == 0, "hidden \(hidden) is not a multiple of \(heads) heads")
    self.hidden = hidden
    self.layers = layers
    self.heads = heads
    self.inner = inner
    self.activation = activation
    self.epsilon = epsilon
    self.dropout = dropout
    self.attentionDropout = attentionDropout
  }
}
