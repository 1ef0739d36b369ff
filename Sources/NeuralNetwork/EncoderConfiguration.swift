import Kernels

/// The sizes and switches of a post-norm transformer encoder, as in BERT: what its layers are built from, and what
/// `config.json` and `cloze.json` keep of it.
package struct EncoderConfiguration: Codable, Sendable, Equatable {
  /// Which items a history position sees: all, or those up to itself. The `[MASK]` at the tail sees all in both.
  package enum AttentionSpan: String, Codable, Sendable, CaseIterable { case bidirectional, causal }
  /// Whether the scored vector passes BERT's head transform, or meets the item table as it is.
  package enum Head: String, Codable, Sendable, CaseIterable { case mlm, direct }

  package var vocabularySize: Int
  package var hidden: Int
  package var layers: Int
  package var heads: Int
  package var inner: Int
  /// The longest sequence, the `[MASK]` at the tail (and `[CLS]`, `[SEP]` where they are used) included.
  package var positions: Int
  package var segments: Int
  /// After the embeddings, and on each block's two branches.
  package var dropout: Float
  /// On the attention probabilities.
  package var attentionDropout: Float
  package var activation: Activation
  package var epsilon: Float
  package var attention: AttentionSpan
  package var pooling: Pooling
  package var head: Head
  /// Whether the tanh pooler and the two-way next-segment head are part of the network.
  package var nextSegmentHead: Bool
  /// Whether sequences begin with `[CLS]` even where nothing reads it, as when several poolings share one encoder.
  package var opensWithCLS: Bool?

  package init(
    vocabularySize: Int, hidden: Int = 64, layers: Int = 2, heads: Int = 2, inner: Int? = nil, positions: Int = 200,
    segments: Int = 2, dropout: Float = 0.1, attentionDropout: Float = 0.1, activation: Activation = .gelu,
    epsilon: Float = 1e-12, attention: AttentionSpan = .bidirectional, pooling: Pooling = .tail, head: Head = .mlm,
    nextSegmentHead: Bool = false, opensWithCLS: Bool? = nil
  ) {
    self.vocabularySize = vocabularySize
    self.hidden = hidden
    self.layers = layers
    self.heads = heads
    self.inner = inner ?? 4 * hidden
    self.positions = positions
    self.segments = segments
    self.dropout = dropout
    self.attentionDropout = attentionDropout
    self.activation = activation
    self.epsilon = epsilon
    self.attention = attention
    self.pooling = pooling
    self.head = head
    self.nextSegmentHead = nextSegmentHead
    self.opensWithCLS = opensWithCLS
  }

  /// Whether sequences begin with `[CLS]`.
  package var leadsWithCLS: Bool { pooling.readsCLS || nextSegmentHead || opensWithCLS == true }

  /// How many items a sequence may have when its last one is masked.
  package var itemLimit: Int { positions - (leadsWithCLS ? 1 : 0) }
}
