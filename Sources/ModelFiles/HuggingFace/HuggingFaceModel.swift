import Kernels
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
  /// The item table where it was left in its file, of which rows are read when they are wanted; nil where it is among
  /// `tensors`.
  package internal(set) var storedTable: StoredTable?
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

  /// Whether it has the tensor `name`.
  func has(_ name: String) -> Bool { tensors[name] != nil || name == TensorNames.itemTable && storedTable != nil }

  /// An item table in a file.
  package struct StoredTable: Sendable {
    let file: any WeightFile
    /// What the file calls it, and where it has the same numbers once more, as the output table.
    let name: String
    let copy: String?
    /// Rows and columns.
    let shape: [Int]

    /// Overwrites `rows` of `table` by those of the file.
    ///
    /// - Throws: `HuggingFaceError` where one of the numbers is not finite, or the copy has another.
    package func read(_ rows: Range<Int>, into table: Matrix) throws(HuggingFaceError) {
      let (columns, into) = (shape[1], table.reshaped(rows: 1, columns: table.count))
      let range = rows.lowerBound * columns..<rows.upperBound * columns
      do throws(HuggingFaceError.Fault) {
        try file.read(name, range) { start, values in into.columns(start..<start + values.count).assign(values) }
        var isEqual = true
        if let copy {
          try file.read(copy, range) { start, values in
            isEqual = isEqual && into.columns(start..<start + values.count).values == values
          }
        }
        if let copy, !isEqual { throw HuggingFaceError.Fault.untied(tensor: copy, embeddings: TensorNames.itemTable) }
      } catch {
        throw HuggingFaceError(path: file.path, fault: error)
      }
    }
  }
}
