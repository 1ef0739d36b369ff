import NeuralNetwork

/// A BERT as it stands in a Hugging Face directory: configuration, weights by name, vocabulary.
package struct HuggingFaceModel: Sendable {
  /// What reading a directory found besides the expected weights.
  package struct Report: Sendable, Equatable, Codable {
    /// Weight tensors that were read.
    package var tensorCount: Int
    /// Rows of the item table that came.
    package var rowCount: Int
    /// Tensors of heads that the file does not have; a model that needs them initializes them.
    package var missing: [String]
    /// Tensors of the file that have no place here.
    package var ignored: [String]

    package init(tensorCount: Int = 0, rowCount: Int = 0, missing: [String] = [], ignored: [String] = []) {
      self.tensorCount = tensorCount
      self.rowCount = rowCount
      self.missing = missing
      self.ignored = ignored
    }
  }

  /// Where it was read from, for messages.
  package var source: String
  package var configuration: HuggingFaceConfiguration
  /// By the names of `TensorNames`; the output table is the item table and stands here once.
  package var tensors: [String: NamedTensor]
  /// nil where the directory has no vocabulary.
  package var tokenizer: Tokenizer?
  package var report: Report

  package init(
    source: String = "the model", configuration: HuggingFaceConfiguration, tensors: [String: NamedTensor],
    tokenizer: Tokenizer? = nil, report: Report = Report()
  ) {
    self.source = source
    self.configuration = configuration
    self.tensors = tensors
    self.tokenizer = tokenizer
    self.report = report
  }
}
