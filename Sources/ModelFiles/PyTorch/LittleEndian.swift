import Foundation

/// Numbers of a file, the lowest byte first; nil where they would lie outside of it.
struct LittleEndian {
  private let data: Data
  var count: Int { data.count }

  init(_ data: Data) { self.data = data }

  private func number(_ offset: Int, _ bytes: Int) -> UInt64? {
    guard offset >= 0, offset <= data.count - bytes else { return nil }
    let start = data.startIndex + offset
    return data[start..<start + bytes].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  func byte(_ offset: Int) -> UInt8? { number(offset, 1).map { UInt8($0) } }
  func uint16(_ offset: Int) -> UInt16? { number(offset, 2).map { UInt16($0) } }
  func uint32(_ offset: Int) -> UInt32? { number(offset, 4).map { UInt32($0) } }
  /// A number of 64 bits that is an `Int` and not negative.
  func int(_ offset: Int) -> Int? { number(offset, 8).flatMap { Int(exactly: $0) } }
  func uint64(_ offset: Int) -> UInt64? { number(offset, 8) }

  /// Bytes as they are.
  func bytes(_ offset: Int, _ length: Int) -> Data? {
    guard offset >= 0, length >= 0, length <= data.count, offset <= data.count - length else { return nil }
    let start = data.startIndex + offset
    return data[start..<start + length]
  }

  /// UTF-8; nil where it is none.
  func text(_ offset: Int, _ length: Int) -> String? {
    bytes(offset, length).flatMap { String(validating: $0, as: UTF8.self) }
  }
}

/// What is wrong with a file of PyTorch's, in words.
package struct PickleFault: Error, Equatable, Sendable {
  package let reason: String
  init(_ reason: String) { self.reason = reason }
}
