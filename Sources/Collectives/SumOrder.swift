import Kernels

/// The one order in which a number of shards is summed, whichever processes hold them.
///
/// Four neighbors are a group, added from left to right; the sums of groups are added in a binary tree:
///
///     ((s₀ + s₁) + s₂) + s₃        then        ((g₀ + g₁) + (g₂ + g₃)) + …
///
/// A process adds up the groups and subtrees whose shards are all its own and sends their sums alone, so that many shards cost
/// no more traffic than one; the bytes of the result depend on the number of shards only.
package struct SumOrder: Sendable, Hashable {
  package let shards: Int

  package init(shards: Int) {
    precondition(shards >= 1, "a sum of \(shards) shards")
    self.shards = shards
  }

  /// Neighbors that are added from left to right.
  private static let group = 4

  /// The shards that process `rank` of `count` holds: consecutive ones, as many as any other or one less.
  package func held(by rank: Int, of count: Int) -> Range<Int> {
    shards * rank / count..<shards * (rank + 1) / count
  }

  /// The largest partial sums that `held` shards determine, in ascending order; a single shard is one too.
  package func partialSums(of held: Range<Int>) -> [Range<Int>] { Self.partialSums(0..<shards, held) }

  private static func partialSums(_ node: Range<Int>, _ held: Range<Int>) -> [Range<Int>] {
    if !node.overlaps(held) { return [] }
    if held.lowerBound <= node.lowerBound && node.upperBound <= held.upperBound { return [node] }
    return children(of: node).flatMap { partialSums($0, held) }
  }

  private static func children(of node: Range<Int>) -> [Range<Int>] {
    if node.count <= group { return node.map { $0..<$0 + 1 } }
    var left = group
    while 2 * left < node.count { left *= 2 }
    return [node.lowerBound..<node.lowerBound + left, node.lowerBound + left..<node.upperBound]
  }

  /// Overwrites the first of `shards`, all of them, with their sum, and others with partial sums where there are more than four.
  package func sum(_ shards: [Matrix]) {
    precondition(shards.count == self.shards, "\(shards.count) shards of \(self.shards)")
    if shards.count <= Self.group { return Reduction.sum(shards: shards, into: shards[0]) }
    sum(Dictionary(uniqueKeysWithValues: shards.enumerated().map { ($0..<$0 + 1, $1) }))
  }

  /// Adds `parts` up to the sum of the shards `node`, all of them where nothing else is said.
  ///
  /// - Parameter parts: by the shards they are the sums of; windows of one size without gaps, which are overwritten.
  /// - Returns: the window of the first part, which holds the sum.
  @discardableResult
  package func sum(_ parts: [Range<Int>: Matrix], node: Range<Int>? = nil) -> Matrix {
    let node = node ?? 0..<shards
    if let part = parts[node] { return part }
    let children = Self.children(of: node)
    precondition(children.count > 1, "shard \(node.lowerBound) of \(shards) is missing from a sum")
    let terms = children.map { sum(parts, node: $0) }
    Reduction.sum(shards: terms, into: terms[0])
    return terms[0]
  }
}
