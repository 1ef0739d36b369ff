import Foundation
import ModelFiles
import SequentialModels

/// Where pretraining on lines of tokens starts from: the lines, their tokenizer and, if requested, a checkpoint.
package struct PretrainingSource: Sendable {
  /// How a line falls into tokens where no checkpoint says so.
  package enum Tokens: String, Codable, Sendable, CaseIterable { case whitespace, wordpiece }

  package let training: TokenLines
  package let validation: TokenLines
  package private(set) var tokenizer: Tokenizer
  /// nil where the encoder starts fresh.
  package private(set) var checkpoint: PretrainedModel?
  /// What was appended to the checkpoint's vocabulary; nil where nothing can be.
  package private(set) var vocabularyReport: VocabularyExtension.Report?

  /// Tokens that stand between blanks in the training lines form the vocabulary.
  package init(training: TokenLines, validation: TokenLines) {
    self.training = training
    self.validation = validation
    tokenizer = Tokenizer(Vocabulary(items: training.log().items.names.map(\.text)), kind: .whitespace(escaped: false))
  }

  /// Tokens of a vocabulary file; lines are text where `tokens` is `wordpiece`.
  package init(
    training: TokenLines, validation: TokenLines, vocabulary: URL, tokens: Tokens, lowercases: Bool
  ) throws(HuggingFaceError) {
    self.training = training
    self.validation = validation
    let kind: Tokenizer.Kind =
      tokens == .wordpiece ? .wordPiece(BasicTokenizer(lowercases: lowercases)) : .whitespace(escaped: false)
    tokenizer = Tokenizer(try VocabularyFile.read(vocabulary), kind: kind)
  }

  /// The tokenizer and weights of a model directory; a vocabulary of items takes in those of the training lines.
  ///
  /// - Throws: `ModelDirectoryError`, `HuggingFaceError` or `SafetensorsError` where the directory has no vocabulary or is
  ///   not read.
  package init(
    training: TokenLines, validation: TokenLines, checkpoint url: URL, extending: VocabularyExtension
  ) throws {
    self.training = training
    self.validation = validation
    var checkpoint = try PretrainedModel.read(url)
    tokenizer = try checkpoint.tokenizer()
    if case .whitespace(let escaped) = tokenizer.kind {
      vocabularyReport = try checkpoint.take(itemsOf: training.log(escaped: escaped), by: extending)
      // The lines stay as they are written, so the tokenizer goes on reading them so.
      tokenizer = Tokenizer(try checkpoint.tokenizer().vocabulary, kind: tokenizer.kind)
    }
    self.checkpoint = checkpoint
  }

  /// Makes sure that the checkpoint, if there is one, takes sequences of `length`.
  ///
  /// - Throws: `HuggingFaceError` with both numbers where it does not and may not be extended.
  package mutating func requirePositions(_ length: Int, extends: Bool, seed: UInt64) throws(HuggingFaceError) {
    try checkpoint?.requirePositions(length, extends: extends, seed: seed)
  }
}
