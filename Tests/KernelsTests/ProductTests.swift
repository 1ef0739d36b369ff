import Foundation
import Kernels
import TestSupport
import Testing

@Suite struct ProductTests {
  static let sizes = [(1, 1, 1), (3, 17, 1), (17, 3, 33), (7, 300, 16), (29, 64, 64), (100, 5, 49), (200, 3, 170)]
  /// Gradients of large weights: depths of one part and two, up to 256 columns and more, partial blocks.
  static let largeSizes = [(173, 300, 197), (131, 7, 256), (130, 9, 300)]

  @Test(arguments: sizes + largeSizes, [false, true])
  func everyOrientationAgreesWithTheScalarProduct(size: (Int, Int, Int), windowed: Bool) {
    let (m, k, n) = size
    let gap = windowed ? 5 : 0
    let a = Grid.random(m, k, seed: 1)
    let b = Grid.random(k, n, seed: 2)
    let before = Grid.random(m, n, seed: 3)
    let product = Reference.product(a, b)
    for (leftTransposed, rightTransposed) in [(false, false), (false, true), (true, false), (true, true)] {
      let left = (leftTransposed ? Reference.transposed(a) : a).matrix(gap: gap)
      let right = (rightTransposed ? Reference.transposed(b) : b).matrix(gap: gap)
      let result = before.matrix(gap: gap)
      MatrixProduct.multiply(
        left, right, leftTransposed: leftTransposed, rightTransposed: rightTransposed, into: result, beta: 1)
      #expect(Reference.sum(before, product).distance(result) < 1e-4)
      result.fill(.nan)
      MatrixProduct.multiply(
        left, right, leftTransposed: leftTransposed, rightTransposed: rightTransposed, into: result, alpha: 0.5)
      #expect(Grid(m, n) { product[$0, $1] * 0.5 }.distance(result) < 1e-4)
    }
  }

  /// The gradient of a large weight matrix has its copies on the stack.
  @Test func theDocumentedStackSuffices() async {
    let sum = await withCheckedContinuation { continuation in
      let thread = Thread {
        let ones = Matrix(rows: 300, columns: 256)
        ones.fill(1)
        let result = Matrix(rows: 256, columns: 256)
        MatrixProduct.multiply(ones, ones, leftTransposed: true, into: result)
        continuation.resume(returning: result.values.reduce(0, +))
      }
      thread.stackSize = Workers.stackBytes
      thread.start()
    }
    #expect(sum == 300 * 256 * 256)
  }

  @Test func anEmptyDepthGivesZeros() {
    let result = Grid.random(3, 4, seed: 1).matrix()
    MatrixProduct.multiply(Matrix(rows: 3, columns: 0), Matrix(rows: 0, columns: 4), into: result)
    #expect(result.values == [Float](repeating: 0, count: 12))
  }

  @Test func nothingIsWrittenBetweenTheRows() {
    let storage = Matrix(rows: 19, columns: 40)
    storage.fill(7)
    MatrixProduct.multiply(
      Grid.random(19, 9, seed: 1).matrix(), Grid.random(9, 21, seed: 2).matrix(), into: storage.columns(3..<24))
    for row in 0..<19 {
      for column in Array(0..<3) + Array(24..<40) { #expect(storage[row, column] == 7) }
    }
  }
}
