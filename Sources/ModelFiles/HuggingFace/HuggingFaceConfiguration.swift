import Kernels

/// What `config.json` says of a BERT: its sizes, activation, dropout and heads.
package struct HuggingFaceConfiguration: Sendable, Equatable {
  /// Which heads stand on the encoder, by the name of the class that opens it.
  package enum Architecture: String, Sendable, CaseIterable {
    /// The masked-item head.
    case maskedLM = "BertForMaskedLM"
    /// The masked-item head, and the next-segment head on the pooler.
    case preTraining = "BertForPreTraining"
    /// The masked-item head on an encoder in which every position sees only what came before it, and itself.
    case causalLM = "BertLMHeadModel"
    /// No head; the pooler.
    case model = "BertModel"
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
  package var hiddenDropout: Float
  package var attentionDropout: Float
  package var layerNormEpsilon: Float
  /// The standard deviation new weights are drawn with.
  package var initializerRange: Float
  package var paddingID: Int

  /// A configuration; what is left out is as in BERT-base.
  package init(
    architecture: Architecture = .maskedLM, vocabularySize: Int, hiddenSize: Int, layerCount: Int, headCount: Int,
    innerSize: Int, positionCount: Int, segmentCount: Int = 2, activation: Activation = .gelu,
    hiddenDropout: Float = 0.1, attentionDropout: Float = 0.1, layerNormEpsilon: Float = 1e-12,
    initializerRange: Float = 0.02, paddingID: Int = 0
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

  /// Whether a position sees only what came before it, and itself.
  package var isCausal: Bool { architecture == .causalLM }
}
