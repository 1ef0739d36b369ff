import Foundation
import ModelFiles
import SequentialModels

/// The checkpoint that training goes on from, and how the items and positions that it lacks come in; or, without one, the
/// words that the rows of all items begin with.
package struct StartingPoint: Codable, Sendable, Equatable {
  /// A model directory, ours or a Hugging Face BERT; relative to where the program runs. Empty where rows begin with words.
  package var from: String
  /// What the rows of new items start from.
  package var newItems: VocabularyExtension.NewRows
  /// Whether positions are added where `model.length` asks for more than the checkpoint has.
  package var extendPositions: Bool
  /// Columns of the item table whose words new rows begin with; nil without any.
  package var text: [String]?
  /// The directory of the BERT that reads them.
  package var textEncoder: String?
  package var textPooling: TextEncoder.Pooling?

  package init(
    from: String = "", newItems: VocabularyExtension.NewRows = .random, extendPositions: Bool = false,
    text: [String]? = nil, textEncoder: String? = nil, textPooling: TextEncoder.Pooling? = nil
  ) {
    self.from = from
    self.newItems = newItems
    self.extendPositions = extendPositions
    self.text = text
    self.textEncoder = textEncoder
    self.textPooling = textPooling
  }

  package var url: URL { URL(fileURLWithPath: from) }

  /// Refuses words that are not read, or that nothing reads.
  func check(_ model: ModelConfiguration) throws(ConfigurationError) {
    guard newItems == .text else {
      if from.isEmpty { throw .wrongValue("start.from", fault: "it names no model directory to go on from") }
      if text != nil || textEncoder != nil || textPooling != nil {
        throw .wrongValue(
          "start.text", fault: "rows begin with words where start.newItems is text; set it, or leave this out")
      }
      return
    }
    guard let text, !text.isEmpty, !text.contains("") else {
      throw .wrongValue(
        "start.text",
        fault: "no column is named whose words rows begin with; write columns, such as [title], or --text title")
    }
    if textEncoder == nil {
      throw .wrongValue(
        "start.textEncoder",
        fault: "nothing is named that reads the words; name the directory of a BERT, or --text-encoder DIR")
    }
    if model.features != nil {
      throw .wrongValue(
        "start.newItems",
        fault: "rows that are made of features begin with what these say; leave start.newItems or model.features out")
    }
  }

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
