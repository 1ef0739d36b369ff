import Foundation

/// The members of a zip archive whose bytes are stored as they are, which is how PyTorch writes one.
///
/// Every offset and size is checked against the file before a byte is read; compressed and encrypted members are refused.
/// - Source: PKWARE's APPNOTE.TXT 6.3.10, 4.3 (layout), 4.5.3 (sizes of 64 bits).
struct ZipArchive {
  /// By name, where the member's bytes stand.
  private(set) var members: [String: Range<Int>] = [:]

  private static let end: UInt32 = 0x0605_4b50
  private static let end64: UInt32 = 0x0606_4b50
  private static let locator64: UInt32 = 0x0706_4b50
  private static let entry: UInt32 = 0x0201_4b50
  private static let local: UInt32 = 0x0403_4b50
  private static let mostMembers = 1_000_000

  /// Whether `data` begins as an archive does.
  static func isArchive(_ data: Data) -> Bool { data.starts(with: [0x50, 0x4b, 0x03, 0x04]) }

  init(_ data: Data) throws(PickleFault) {
    let file = LittleEndian(data)
    // The record at the end has 22 bytes and a comment of up to 65,535.
    let first = max(0, data.count - 22 - 65_535)
    guard data.count >= 22,
      let place = stride(from: data.count - 22, through: first, by: -1).first(where: {
        file.uint32($0) == Self.end && file.uint16($0 + 20).map { $0 <= data.count } == true
      })
    else { throw PickleFault("the archive has no end; the file is cut off") }
    var count = Int(file.uint16(place + 10) ?? 0)
    var size = Int(file.uint32(place + 12) ?? 0)
    var start = Int(file.uint32(place + 16) ?? 0)
    if place >= 20, file.uint32(place - 20) == Self.locator64, let record = file.int(place - 20 + 8),
      file.uint32(record) == Self.end64
    {
      guard let c = file.int(record + 32), let s = file.int(record + 40), let o = file.int(record + 48) else {
        throw PickleFault("the archive's end is damaged")
      }
      (count, size, start) = (c, s, o)
    }
    guard count <= Self.mostMembers, size <= data.count, start <= data.count - size else {
      throw PickleFault("the archive's directory lies outside of the file")
    }
    var offset = start
    for _ in 0..<count { offset = try take(file, at: offset, end: start + size) }
  }

  /// Takes the member whose entry stands at `offset`, and returns where the next entry is.
  private mutating func take(_ file: LittleEndian, at offset: Int, end: Int) throws(PickleFault) -> Int {
    guard offset <= end - 46, file.uint32(offset) == Self.entry, let flags = file.uint16(offset + 8),
      let method = file.uint16(offset + 10), let nameLength = file.uint16(offset + 28),
      let extraLength = file.uint16(offset + 30), let commentLength = file.uint16(offset + 32)
    else { throw PickleFault("the archive's directory is damaged") }
    let next = offset + 46 + Int(nameLength) + Int(extraLength) + Int(commentLength)
    guard next <= end, let name = file.text(offset + 46, Int(nameLength)) else {
      throw PickleFault("a name in the archive is damaged")
    }
    var stored = Int(file.uint32(offset + 20) ?? 0)
    var size = Int(file.uint32(offset + 24) ?? 0)
    var header = Int(file.uint32(offset + 42) ?? 0)
    var extra = offset + 46 + Int(nameLength)
    let extraEnd = extra + Int(extraLength)
    while extra + 4 <= extraEnd, let kind = file.uint16(extra), let length = file.uint16(extra + 2) {
      var value = extra + 4
      if kind == 1 {
        // Only the sizes that did not fit stand here, in this order.
        for path in [\Sizes.size, \.stored, \.header] {
          var sizes = Sizes(size: size, stored: stored, header: header)
          guard sizes[keyPath: path] == 0xffff_ffff, value + 8 <= min(extraEnd, extra + 4 + Int(length)) else {
            continue
          }
          guard let wide = file.int(value) else { throw PickleFault("a size in the archive is damaged") }
          sizes[keyPath: path] = wide
          (size, stored, header) = (sizes.size, sizes.stored, sizes.header)
          value += 8
        }
      }
      extra += 4 + Int(length)
    }
    if method != 0 || flags & 1 != 0 || stored != size {
      throw PickleFault("the member \(name) is compressed or encrypted, as PyTorch writes none")
    }
    guard file.uint32(header) == Self.local, let localName = file.uint16(header + 26),
      let localExtra = file.uint16(header + 28)
    else { throw PickleFault("the member \(name) is not where the archive says") }
    let begin = header + 30 + Int(localName) + Int(localExtra)
    guard size <= file.count, begin <= file.count - size else {
      throw PickleFault("the member \(name) lies outside of the file")
    }
    guard members.updateValue(begin..<begin + size, forKey: name) == nil else {
      throw PickleFault("the member \(name) stands twice in the archive")
    }
    return next
  }

  private struct Sizes { var size, stored, header: Int }
}

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
