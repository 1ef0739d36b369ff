import DurableFiles
import Interactions
import NeuralNetwork
import SequentialModels

/// `cloze.json`: what Hugging Face has no place for.
package struct ModelCard: Codable, Sendable, Equatable {
  /// The layout of this file; a reader refuses what is newer than itself.
  package var format: Int
  package var program: String
  package var configuration: EncoderConfiguration
  /// The fingerprint of the log it was trained on.
  package var logFingerprint: String
  /// How the log was cut, in words.
  package var split: String
  /// How the log was cut; nil for lines of tokens, and in cards older than 0.2.
  package var splitMethod: SplitMethod?
  /// How the log was read and prepared, and what that found; nil for lines of tokens, and in cards older than 0.2.
  package var provenance: LogProvenance?
  /// What of it was not learnt; nil in cards that are older than the question: validation and test.
  package var heldOut: HeldOut?
  package var seed: UInt64
  /// Figures on the validation users, by name.
  package var validation: [String: Double]
  /// The sums of the files that were written with it; nil where they are still to come, and in cards of format 1.
  package var checksums: FileChecksums?

  package static let currentFormat = 2

  package init(
    program: String, configuration: EncoderConfiguration, logFingerprint: String, split: String,
    heldOut: HeldOut = .validationAndTest, seed: UInt64, validation: [String: Double] = [:]
  ) {
    format = Self.currentFormat
    self.program = program
    self.configuration = configuration
    self.logFingerprint = logFingerprint
    self.split = split
    self.heldOut = heldOut
    self.seed = seed
    self.validation = validation
  }

  /// How the log was cut, as far as the card says it.
  package var method: SplitMethod? { splitMethod ?? SplitMethod(sentence: split) }
}
