import Collectives
import Kernels

/// The gradient shards of a step in this process, and where their sum is made.
///
/// Shards that this process computed have gradients of all parameters. Where the item table is spread and a step has gradients
/// of all its rows, each process has those of its rows from all shards, so that they are summed where they stay.
struct StepGradients: Sendable {
  /// Those that this process computed; the first one takes the sum.
  let shards: [ParameterVector]
  /// Of all shards the rows of the table that this process keeps; the first one takes their sum. nil where `shards` have them.
  let rows: [ParameterVector]?
  /// The flat range of the table.
  let table: Range<Int>
  /// What this process updates.
  let slice: Range<Int>

  /// Whether a range is one of the table, each part of which is summed by the process that keeps it.
  func isKept(_ range: Range<Int>) -> Bool { rows != nil && table.contains(range.lowerBound) }

  /// Where the sum over a range is made.
  func sum(_ range: Range<Int>) -> ParameterVector { isKept(range) ? rows![0] : shards[0] }

  /// Overwrites the first of `rows` with the sum of all, over what this process keeps of `range`.
  func sumRows(_ range: Range<Int>, _ order: SumOrder) {
    let part = range.clamped(to: slice)
    if let rows, !part.isEmpty { order.sum(rows.map { $0.flat(part) }) }
  }

  /// Clears what is no sum.
  func clearOthers(_ range: Range<Int>) {
    let part = isKept(range) ? range.clamped(to: slice) : range
    if part.isEmpty { return }
    for shard in (isKept(range) ? rows! : shards).dropFirst() { shard.flat(part).fill(0) }
  }

  /// Clears a sum, with what other processes sent of a range that begins here. The memory of rows that others keep stays unused.
  func clearSum(_ range: Range<Int>) {
    let part = isKept(range) && !slice.contains(range.lowerBound) ? range.clamped(to: slice) : range
    if !part.isEmpty { sum(range).flat(part).fill(0) }
  }
}
