import Foundation
import ModelFiles
import SequentialModels

/// The checkpoint that training goes on from, and how the items and positions that it lacks come in.
package struct StartingPoint: Codable, Sendable, Equatable {
  /// A model directory, ours or a Hugging Face BERT; relative to where the program runs.
  package var from: String
  /// What the rows of new items start from.
  package var newItems: VocabularyExtension.NewRows
  /// Whether positions are added where `model.length` asks for more than the checkpoint has.
  package var extendPositions: Bool

  package init(
    from: String = "", newItems: VocabularyExtension.NewRows = .random, extendPositions: Bool = false
  ) {
    self.from = from
    self.newItems = newItems
    self.extendPositions = extendPositions
  }

  package var url: URL { URL(fileURLWithPath: from) }

  /// `model` with the checkpoint's sizes, dropout and next-segment head; attention, pooling and head transform stay as
  /// they are.
  func sizes(for model: ModelConfiguration) throws(ConfigurationError) -> ModelConfiguration {
    if from.isEmpty { return model }
    var own = try ModelConfiguration(checkpoint: url)
    own.attention = model.attention
    own.pooling = model.pooling
    own.head = model.head
    own.opensWithCLS = own.opensWithCLS || model.opensWithCLS
    own.nextSegmentHead = own.nextSegmentHead || model.nextSegmentHead
    return own
  }
}
