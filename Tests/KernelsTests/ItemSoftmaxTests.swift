import Kernels
import TestSupport
import Testing

@Suite struct ItemSoftmaxTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var targets: Int, items: Int, width: Int, firstItem = 0, smoothing: Float = 0
    var testDescription: String { "\(targets) × \(items) × \(width) from \(firstItem), smoothing \(smoothing)" }
  }
  static let cases = [
    Case(targets: 1, items: 1, width: 1), Case(targets: 3, items: 17, width: 5),
    Case(targets: 17, items: 131, width: 16, firstItem: 5), Case(targets: 40, items: 300, width: 9, smoothing: 0.1),
    Case(targets: 5, items: 29, width: 33, firstItem: 3, smoothing: 0.2),
  ]

  @Test(arguments: cases)
  func lossAndGradientsAgreeWithTheScalarFormula(the: Case) {
    let hidden = Grid.random(the.targets, the.width, seed: 1)
    let table = Grid.random(the.items, the.width, seed: 2)
    let bias = Grid.random(1, the.items, seed: 3)
    let random = CounterRandom(seed: 4, purpose: 0, step: 0)
    let targets = (0..<the.targets).map { Int32(the.firstItem + random.below(the.items - the.firstItem, UInt64($0))) }
    let weights = (0..<the.targets).map { Float(random.uniform(UInt64(1000 + $0))) }
    let workspace = Matrix(
      rows: 1,
      columns: ItemSoftmax.workspaceCount(targets: the.targets, items: the.items - the.firstItem, width: the.width))
    workspace.fill(.nan)
    let gradients = [hidden, table, bias].map { Matrix(rows: $0.rows, columns: $0.columns) }
    gradients[0].fill(.nan)
    let result = ItemSoftmax.forwardBackward(
      hidden: hidden.matrix(), table: table.matrix(), bias: bias.matrix(), targets: targets, weights: weights,
      firstItem: the.firstItem, labelSmoothing: the.smoothing, hiddenGradient: gradients[0],
      tableGradient: gradients[1], biasGradient: gradients[2], workspace: workspace)
    func loss<S>(_ x: [Grid<S>]) -> S {
      Reference.itemSoftmaxLoss(
        hidden: x[0], table: x[1], bias: x[2], targets: targets, weights: weights, firstItem: the.firstItem,
        labelSmoothing: Double(the.smoothing))
    }
    let expected = loss([hidden, table, bias])
    #expect(abs(result.loss - expected) < 1e-5 * (1 + expected))
    #expect(derivativeError([hidden, table, bias], gradients, loss: loss) < 1e-5)
    let alone = ItemSoftmax.loss(
      hidden: hidden.matrix(), table: table.matrix(), bias: bias.matrix(), targets: targets, weights: weights,
      firstItem: the.firstItem, labelSmoothing: the.smoothing, workspace: workspace)
    #expect(alone == result)
    #expect(gradients[1].rows(0..<the.firstItem).values.allSatisfy { $0 == 0 })
  }

  /// Random targets against many items, for laws that hold whatever the numbers are.
  private struct Problem {
    let hidden, table, bias: Matrix
    let targets: [Int32]

    init(_ size: (targets: Int, items: Int), width: Int) {
      hidden = Grid.random(size.targets, width, seed: 1).matrix()
      table = Grid.random(size.items, width, seed: 2).matrix()
      bias = Grid.random(1, size.items, seed: 3).matrix()
      targets = (0..<size.targets).map { Int32($0 * 31 % size.items) }
    }

    var gradients: [Matrix] { [hidden, table, bias].map { Matrix(rows: $0.rows, columns: $0.columns) } }

    func run(_ rows: Range<Int>, _ gradients: [Matrix], pool: WorkStealingPool? = nil) -> ItemSoftmax.Result {
      let count = ItemSoftmax.workspaceCount(targets: rows.count, items: table.rows, width: table.columns)
      return ItemSoftmax.forwardBackward(
        hidden: hidden.rows(rows), table: table, bias: bias, targets: Array(targets[rows]),
        weights: [Float](repeating: 1, count: rows.count), hiddenGradient: gradients[0].rows(rows),
        tableGradient: gradients[1], biasGradient: gradients[2], workspace: Matrix(rows: 1, columns: count),
        pool: pool)
    }
  }

  /// More targets than one group, and more items than exponentials are saved for: the sums of parts are the whole.
  @Test(arguments: [(300, 500), (300, 50_000)])
  func groupsAndRecomputationChangeNothing(size: (targets: Int, items: Int)) {
    let problem = Problem(size, width: 4)
    let (whole, parts) = (problem.gradients, problem.gradients)
    let once = problem.run(0..<size.targets, whole)
    let many = stride(from: 0, to: size.targets, by: 20).map { problem.run($0..<$0 + 20, parts) }
    #expect(abs(once.loss - many.reduce(0) { $0 + $1.loss }) < 1e-4 * once.loss)
    #expect(once.correct == many.reduce(0) { $0 + $1.correct })
    for (a, b) in zip(whole, parts) { #expect(Grid(a).distance(b) < 1e-4) }
  }

  /// Enough items for several chunks, saved and recomputed: on any threads, not a bit changes.
  @Test(arguments: [(70, 3_000), (120, 40_000)])
  func stealingChangesNothing(size: (targets: Int, items: Int)) {
    let problem = Problem(size, width: 8)
    func run(threads: Int) -> [[Float]] {
      let (gradients, loss) = (problem.gradients, Matrix(rows: 1, columns: 2))
      Workers(threads: threads).run(shards: [1]) { _, _, pool in
        let result = problem.run(0..<size.targets, gradients, pool: pool)
        loss.assign([Float(result.loss), Float(result.correct)])
      }
      return (gradients + [loss]).map(\.values)
    }
    #expect(run(threads: 3) == run(threads: 1))
  }

  /// Processes that run some chunks each, with their rows of the table only, and send each other what chunks leave.
  @Test(arguments: [(70, 3_400), (120, 40_000), (300, 1_700)], [Float(0), 0.1])
  func chunksOfSeveralWorkspacesAreTheWhole(size: (targets: Int, items: Int), smoothing: Float) {
    let problem = Problem(size, width: 9)
    let count = ItemSoftmax.workspaceCount(targets: size.targets, items: size.items, width: 9)
    let weights = (0..<size.targets).map { 1 / Float($0 + 2) }
    let whole = problem.gradients
    let expected = ItemSoftmax.forwardBackward(
      hidden: problem.hidden, table: problem.table, bias: problem.bias, targets: problem.targets, weights: weights,
      labelSmoothing: smoothing, hiddenGradient: whole[0], tableGradient: whole[1], biasGradient: whole[2],
      workspace: Matrix(rows: 1, columns: count))
    let chunks = ItemSoftmaxGroup.chunks(items: size.items)
    #expect(chunks.count > 1 && chunks.first?.lowerBound == 0 && chunks.last?.upperBound == size.items)
    let gradients = chunks.map { _ in problem.gradients }
    let tables = chunks.map { own in
      let table = Matrix(rows: size.items, columns: 9)
      table.rows(own).assign(problem.table.rows(own))
      return table
    }
    let workspaces = chunks.map { _ in Matrix(rows: 1, columns: count) }
    var result: ItemSoftmax.Result = (0, 0)
    for rows in ItemSoftmaxGroup.groups(targets: size.targets, items: size.items) {
      let groups = chunks.indices.map { own in
        ItemSoftmaxGroup(
          hidden: problem.hidden.rows(rows), table: tables[own], bias: problem.bias, targets: problem.targets[rows],
          weights: weights[rows], labelSmoothing: smoothing,
          gradients: (own == 0 ? gradients[0][0].rows(rows) : nil, gradients[own][1], gradients[own][2]),
          workspace: workspaces[own])
      }
      for (own, group) in groups.enumerated() {
        group.start()
        group.forward(own)
      }
      for (own, items) in chunks.enumerated() {
        for group in groups {
          group.statistics(own).assign(groups[own].statistics(own))
          for (place, target) in group.targets.enumerated() where items.contains(Int(target)) {
            group.targetLogits[0, place] = groups[own].targetLogits[0, place]
          }
        }
      }
      for (own, group) in groups.enumerated() {
        let total = group.total()
        if own == 0 { (result.loss, result.correct) = (result.loss + total.loss, result.correct + total.correct) }
        group.backward(own)
      }
      for own in chunks.indices { groups[0].hiddenGradient(own).assign(groups[own].hiddenGradient(own)) }
      groups[0].finish()
    }
    #expect(result == expected)
    #expect(gradients[0][0].values == whole[0].values)
    for (own, rows) in chunks.enumerated() {
      #expect(gradients[own][1].rows(rows).values == whole[1].rows(rows).values)
      #expect(gradients[own][2].columns(rows).values == whole[2].columns(rows).values)
    }
  }

  /// A workspace is made once for the most targets of a micro-batch, and the last micro-batch has fewer.
  @Test(arguments: [(704, 3_416), (1_122, 3_416), (1_024, 23_720), (1_024, 50_000), (400, 200_000)])
  func aWorkspaceForManyTargetsSufficesForFewer(size: (targets: Int, items: Int)) {
    let largest = ItemSoftmax.workspaceCount(targets: size.targets, items: size.items, width: 64)
    for fewer in 1..<size.targets {
      #expect(ItemSoftmax.workspaceCount(targets: fewer, items: size.items, width: 64) <= largest, "\(fewer) targets")
    }
  }

  @Test func tiesCountAgainstTheTargetAndTheBestLogitWins() {
    let hidden = Matrix(rows: 2, columns: 1, [1, -1])
    let table = Matrix(rows: 4, columns: 1, [1, 2, 2, 0])
    let bias = Matrix(rows: 1, columns: 4)
    let workspace = Matrix(rows: 1, columns: ItemSoftmax.workspaceCount(targets: 2, items: 4, width: 1))
    func correct(_ targets: [Int32]) -> Int {
      ItemSoftmax.loss(
        hidden: hidden, table: table, bias: bias, targets: targets, weights: [1, 1], workspace: workspace
      ).correct
    }
    #expect(correct([1, 3]) == 1)
    #expect(correct([2, 0]) == 0)
    bias[0, 1] = 0.5
    #expect(correct([1, 3]) == 2)
  }

  @Test func thePeakDoesNotGrowWithTargetsTimesItems() {
    let million = ItemSoftmax.workspaceCount(targets: 100_000, items: 1_000_000, width: 64)
    #expect(million * 4 < 20 << 20)
    #expect(ItemSoftmax.workspaceCount(targets: 200, items: 3_416, width: 64) * 4 < 5 << 20)
  }
}
