import NeuralNetwork
import Kernels
import SequentialModels

/// The sizes and switches of a model that do not depend on the log.
package struct ModelConfiguration: Codable, Sendable, Equatable {
  package var hidden: Int
  package var layers: Int
  package var heads: Int
  /// The width between a block's two dense layers; nil for four times `hidden`.
  package var inner: Int?
  /// The longest sequence, the `[MASK]` at its tail included.
  package var length: Int
  package var dropout: Float
  package var attentionDropout: Float
  package var activation: Activation
  package var attention: EncoderConfiguration.AttentionSpan
  package var pooling: Pooling
  package var head: EncoderConfiguration.Head
  /// Whether the network has BERT's pooler and next-segment head; its sequences then begin with `[CLS]`.
  package var nextSegmentHead: Bool
  /// Whether sequences begin with `[CLS]` even where nothing reads it, as when several poolings share one encoder.
  package var opensWithCLS: Bool
  /// Deviation of the matrices' first values.
  package var initialDeviation: Double
  /// What item rows are made of beside their ids; nil for ids alone.
  package var features: FeatureConfiguration?

  package init(
    hidden: Int = 64, layers: Int = 2, heads: Int = 2, inner: Int? = nil, length: Int = 200, dropout: Float = 0.1,
    attentionDropout: Float = 0.1, activation: Activation = .gelu,
    attention: EncoderConfiguration.AttentionSpan = .bidirectional, pooling: Pooling = .tail,
    head: EncoderConfiguration.Head = .mlm, nextSegmentHead: Bool = false, opensWithCLS: Bool = false,
    initialDeviation: Double = 0.02, features: FeatureConfiguration? = nil
  ) {
    self.hidden = hidden
    self.layers = layers
    self.heads = heads
    self.inner = inner
    self.length = length
    self.dropout = dropout
    self.attentionDropout = attentionDropout
    self.activation = activation
    self.attention = attention
    self.pooling = pooling
    self.head = head
    self.nextSegmentHead = nextSegmentHead
    self.opensWithCLS = opensWithCLS
    self.initialDeviation = initialDeviation
    self.features = features
  }

  /// The encoder for a vocabulary of `size` tokens.
  package func encoder(vocabulary size: Int) -> EncoderConfiguration {
    EncoderConfiguration(
      vocabularySize: size, hidden: hidden, layers: layers, heads: heads, inner: inner, positions: length,
      dropout: dropout, attentionDropout: attentionDropout, activation: activation, attention: attention,
      pooling: pooling, head: head, nextSegmentHead: nextSegmentHead,
      opensWithCLS: opensWithCLS ? true : nil)
  }
}
