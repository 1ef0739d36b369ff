/// A tensor as a file knows it: its name, its shape and its numbers, the last axis fastest.
package struct NamedTensor: Sendable, Equatable {
  package var name: String
  /// Sizes from the slowest axis to the fastest; empty for a single number.
  package var shape: [Int]
  /// As many numbers as the sizes of `shape` multiply to.
  package var values: [Float]

  package init(name: String, shape: [Int], values: [Float]) {
    let count = shape.reduce(1, *)
    precondition(count == values.count, "\(name): \(values.count) numbers for the shape \(shape), which holds \(count)")
    self.name = name
    self.shape = shape
    self.values = values
  }
}
