import CKernels
import Foundation

/// A row-major window on a storage: `[rows, columns]`, rows `stride` floats apart.
///
/// Copying the value copies the window, not the elements. A vector is a matrix of one row.
package struct Matrix: Sendable {
  package let storage: FloatStorage
  package let offset: Int
  package let rows: Int
  package let columns: Int
  package let stride: Int

  /// A window on `storage`; the last row must end within it.
  package init(storage: FloatStorage, offset: Int, rows: Int, columns: Int, stride: Int? = nil) {
    let stride = stride ?? columns
    precondition(rows >= 0 && columns >= 0 && stride >= columns, "a matrix of \(rows)×\(columns), stride \(stride)")
    precondition(
      offset >= 0 && (rows == 0 || offset + (rows - 1) * stride + columns <= storage.count),
      "\(rows)×\(columns) from \(offset), stride \(stride), does not fit a storage of \(storage.count)")
    self.storage = storage
    self.offset = offset
    self.rows = rows
    self.columns = columns
    self.stride = stride
  }

  /// A matrix of zeros on a storage of its own.
  package init(rows: Int, columns: Int) {
    self.init(storage: FloatStorage(count: rows * columns), offset: 0, rows: rows, columns: columns)
  }

  /// A matrix of `values`, row after row, on a storage of its own.
  package init(rows: Int, columns: Int, _ values: some Collection<Float>) {
    self.init(rows: rows, columns: columns)
    assign(values)
  }

  /// Whether rows follow each other without a gap (`stride` is `columns`).
  package var isContiguous: Bool { stride == columns || rows <= 1 }
  package var count: Int { rows * columns }

  /// The same columns of `range`'s rows.
  package func rows(_ range: Range<Int>) -> Matrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    return Matrix(
      storage: storage, offset: offset + range.lowerBound * stride, rows: range.count, columns: columns, stride: stride)
  }

  /// The first `count` rows.
  package func prefix(_ count: Int) -> Matrix { rows(0..<count) }

  /// The same rows of `range`'s columns.
  package func columns(_ range: Range<Int>) -> Matrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= columns, "columns \(range) of \(columns)")
    return Matrix(
      storage: storage, offset: offset + range.lowerBound, rows: rows, columns: range.count, stride: stride)
  }

  /// The same elements in another shape; only for a matrix without gaps.
  package func reshaped(rows: Int, columns: Int) -> Matrix {
    precondition(isContiguous && rows * columns == count, "\(self.rows)×\(self.columns) as \(rows)×\(columns)")
    return Matrix(storage: storage, offset: offset, rows: rows, columns: columns)
  }

  package subscript(row: Int, column: Int) -> Float {
    get {
      precondition(
        row >= 0 && row < rows && column >= 0 && column < columns, "[\(row), \(column)] of \(rows)×\(columns)")
      return base[row * stride + column]
    }
    nonmutating set {
      precondition(
        row >= 0 && row < rows && column >= 0 && column < columns, "[\(row), \(column)] of \(rows)×\(columns)")
      base[row * stride + column] = newValue
    }
  }

  var base: UnsafeMutablePointer<Float> { storage.base + offset }
}

extension Matrix {
  /// The elements, row after row.
  package var values: [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      for row in 0..<rows {
        buffer.baseAddress.map { ($0 + row * columns).initialize(from: base + row * stride, count: columns) }
      }
      initialized = count
    }
  }

  /// Overwrites the elements, row after row.
  package func assign(_ values: some Collection<Float>) {
    precondition(values.count == count, "\(values.count) elements for \(rows)×\(columns)")
    var row = 0
    var column = 0
    for value in values {
      base[row * stride + column] = value
      column += 1
      if column == columns {
        column = 0
        row += 1
      }
    }
  }

  /// Overwrites every element with `value`.
  package func fill(_ value: Float) {
    for row in 0..<rows { (base + row * stride).update(repeating: value, count: columns) }
  }

  /// Overwrites the elements with those of `other`, of the same shape.
  package func assign(_ other: Matrix) {
    precondition(
      other.rows == rows && other.columns == columns, "\(other.rows)×\(other.columns) into \(rows)×\(columns)")
    for row in 0..<rows { (base + row * stride).update(from: other.base + row * other.stride, count: columns) }
  }

  /// Reads the elements in place; only for a matrix without gaps.
  package func withSpan<Result, Failure: Error>(
    _ body: (Span<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(isContiguous, "a span needs rows without gaps")
    return try body(Span(_unsafeStart: UnsafePointer(base), count: count))
  }

  /// The memory of the elements, for a system's interface; only for a matrix without gaps.
  package func withUnsafeBytes<Result>(_ body: (UnsafeMutableRawBufferPointer) throws -> Result) rethrows -> Result {
    precondition(isContiguous, "bytes need rows without gaps")
    return try body(UnsafeMutableRawBufferPointer(start: base, count: count * MemoryLayout<Float>.stride))
  }

  /// Writes the elements in place; only for a matrix without gaps.
  package func withMutableSpan<Result>(_ body: (inout MutableSpan<Float>) throws -> Result) rethrows -> Result {
    precondition(isContiguous, "a span needs rows without gaps")
    var span = MutableSpan(_unsafeStart: base, count: count)
    return try body(&span)
  }
}

extension Matrix {
  /// The window as C takes it.
  var window: cloze_matrix { cloze_matrix(base: base, rows: rows, columns: columns, stride: stride) }
}

extension Matrix? {
  /// The window as C takes it; its base is null where there is no matrix.
  var window: cloze_matrix { self?.window ?? cloze_matrix(base: nil, rows: 0, columns: 0, stride: 0) }
}

extension Matrix {
  /// Checks the shape a kernel expects.
  func require(_ rows: Int, _ columns: Int, _ name: StaticString) {
    precondition(
      self.rows == rows && self.columns == columns,
      "\(name): \(self.rows)×\(self.columns) where \(rows)×\(columns) is required")
  }

  /// Checks a vector, a matrix of one row, of `count` elements.
  func requireVector(_ count: Int, _ name: StaticString) { require(1, count, name) }

  /// Checks `count` elements without gaps, in any shape.
  func requireCount(_ count: Int, _ name: StaticString) {
    precondition(
      isContiguous && self.count == count, "\(name): \(self.count) elements in \(rows) rows, \(count) are required")
  }
}
