import Foundation

/// What `config.json` says of a BERT: its sizes, activation, dropout and heads.
package struct HuggingFaceConfiguration: Sendable, Equatable {
  /// Which heads stand on the encoder, by the name of the class that opens it.
  package enum Architecture: String, Sendable, CaseIterable {
    /// The masked-item head.
    case maskedLM = "BertForMaskedLM"
    /// The masked-item head, and the next-segment head on the pooler.
    case preTraining = "BertForPreTraining"
    /// No head; the pooler.
    case model = "BertModel"
  }

  /// The function between the two products of a feed-forward block.
  package enum Activation: String, Sendable, CaseIterable {
    /// x · Φ(x), exact.
    case gelu
    /// x · Φ(x), its tanh approximation.
    case geluTanh = "gelu_new"
    case relu
  }

  package var architecture: Architecture
  package var vocabularySize: Int
  package var hiddenSize: Int
  package var layerCount: Int
  package var headCount: Int
  package var innerSize: Int
  package var positionCount: Int
  package var segmentCount: Int
  package var activation: Activation
  package var hiddenDropout: Double
  package var attentionDropout: Double
  package var layerNormEpsilon: Double
  /// The standard deviation new weights are drawn with.
  package var initializerRange: Double
  package var paddingID: Int

  /// A configuration; what is left out is as in BERT-base.
  package init(
    architecture: Architecture = .maskedLM, vocabularySize: Int, hiddenSize: Int, layerCount: Int, headCount: Int,
    innerSize: Int, positionCount: Int, segmentCount: Int = 2, activation: Activation = .gelu,
    hiddenDropout: Double = 0.1, attentionDropout: Double = 0.1, layerNormEpsilon: Double = 1e-12,
    initializerRange: Double = 0.02, paddingID: Int = 0
  ) {
    self.architecture = architecture
    self.vocabularySize = vocabularySize
    self.hiddenSize = hiddenSize
    self.layerCount = layerCount
    self.headCount = headCount
    self.innerSize = innerSize
    self.positionCount = positionCount
    self.segmentCount = segmentCount
    self.activation = activation
    self.hiddenDropout = hiddenDropout
    self.attentionDropout = attentionDropout
    self.layerNormEpsilon = layerNormEpsilon
    self.initializerRange = initializerRange
    self.paddingID = paddingID
  }
}
