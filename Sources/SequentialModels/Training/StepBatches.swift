import Collectives

/// What all processes know of the micro-batches of a step: who reads which rows, and what the targets are.
struct StepBatches: Sendable {
  struct Batch: Sendable {
    /// Of its input rows.
    var tokens: [Int32] = []
    /// `[scored]` the tokens of its targets and their weights.
    var targets: [Int32] = []
    var weights: [Float] = []
  }

  /// `[shards][slots]`.
  private(set) var shards: [[Batch]] = []

  /// - Parameter own: the weighed micro-batches of the shards that this process holds.
  init(_ own: [[MicroBatch]], with processes: any Processes) {
    var numbers: [Int] = []
    for batches in own {
      numbers.append(batches.count)
      for batch in batches {
        numbers += [batch.rows.count, batch.scoredCount]
        numbers += batch.rows.tokens.map { Int($0) }
        numbers += batch.scoredTokens.map { Int($0) }
        numbers += batch.weights.map { Int($0.bitPattern) }
      }
    }
    for numbers in processes.gather(numbers) {
      var rest = numbers[...]
      while let count = rest.popFirst() {
        shards.append((0..<count).map { _ in Self.batch(&rest) })
      }
    }
  }

  private static func batch(_ numbers: inout ArraySlice<Int>) -> Batch {
    func take(_ count: Int) -> ArraySlice<Int> {
      defer { numbers = numbers.dropFirst(count) }
      return numbers.prefix(count)
    }
    let counts = Array(take(2))
    return Batch(
      tokens: take(counts[0]).map { Int32($0) }, targets: take(counts[1]).map { Int32($0) },
      weights: take(counts[1]).map { Float(bitPattern: UInt32($0)) })
  }

  /// How many micro-batches the longest shard has.
  var slots: Int { shards.reduce(0) { max($0, $1.count) } }

  /// The rows that any process reads, ascending.
  var inputRows: [Int32] { Set(shards.joined().flatMap(\.tokens)).sorted() }
}
