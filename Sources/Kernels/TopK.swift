import CKernels

/// The best items of each user by inner product; the scores of users × items never exist.
///
///     score(u, v) = users_u · table_v + bias_v
///
/// Every list is the prefix of a full sort by descending score, ties by ascending item. A score depends on its user and item
/// alone, so lists do not depend on how users are grouped or items are divided. NaN is no candidate: a bias of NaN excludes an
/// item for all users.
/// - Complexity: one product of users × items × D, and O(log k) for each score that is among a user's k best so far.
package enum TopK {
  /// Users that are ranked together, at most.
  package static let groupSize = cloze_top_k_users()

  /// The lists of a group of users.
  package struct Lists: Sendable {
    /// `[users]` best first; shorter than `k` where a user has fewer candidates.
    package var items: [[RankedItem]]
    /// `[users]` log Σ e^score over a user's candidates; empty where it was not requested.
    package var logSums: [Double]
  }

  /// The `k` best rows of `table` for each of at most `groupSize` users, as items `firstItem…`.
  ///
  /// - Shapes: `users` `[users, D]`; `table` `[items, D]`; `bias` `[1, items]`; `excluded` empty or `[users]`, each
  ///   ascending, numbered like the items from `firstItem`.
  package static func select(
    _ k: Int, users: Matrix, table: Matrix, bias: Matrix, firstItem: Int = 0, excluded: [[Int32]] = [],
    logSums wanted: Bool = false
  ) -> Lists {
    precondition(k >= 0 && users.rows <= groupSize, "the top \(k) for \(users.rows) users of at most \(groupSize)")
    table.require(table.rows, users.columns, "table")
    bias.requireVector(table.rows, "bias")
    precondition(excluded.isEmpty || excluded.count == users.rows, "\(excluded.count) exclusions, \(users.rows) users")
    let k = min(k, table.rows)
    let capacity = k + max(k, 16)
    var keys = [UInt64](repeating: 0, count: max(1, users.rows * capacity))
    var counts = [Int32](repeating: 0, count: max(1, users.rows))
    var sums = [Double](repeating: 0, count: max(1, users.rows))
    if users.rows > 0 && (k > 0 || wanted) {
      let offsets = excluded.reduce(into: [Int32(0)]) { $0.append($0[$0.count - 1] + Int32($1.count)) }
      let flat = excluded.flatMap(\.self)
      let workspace = Matrix(rows: 1, columns: cloze_top_k_workspace(users.rows, users.columns))
      keys.withUnsafeMutableBufferPointer { keys in
        counts.withUnsafeMutableBufferPointer { counts in
          sums.withUnsafeMutableBufferPointer { sums in
            flat.withUnsafeBufferPointer { flat in
              offsets.withUnsafeBufferPointer { offsets in
                let args = cloze_top_k_args(
                  k: k, capacity: capacity, first_item: firstItem,
                  excluded: flat.isEmpty ? nil : flat.baseAddress, excluded_offsets: offsets.baseAddress,
                  keys: keys.baseAddress, counts: counts.baseAddress,
                  log_sums: wanted ? sums.baseAddress : nil)
                Processor.kernels.top_k(users.window, table.window, bias.window, args, workspace.base)
              }
            }
          }
        }
      }
    }
    return Lists(
      items: (0..<users.rows).map { user in
        keys[user * capacity..<user * capacity + Int(counts[user])].map(RankedItem.init(key:))
      }, logSums: wanted ? Array(sums.prefix(users.rows)) : [])
  }
}

/// An item of a ranked list, and its score.
package struct RankedItem: Sendable, Hashable {
  package var item: Int32
  package var score: Float

  package init(item: Int32, score: Float) {
    self.item = item
    self.score = score
  }

  /// Decodes a key of the kernel: the score's bits, mapped so that they sort as integers, above the item's complement.
  init(key: UInt64) {
    let bits = UInt32(truncatingIfNeeded: key >> 32)
    item = Int32(bitPattern: ~UInt32(truncatingIfNeeded: key))
    score = Float(bitPattern: bits >> 31 == 1 ? bits & 0x7FFF_FFFF : ~bits)
  }

  /// The order of every list: descending score, ties by ascending item.
  package static func precedes(_ a: RankedItem, _ b: RankedItem) -> Bool {
    a.score != b.score ? a.score > b.score : a.item < b.item
  }
}
