import SequentialModels

extension ModelConfiguration {
  /// The sizes and switches of a Hugging Face directory.
  package init(_ c: HuggingFaceConfiguration) {
    let encoder = BERTConfiguration(c, nextSegmentHead: false)
    self.init(
      hidden: encoder.hidden, layers: encoder.layers, heads: encoder.heads, inner: encoder.inner,
      length: encoder.positions, dropout: encoder.dropout, attentionDropout: encoder.attentionDropout,
      activation: encoder.activation, attention: encoder.attention, pooling: encoder.pooling, head: encoder.head,
      initialDeviation: Double(c.initializerRange))
  }
}
