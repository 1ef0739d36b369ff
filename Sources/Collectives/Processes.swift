import Foundation
import Kernels

/// Processes that compute together, numbered from 0: what one contributes and all of them get.
///
/// Every process calls the same operations in the same order; a call returns when this process has its part of the result.
/// Nothing depends on when which message arrives. Where a process ends, the launcher ends the others.
package protocol Processes: Sendable {
  /// The number of this process.
  var rank: Int { get }
  /// How many processes there are.
  var count: Int { get }

  /// The bytes of every process, in the order of their numbers; lengths may differ.
  func gather(_ bytes: [UInt8]) -> [[UInt8]]

  /// Sends the windows `outgoing[r]` to process r and overwrites the windows `incoming[r]` with what process r sent here.
  ///
  /// - Shapes: both `[count]`, empty for this process; windows without gaps. What r sends has the sizes of what is received from
  ///   it, window by window.
  func exchange(_ outgoing: [[Matrix]], into incoming: [[Matrix]])
}

/// The process alone: every operation returns at once.
package struct OneProcess: Processes {
  package init() {}

  package var rank: Int { 0 }
  package var count: Int { 1 }
  package func gather(_ bytes: [UInt8]) -> [[UInt8]] { [bytes] }
  package func exchange(_ outgoing: [[Matrix]], into incoming: [[Matrix]]) {
    precondition(
      outgoing.allSatisfy(\.isEmpty) && incoming.allSatisfy(\.isEmpty),
      "messages to other processes, and there are none")
  }
}

extension Processes {
  /// The integers of every process, `[count][numbers.count]`.
  package func gather(_ numbers: [Int]) -> [[Int]] {
    // Many thousand rows a step: no array for each number.
    var sent: [UInt8] = []
    sent.reserveCapacity(8 * numbers.count)
    for number in numbers { for byte in 0..<8 { sent.append(UInt8(truncatingIfNeeded: number >> (8 * byte))) } }
    return gather(sent).map { bytes in
      stride(from: 0, to: bytes.count, by: 8).map { start in
        var number = 0
        for byte in 0..<8 { number |= Int(bytes[start + byte]) << (8 * byte) }
        return number
      }
    }
  }

  /// The numbers of every process, `[count][numbers.count]`, to the last bit.
  package func gather(_ numbers: [Double]) -> [[Double]] {
    gather(numbers.map { Int(bitPattern: UInt($0.bitPattern)) }).map { numbers in
      numbers.map { Double(bitPattern: UInt64(UInt(bitPattern: $0))) }
    }
  }

  /// The sums over all processes.
  package func sum(_ numbers: [Int]) -> [Int] {
    gather(numbers).reduce([Int](repeating: 0, count: numbers.count)) { zip($0, $1).map(+) }
  }

  /// Overwrites, in every process, each of `slices` with that of the process that owns it: slice r of process r.
  ///
  /// - Shapes: `slices` `[count]`, windows without gaps, of the same sizes in every process.
  package func gather(_ slices: [Matrix]) {
    precondition(slices.count == count, "\(slices.count) slices for \(count) processes")
    exchange(
      (0..<count).map { $0 == rank ? [] : [slices[rank]] }, into: (0..<count).map { $0 == rank ? [] : [slices[$0]] })
  }

  /// Overwrites `window`, a window without gaps of one size in every process, with that of process 0.
  package func broadcast(_ window: Matrix) {
    if count == 1 { return }
    exchange(
      (0..<count).map { rank == 0 && $0 != 0 ? [window] : [] },
      into: (0..<count).map { rank != 0 && $0 == 0 ? [window] : [] })
  }

  /// The value of process 0, whatever the others give.
  package func broadcast<Value: Codable>(_ value: Value?) -> Value? {
    if count == 1 { return value }
    do {
      let bytes = rank == 0 ? try value.map { [UInt8](try PropertyListEncoder().encode($0)) } ?? [] : []
      let first = gather(bytes)[0]
      return first.isEmpty ? nil : try PropertyListDecoder().decode(Value.self, from: Data(first))
    } catch {
      preconditionFailure("a value of type \(Value.self) cannot be sent: \(error)")
    }
  }

  /// For each of `flags`, whether it is set in any process.
  package func any(_ flags: [Bool]) -> [Bool] {
    if count == 1 { return flags }
    return gather(flags.map { $0 ? UInt8(1) : 0 }).reduce([Bool](repeating: false, count: flags.count)) {
      zip($0, $1).map { $0 || $1 == 1 }
    }
  }

  /// The consecutive ones of `total` things that this process takes, as many as any other or one less.
  package func share(of total: Int) -> Range<Int> { total * rank / count..<total * (rank + 1) / count }

  /// Returns when every process has called it.
  package func wait() { _ = gather([UInt8]()) }
}
