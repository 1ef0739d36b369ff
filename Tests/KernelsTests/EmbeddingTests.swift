import Kernels
import TestSupport
import Testing

@Suite struct EmbeddingTests {
  let ids: [Int32] = [3, 0, 3, 7, 1]
  let positions: [Int32] = [0, 1, 2, 0, 1]
  let segments: [Int32] = [0, 0, 1, 1, 0]

  @Test(arguments: [1, 3, 17, 64])
  func rowsOfThreeTablesAddUpAndGetTheirGradientsBack(width: Int) {
    let tokens = Grid.random(8, width, seed: 1)
    let places = Grid.random(3, width, seed: 2)
    let parts = Grid.random(2, width, seed: 3)
    let output = Matrix(rows: 5, columns: width)
    EmbeddingSum.forward(
      ids: ids, positions: positions, segments: segments, tokenTable: tokens.matrix(), positionTable: places.matrix(),
      segmentTable: parts.matrix(), output: output)
    func forward<S: Scalar>(_ x: [Grid<S>]) -> Grid<S> {
      Grid(5, width) { x[0][Int(ids[$0]), $1] + x[1][Int(positions[$0]), $1] + x[2][Int(segments[$0]), $1] }
    }
    #expect(forward([tokens, places, parts]).distance(output) < 1e-6)

    let weights = Grid.random(5, width, seed: 4)
    let gradients = [tokens, places, parts].map { Matrix(rows: $0.rows, columns: $0.columns) }
    EmbeddingSum.backward(
      outputGradient: weights.matrix(), ids: ids, positions: positions, segments: segments,
      tokenTableGradient: gradients[0], positionTableGradient: gradients[1], segmentTableGradient: gradients[2])
    #expect(derivativeError([tokens, places, parts], gradients) { weighted(forward($0), weights) } < 1e-6)
  }

  @Test func withoutSegmentsTheFirstSegmentCounts() {
    let tokens = Grid.random(8, 5, seed: 1).matrix()
    let places = Grid.random(3, 5, seed: 2).matrix()
    let parts = Grid.random(2, 5, seed: 3).matrix()
    let output = Matrix(rows: 1, columns: 5)
    EmbeddingSum.forward(
      ids: [2], positions: [1], segments: nil, tokenTable: tokens, positionTable: places, segmentTable: parts,
      output: output)
    #expect(output.values == (0..<5).map { tokens[2, $0] + places[1, $0] + parts[0, $0] })
    EmbeddingSum.forward(
      ids: [2], positions: [1], segments: nil, tokenTable: tokens, positionTable: places, segmentTable: nil,
      output: output)
    #expect(output.values == (0..<5).map { tokens[2, $0] + places[1, $0] })
  }

  @Test func rowsAreGatheredAndScattered() {
    let table = Grid.random(6, 19, seed: 1).matrix()
    let picked = Matrix(rows: 3, columns: 19)
    Rows.gather(table, [4, 0, 4], into: picked)
    #expect(picked.rows(1..<2).values == table.rows(0..<1).values)
    #expect(picked.rows(2..<3).values == table.rows(4..<5).values)
    let into = Matrix(rows: 6, columns: 19)
    Rows.scatterAdd(picked, [4, 0, 4], into: into)
    #expect(into.rows(4..<5).values == table.rows(4..<5).values.map { 2 * $0 })
    Rows.add(into, into: into)
    #expect(into.rows(0..<1).values == table.rows(0..<1).values.map { 2 * $0 })
    #expect(into.rows(1..<4).values.allSatisfy { $0 == 0 })
    // Columns of a wider table, the last of two that name one row.
    let wide = Matrix(rows: 5, columns: 40)
    Rows.scatter(table.rows(1..<4), [3, 0, 3], into: wide.columns(20..<39))
    #expect(wide.columns(20..<39).rows(3..<4).values == table.rows(3..<4).values)
    #expect(wide.columns(20..<39).rows(0..<1).values == table.rows(2..<3).values)
    #expect(wide.values.count { $0 != 0 } == 2 * 19)
  }
}
