import CKernels

/// Which values each row of a table is described by, and how much each counts: a sparse matrix `[rows, values]`.
package struct FeatureRows: Sendable, Equatable {
  /// `[rows + 1]` where the entries of each row begin.
  package let starts: [Int32]
  /// `[entries]`
  package let values: [Int32]
  /// `[entries]`
  package let weights: [Float]
  /// How many different values there are.
  package let valueCount: Int

  /// - Parameter rows: the values of each row and their weights.
  package init(_ rows: [[(value: Int32, weight: Float)]], valueCount: Int) {
    var starts: [Int32] = [0]
    for row in rows { starts.append(starts[starts.count - 1] + Int32(row.count)) }
    self.starts = starts
    values = rows.flatMap { $0.map(\.value) }
    weights = rows.flatMap { $0.map(\.weight) }
    self.valueCount = valueCount
    precondition(values.allSatisfy { $0 >= 0 && $0 < valueCount }, "a value outside of \(valueCount)")
  }

  /// The number of rows.
  package var count: Int { starts.count - 1 }

  /// Whether `row` has any value.
  package func isDescribed(_ row: Int) -> Bool { starts[row] < starts[row + 1] }
}

/// Rows that are what each has of its own, or nothing of it, and the weighted sum of its values' rows:
///
///     output[i] = kept[i] · own[i] + Σ weight · values[value]   over the entries of row i
///
/// - Shapes: `own`, `output` `[rows, D]`; `values` `[values, D]`; `rows` the rows that are looked at, `kept` one factor for
///   each of them.
package enum FeatureSum {
  /// Overwrites the named rows of `output`.
  package static func forward(
    own: Matrix, values: Matrix, features: FeatureRows, rows: ArraySlice<Int32>, kept: ArraySlice<Float>, output: Matrix
  ) {
    check(own, values, features, rows, kept)
    output.require(own.rows, own.columns, "rows with features")
    with(features, rows, kept) { features, first, kept in
      Processor.kernels.feature_sum_forward(
        own.window, values.window, features, first, rows.count, kept, output.window)
    }
  }

  /// Accumulates into `valueGradient`, and turns the named rows of `gradient` from those of the output into those of `own`.
  package static func backward(
    gradient: Matrix, valueGradient: Matrix, features: FeatureRows, rows: ArraySlice<Int32>, kept: ArraySlice<Float>
  ) {
    check(gradient, valueGradient, features, rows, kept)
    with(features, rows, kept) { features, first, kept in
      Processor.kernels.feature_sum_backward(
        gradient.window, features, first, rows.count, kept, valueGradient.window)
    }
  }

  private static func with(
    _ features: FeatureRows, _ rows: ArraySlice<Int32>, _ kept: ArraySlice<Float>,
    _ body: (cloze_feature_rows, UnsafePointer<Int32>, UnsafePointer<Float>) -> Void
  ) {
    if rows.isEmpty { return }
    features.starts.withUnsafeBufferPointer { starts in
      features.values.withUnsafeBufferPointer { values in
        features.weights.withUnsafeBufferPointer { weights in
          let entries = cloze_feature_rows(
            starts: starts.baseAddress!, values: values.baseAddress, weights: weights.baseAddress)
          rows.withUnsafeBufferPointer { rows in
            kept.withUnsafeBufferPointer { kept in body(entries, rows.baseAddress!, kept.baseAddress!) }
          }
        }
      }
    }
  }

  private static func check(
    _ table: Matrix, _ values: Matrix, _ features: FeatureRows, _ rows: ArraySlice<Int32>, _ kept: ArraySlice<Float>
  ) {
    precondition(features.count == table.rows, "features of \(features.count) rows for a table of \(table.rows)")
    values.require(features.valueCount, table.columns, "rows of features' values")
    precondition(rows.count == kept.count, "\(kept.count) factors for \(rows.count) rows")
    for row in rows { precondition(row >= 0 && row < table.rows, "row \(row) of \(table.rows)") }
  }
}
