import Kernels
import SequentialModels

/// Turns vectors of what items say into rows of an item table, for rows to begin with.
///
///     row = mean + read(vector) · map
///
/// - Source: initialization of item rows by a language model, as in LLM2BERT4Rec: Harte et al. 2023, arXiv:2309.09261.
package struct WordRows: Sendable {
  private let whitening: VectorWhitening
  /// `[axes, columns]`
  private let map: Matrix
  /// `[columns]`
  private let mean: [Float]

  /// Whether the vectors that it was made of differ.
  package var tellsApart: Bool { whitening.tellsApart }

  /// For fresh weights: the axes along which `vectors` differ most are the columns, with the spread of random ones.
  ///
  /// - Parameter width: of a row; where the vectors have fewer axes, its last columns stay as they are.
  package init(fresh vectors: Matrix, width: Int, deviation: Double) {
    whitening = VectorWhitening(of: vectors, count: width)
    let axes = whitening.axes.rows
    map = Matrix(rows: axes, columns: axes)
    for axis in 0..<axes { map[axis, axis] = Float(deviation * Double(axes).squareRoot()) }
    mean = [Float](repeating: 0, count: axes)
  }

  /// For a trained table: what a linear map makes of `vectors`, fitted by least squares on the `rows` of the same items.
  ///
  /// It reads at most a tenth as many axes as there are items; on whitened axes the fit is a product.
  package init(of rows: Matrix, vectors: Matrix) {
    precondition(rows.rows == vectors.rows && rows.rows > 0, "\(rows.rows) rows for \(vectors.rows) vectors")
    whitening = VectorWhitening(of: vectors, count: min(Self.mostAxes, max(1, rows.rows / 10)))
    let read = whitening.read(vectors)
    map = Matrix(rows: read.columns, columns: rows.columns)
    MatrixProduct.multiply(
      read, rows, leftTransposed: true, into: map, alpha: Float(read.columns) / Float(rows.rows))
    mean = (0..<rows.columns).map { column in
      Float((0..<rows.rows).reduce(0.0) { $0 + Double(rows[$1, column]) } / Double(rows.rows))
    }
  }

  /// Axes on which vectors are read at most.
  private static let mostAxes = 128

  /// The first columns of the rows of `vectors`, `[items, columns]`.
  package func callAsFunction(_ vectors: Matrix) -> Matrix {
    let rows = Matrix(rows: vectors.rows, columns: map.columns)
    MatrixProduct.multiply(whitening.read(vectors), map, into: rows)
    for row in 0..<rows.rows { for column in mean.indices { rows[row, column] += mean[column] } }
    return rows
  }
}

extension ItemVectors {
  /// The vectors in `rows`, one below the other.
  package func vectors(in rows: [Int]) -> Matrix {
    let result = Matrix(rows: rows.count, columns: width)
    Rows.gather(vectors, rows.map { Int32($0) }, into: result)
    return result
  }
}
