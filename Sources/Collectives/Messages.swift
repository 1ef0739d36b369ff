import Kernels

/// Windows that go from process to process in one exchange, listed by all processes in the same order.
package struct Messages {
  private let processes: any Processes
  private var outgoing, incoming: [[Matrix]]

  package init(_ processes: any Processes) {
    self.processes = processes
    outgoing = [[Matrix]](repeating: [], count: processes.count)
    incoming = outgoing
  }

  /// Adds a window without gaps; nothing where it is empty.
  package mutating func send(_ window: Matrix, to process: Int) {
    if window.count > 0 { outgoing[process].append(window) }
  }

  /// Adds a window for every other process.
  package mutating func send(_ window: Matrix) {
    for process in 0..<processes.count where process != processes.rank { send(window, to: process) }
  }

  /// Adds a window that is overwritten by what `process` sends.
  package mutating func receive(_ window: Matrix, from process: Int) {
    if window.count > 0 { incoming[process].append(window) }
  }

  package func exchange() { processes.exchange(outgoing, into: incoming) }
}

extension RankedItem {
  /// A list as processes send it to each other: how many items, then each with the bits of its score.
  package static func sent(_ list: some Collection<RankedItem>) -> [Int] {
    [list.count] + list.flatMap { [Int($0.item), Int($0.score.bitPattern)] }
  }

  /// The list at the head of `numbers`, which is taken from there.
  package static func received(_ numbers: inout ArraySlice<Int>) -> [RankedItem] {
    (0..<numbers.removeFirst()).map { _ in
      RankedItem(item: Int32(numbers.removeFirst()), score: Float(bitPattern: UInt32(numbers.removeFirst())))
    }
  }
}
