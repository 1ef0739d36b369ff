/// Sequences of tokens as paths of a tree, of a bounded number of nodes; what was used longest ago makes way for new ones.
///
/// A node is one token behind its parent's path, and owns what stands at its number elsewhere. Sequences with the same
/// beginning share it. Tokens themselves are compared, never a hash alone.
package struct PrefixTree: Sendable {
  private struct Node: Sendable {
    var parent: Int32
    var token: Int32
    /// The neighbors in the order of use; −1 at the ends.
    var newer: Int32 = -1
    var older: Int32 = -1
    /// The last round in which it was used.
    var round: UInt32 = 0
    /// The number of the vector of the sequence that ends here; −1 where none is known.
    var vector: Int32 = -1
  }

  package let capacity: Int
  /// Nodes that made way for others.
  package private(set) var evicted = 0
  private var nodes: [Node] = []
  /// Open addressing: a node's number plus 1, 0 where a slot is free. Never more than half full.
  private var slots: [Int32]
  private var (newest, oldest): (Int32, Int32) = (-1, -1)
  private var round: UInt32 = 0
  /// `[vectors]` the node of each vector, −1 where it has none; the one that was written longest ago is written next.
  private var owners: [Int32]
  private var nextVector = 0

  /// Bytes that a node takes at most, without its vector's number.
  package static var bytesPerNode: Int { MemoryLayout<Node>.stride + 4 * 4 }
  /// Bytes that the number of a vector takes.
  package static var bytesPerVector: Int { MemoryLayout<Int32>.stride }

  package init(capacity: Int, vectors: Int) {
    precondition(capacity >= 1 && vectors >= 1, "a tree of \(capacity) nodes and \(vectors) vectors")
    self.capacity = capacity
    slots = [Int32](repeating: 0, count: 16)
    owners = [Int32](repeating: -1, count: vectors)
  }

  /// The nodes in use.
  package var count: Int { nodes.count }

  /// Begins a round: nodes that are used from now on stay until the next one.
  package mutating func beginRound() { round &+= 1 }

  /// The nodes of the longest beginning of `tokens` that is known; they are used.
  package mutating func find(_ tokens: some Collection<Int32>) -> [Int32] {
    var path: [Int32] = []
    path.reserveCapacity(tokens.count)
    // Tokens that came together have neighboring nodes, upward or downward: where the next one is the child, no slot is read.
    var (last, step) = (Int32(-1), Int32(1))
    for token in tokens {
      var node = last &+ step
      if !isChild(node, of: last, token) {
        guard let found = child(of: last, token) else { break }
        (node, step) = (found, found < last ? -1 : 1)
      }
      path.append(node)
      last = node
    }
    use(path)
    return path
  }

  /// Lets `path`, which was found in this round, go on with `tokens`: as many as there is space for.
  ///
  /// - Returns: the whole path, and how many of its nodes were there before; all others are new, since what is new has no children.
  package mutating func extend(
    _ path: [Int32], with tokens: some Collection<Int32>
  ) -> (path: [Int32], known: Int) {
    var (path, known) = (path, path.count)
    path.reserveCapacity(path.count + tokens.count)
    for token in tokens {
      let parent = path.last ?? -1
      if known == path.count, let node = child(of: parent, token) {
        path.append(node)
        known += 1
        continue
      }
      guard let node = add(token, to: parent) else { break }
      path.append(node)
    }
    use(path)
    return (path, known)
  }

  /// The number of the vector of the sequence that ends at `node`.
  package func vector(of node: Int32) -> Int? {
    let vector = nodes[Int(node)].vector
    return vector < 0 ? nil : Int(vector)
  }

  /// The number under which the vector of the sequence that ends at `node` is to be written.
  package mutating func makeVector(for node: Int32) -> Int {
    if let known = vector(of: node) { return known }
    let number = nextVector
    nextVector = (nextVector + 1) % owners.count
    if owners[number] >= 0 { nodes[Int(owners[number])].vector = -1 }
    owners[number] = node
    nodes[Int(node)].vector = Int32(number)
    return number
  }

  // MARK: Order of use

  /// The last node of the path first, so that a parent is always newer than its children and the oldest node is a leaf.
  private mutating func use(_ path: [Int32]) {
    for node in path.reversed() {
      nodes[Int(node)].round = round
      if node == newest { continue }
      unlink(node)
      link(node)
    }
  }

  private mutating func link(_ node: Int32) {
    nodes[Int(node)].older = newest
    nodes[Int(node)].newer = -1
    if newest >= 0 { nodes[Int(newest)].newer = node } else { oldest = node }
    newest = node
  }

  private mutating func unlink(_ node: Int32) {
    let (newer, older) = (nodes[Int(node)].newer, nodes[Int(node)].older)
    if newer >= 0 { nodes[Int(newer)].older = older } else { newest = older }
    if older >= 0 { nodes[Int(older)].newer = newer } else { oldest = newer }
  }

  /// nil where every node was used in this round.
  private mutating func add(_ token: Int32, to parent: Int32) -> Int32? {
    var node = Node(parent: parent, token: token)
    node.round = round
    var number = Int32(nodes.count)
    if nodes.count < capacity {
      nodes.append(node)
    } else {
      number = oldest
      if nodes[Int(number)].round == round { return nil }
      remove(number)
      nodes[Int(number)] = node
      evicted += 1
    }
    link(number)
    insert(number)
    return number
  }

  /// Takes a leaf out of the tree.
  private mutating func remove(_ node: Int32) {
    unlink(node)
    let vector = nodes[Int(node)].vector
    if vector >= 0 { owners[Int(vector)] = -1 }
    var hole = slot(of: nodes[Int(node)].parent, nodes[Int(node)].token)
    slots[hole] = 0
    // Nodes behind the hole that would no longer be found from their home move into it.
    var next = (hole + 1) & (slots.count - 1)
    while slots[next] != 0 {
      let home = home(nodes[Int(slots[next] - 1)].parent, nodes[Int(slots[next] - 1)].token)
      if (next - home) & (slots.count - 1) >= (next - hole) & (slots.count - 1) {
        slots[hole] = slots[next]
        slots[next] = 0
        hole = next
      }
      next = (next + 1) & (slots.count - 1)
    }
  }

  // MARK: Children

  /// Whether `node` is one and stands for `token` behind `parent`.
  private func isChild(_ node: Int32, of parent: Int32, _ token: Int32) -> Bool {
    guard node >= 0 && node < nodes.count else { return false }
    return nodes[Int(node)].parent == parent && nodes[Int(node)].token == token
  }

  private func child(of parent: Int32, _ token: Int32) -> Int32? {
    let found = slots[slot(of: parent, token)]
    return found == 0 ? nil : found - 1
  }

  private func home(_ parent: Int32, _ token: Int32) -> Int {
    var hash = UInt64(UInt32(bitPattern: parent)) << 32 | UInt64(UInt32(bitPattern: token))
    hash = (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15
    hash = (hash ^ hash >> 29) &* 0xBF58_476D_1CE4_E5B9
    return Int(truncatingIfNeeded: hash >> 32) & (slots.count - 1)
  }

  /// Where the child is, or the free slot where it would be.
  private func slot(of parent: Int32, _ token: Int32) -> Int {
    var slot = home(parent, token)
    while slots[slot] != 0 {
      let node = nodes[Int(slots[slot] - 1)]
      if node.parent == parent && node.token == token { return slot }
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private mutating func insert(_ node: Int32) {
    if 2 * (count + 1) > slots.count {
      let all = slots.filter { $0 != 0 }
      slots = [Int32](repeating: 0, count: 2 * slots.count)
      for number in all { slots[slot(of: nodes[Int(number - 1)].parent, nodes[Int(number - 1)].token)] = number }
    }
    slots[slot(of: nodes[Int(node)].parent, nodes[Int(node)].token)] = node + 1
  }
}
