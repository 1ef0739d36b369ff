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

  /// An item table in a file, and rows that were appended to it.
  package struct StoredTable: Sendable {
    let file: any WeightFile
    /// What the file calls it, and where it has the same numbers once more, as the output table.
    let name: String
    let copy: String?
    /// Rows and columns in the file.
    let shape: [Int]
    /// The rows behind those.
    var added: [Float] = []

    /// Overwrites `rows` of `table` by those of the file and those behind them.
    ///
    /// - Throws: `HuggingFaceError` where one of the numbers is not finite, or the copy has another.
    package func read(_ rows: Range<Int>, into table: Matrix) throws(HuggingFaceError) {
      let (columns, into) = (shape[1], table.reshaped(rows: 1, columns: table.count))
      let range = rows.clamped(to: 0..<shape[0])
      var isEqual = true
      try show(name, range) { start, values in into.columns(start..<start + values.count).assign(values) }
      if let copy {
        try show(copy, range) { start, values in
          isEqual = isEqual && into.columns(start..<start + values.count).values == values
        }
        if !isEqual {
          throw HuggingFaceError(path: file.path, fault: .untied(tensor: copy, embeddings: TensorNames.itemTable))
        }
      }
      for row in rows.clamped(to: shape[0]..<max(shape[0], rows.upperBound)) {
        let start = (row - shape[0]) * columns
        table.rows(row..<row + 1).assign(added[start..<start + columns])
      }
    }

    /// Shows `body` the numbers of `rows` piece by piece, with the place of the first one.
    private func show(
      _ name: String, _ rows: Range<Int>, _ body: (Int, [Float]) -> Void
    ) throws(HuggingFaceError) {
      do {
        try file.read(name, rows.lowerBound * shape[1]..<rows.upperBound * shape[1], body)
      } catch {
        throw HuggingFaceError(path: file.path, fault: error)
      }
    }

    /// Row `row` of the file.
    func row(_ row: Int) throws(HuggingFaceError) -> [Float] {
      var numbers: [Float] = []
      try show(name, row..<row + 1) { _, values in numbers += values }
      return numbers
    }

    /// Shows `body` all rows of the file in order.
    func forEachRow(_ body: (Int, ArraySlice<Float>) -> Void) throws(HuggingFaceError) {
      var (rest, row) = ([Float](), 0)
      try show(name, 0..<shape[0]) { _, values in
        rest += values
        let whole = rest.count / shape[1]
        for number in 0..<whole { body(row + number, rest[number * shape[1]..<(number + 1) * shape[1]]) }
        row += whole
        rest.removeFirst(whole * shape[1])
      }
    }
  }
}

/// The rows of the item table, wherever they are.
extension HuggingFaceModel {
  var hasTable: Bool { has(TensorNames.itemTable) }

  func tableRow(_ row: Int) throws(HuggingFaceError) -> ArraySlice<Float> {
    if let storedTable { return try storedTable.row(row)[...] }
    let width = configuration.encoder.hidden
    return tensors[TensorNames.itemTable].map { $0.values[row * width..<(row + 1) * width] } ?? []
  }

  func forEachTableRow(_ body: (Int, ArraySlice<Float>) -> Void) throws(HuggingFaceError) {
    if let storedTable { return try storedTable.forEachRow(body) }
    guard let table = tensors[TensorNames.itemTable] else { return }
    for row in 0..<table.shape[0] { body(row, table.values[row * table.shape[1]..<(row + 1) * table.shape[1]]) }
  }

  /// Appends rows, one behind the other.
  mutating func appendTableRows(_ numbers: [Float]) {
    storedTable?.added += numbers
    guard var table = tensors.removeValue(forKey: TensorNames.itemTable) else { return }
    table.values += numbers
    table.shape[0] += numbers.count / table.shape[1]
    tensors[TensorNames.itemTable] = table
  }
}
