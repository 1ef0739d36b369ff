import NeuralNetwork
import Foundation
import ModelFiles
import SequentialModels

extension ModelConfiguration {
  /// The sizes and switches that the model directory at `url` was trained with.
  ///
  /// - Throws: `ConfigurationError.wrongValue` for `start.from`, saying what is wrong with the directory.
  package init(checkpoint url: URL) throws(ConfigurationError) {
    do {
      let (encoder, file) = try PretrainedModel.readConfiguration(url)
      self.init(encoder, initialDeviation: Double(file.initializerRange))
    } catch {
      throw .wrongValue("start.from", fault: "\(error)")
    }
  }

  /// The sizes and switches that `checkpoint` was trained with.
  package init(_ checkpoint: PretrainedModel) {
    self.init(checkpoint.configuration, initialDeviation: Double(checkpoint.stored.configuration.initializerRange))
  }

  private init(_ encoder: EncoderConfiguration, initialDeviation: Double) {
    self.init(
      hidden: encoder.hidden, layers: encoder.layers, heads: encoder.heads, inner: encoder.inner,
      length: encoder.positions, dropout: encoder.dropout, attentionDropout: encoder.attentionDropout,
      activation: encoder.activation, attention: encoder.attention, pooling: encoder.pooling, head: encoder.head,
      nextSegmentHead: encoder.nextSegmentHead, opensWithCLS: encoder.opensWithCLS == true,
      initialDeviation: initialDeviation)
  }
}
