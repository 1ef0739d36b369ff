import Foundation
import Glibc

/// What is wrong with a zip archive, in words that follow its name.
package struct ZipFault: Error, Equatable, Sendable {
  package let reason: String

  init(_ reason: String) { self.reason = reason }
}

/// The members of a zip archive, as its central directory lists them.
///
/// Every offset and size is looked at before a byte is read. Members are stored or deflated, with sizes of 64 bits where they
/// need them; archives of several parts are none.
/// - Source: PKWARE's APPNOTE 6.3.10, 4.3 (layout), 4.5.3 (sizes of 64 bits).
package struct ZipArchive: Sendable {
  /// Where the bytes of an archive are.
  package enum Source: Sendable {
    /// A file that stays open while the archive is read.
    case file(Int32, size: Int)
    case memory(Data)

    package var size: Int {
      switch self {
      case .file(_, let size): size
      case .memory(let data): data.count
      }
    }

    /// As many bytes as `range` has, or as could be read of them.
    func bytes(_ range: Range<Int>) -> [UInt8] {
      switch self {
      case .memory(let data):
        let range = range.clamped(to: 0..<data.count)
        return [UInt8](data[data.startIndex + range.lowerBound..<data.startIndex + range.upperBound])
      case .file(let descriptor, _):
        return SystemBytes.section(of: descriptor, at: range.lowerBound, count: range.count)
      }
    }
  }

  package struct Member: Sendable, Equatable {
    /// What is no UTF-8 in it is replaced.
    package let name: String
    package let hasUTF8Name: Bool
    /// 0 stored, 8 deflated.
    package let method: Int
    package let isEncrypted: Bool
    package let packedSize: Int
    package let size: Int
    package let checksum: UInt32
    /// Where its local header begins.
    let header: Int

    /// Whether its bytes stand in the archive as they are.
    package var isPlain: Bool { method == 0 && !isEncrypted }

    /// Whether it is neither a folder nor something that a system hides in its archives.
    package var isVisible: Bool {
      !name.hasSuffix("/") && !name.hasPrefix("__MACOSX/") && name.split(separator: "/").last?.hasPrefix(".") == false
    }
  }

  package static let magic: [UInt8] = [0x50, 0x4b, 3, 4]
  private static let longestDirectory = 64 << 20
  private static let mostMembers = 1_000_000

  package let source: Source
  package let members: [Member]

  /// Reads the directory of an archive.
  ///
  /// - Throws: `ZipFault`, also where two members have one name, of which no reader can say which is meant.
  package init(_ source: Source) throws(ZipFault) {
    self.source = source
    let size = source.size
    let (count, start, length) = try Self.directory(of: source)
    guard (0...Self.longestDirectory).contains(length), start >= 0, start <= size - length else {
      throw ZipFault("its directory lies outside of it")
    }
    guard (0...Self.mostMembers).contains(count) else { throw ZipFault("it lists \(count) members") }
    let directory = try Self.bytes(start..<start + length, of: source)
    var members: [Member] = []
    var names: Set<[UInt8]> = []
    var at = 0
    while members.count < count, at + 46 <= directory.count {
      guard Self.number(directory, at, 4) == 0x0201_4b50 else { throw ZipFault("its directory is broken") }
      let lengths = [28, 30, 32].map { Self.number(directory, at + $0, 2) }
      let next = at + 46 + lengths.reduce(0, +)
      guard next <= directory.count else { throw ZipFault("its directory is broken") }
      let name = Array(directory[(at + 46)..<(at + 46 + lengths[0])])
      var sizes = [24, 20, 42].map { Self.number(directory, at + $0, 4) }
      try Self.widen(&sizes, by: directory[(at + 46 + lengths[0])..<(at + 46 + lengths[0] + lengths[1])])
      guard sizes.allSatisfy({ $0 >= 0 }), sizes[2] <= size - 30, sizes[1] <= size else {
        throw ZipFault("its directory names places outside of it")
      }
      let member = Member(
        name: String(decoding: name, as: UTF8.self), hasUTF8Name: String(validating: name, as: UTF8.self) != nil,
        method: Self.number(directory, at + 10, 2), isEncrypted: directory[at + 8] & 1 == 1, packedSize: sizes[1],
        size: sizes[0], checksum: UInt32(Self.number(directory, at + 16, 4)), header: sizes[2])
      if member.isPlain, member.packedSize != member.size { throw ZipFault("\(member.name) has two sizes") }
      guard names.insert(name).inserted else { throw ZipFault("\(member.name) stands twice in it") }
      members.append(member)
      at = next
    }
    guard members.count == count else { throw ZipFault("its directory ends too early") }
    self.members = members
  }

  /// How many members the directory has, where it begins and how long it is, as the record at the end says.
  private static func directory(of source: Source) throws(ZipFault) -> (count: Int, start: Int, length: Int) {
    let size = source.size
    // The record has 22 bytes and a comment of up to 65,535.
    let tail = try bytes(max(0, size - 65_557)..<size, of: source)
    let missing = ZipFault("its directory is missing")
    guard tail.count >= 22,
      let end = (0...tail.count - 22).last(where: {
        number(tail, $0, 4) == 0x0605_4b50 && $0 + 22 + number(tail, $0 + 20, 2) <= tail.count
      })
    else { throw missing }
    guard end >= 20, number(tail, end - 20, 4) == 0x0706_4b50 else {
      return (number(tail, end + 10, 2), number(tail, end + 16, 4), number(tail, end + 12, 4))
    }
    let place = number(tail, end - 12, 8)
    guard place >= 0, place <= size - 56 else { throw missing }
    let record = try bytes(place..<place + 56, of: source)
    guard number(record, 0, 4) == 0x0606_4b50 else { throw missing }
    return (number(record, 32, 8), number(record, 48, 8), number(record, 40, 8))
  }

  /// Takes the sizes that do not fit into four bytes from the extra field of zip64, which has them in this order.
  private static func widen(_ sizes: inout [Int], by extra: ArraySlice<UInt8>) throws(ZipFault) {
    let extra = Array(extra)
    var at = 0
    while at + 4 <= extra.count {
      let length = number(extra, at + 2, 2)
      if number(extra, at, 2) == 1 {
        var place = at + 4
        for index in sizes.indices where sizes[index] == 0xffff_ffff && place + 8 <= min(extra.count, at + 4 + length) {
          sizes[index] = number(extra, place, 8)
          if sizes[index] < 0 { throw ZipFault("a size in its directory is damaged") }
          place += 8
        }
      }
      at += 4 + length
    }
  }

  /// Where the packed bytes of `member` stand.
  ///
  /// - Throws: `ZipFault` where its own header is not there, or it would end outside of the archive.
  package func range(of member: Member) throws(ZipFault) -> Range<Int> {
    let header = try Self.bytes(member.header..<member.header + 30, of: source)
    guard Self.number(header, 0, 4) == 0x0403_4b50 else {
      throw ZipFault("\(member.name) is not where its directory says")
    }
    let start = member.header + 30 + Self.number(header, 26, 2) + Self.number(header, 28, 2)
    guard start <= source.size - member.packedSize else { throw ZipFault("\(member.name) ends too early") }
    return start..<start + member.packedSize
  }

  /// The little-endian number of `count` bytes at `place`.
  private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
    (0..<count).reversed().reduce(0) { $0 << 8 | Int(bytes[place + $1]) }
  }

  private static func bytes(_ range: Range<Int>, of source: Source) throws(ZipFault) -> [UInt8] {
    let bytes = source.bytes(range)
    guard bytes.count == range.count else { throw ZipFault("it ends too early") }
    return bytes
  }
}

/// The bytes of one member of a zip archive, unpacked and checked.
package final class ZipMemberStream {
  private let member: ZipArchive.Member
  private let source: ZipArchive.Source
  private var at: Int
  private let end: Int
  private var packed: [UInt8] = []
  private var taken = 0
  private let inflater: Inflater?
  private var checksum = CRC32()
  private var count = 0
  private var isAtEnd = false

  /// How many packed bytes have been read.
  package private(set) var position = 0
  /// How many there are.
  package let size: Int

  /// - Throws: `ZipFault` where the member is not in the archive as a whole.
  /// - Precondition: it is stored or deflated, and not encrypted.
  package init(_ member: ZipArchive.Member, of archive: ZipArchive) throws(ZipFault) {
    precondition([0, 8].contains(member.method) && !member.isEncrypted, "a member packed by method \(member.method)")
    self.member = member
    source = archive.source
    let range = try archive.range(of: member)
    (at, end, size) = (range.lowerBound, range.upperBound, range.count)
    inflater = member.method == 8 ? Inflater(.raw) : nil
  }

  /// Overwrites `buffer` from `start` with the next bytes; their number is 0 at the end.
  ///
  /// - Throws: `ZipFault`, also where the size or the checksum of all bytes is wrong.
  package func read(into buffer: inout [UInt8], from start: Int) throws(ZipFault) -> Int {
    while !isAtEnd {
      if taken == packed.count, at < end { try fill() }
      var found = 0
      if let inflater {
        if taken == packed.count { throw damaged("it ends too early") }
        switch inflater.unpack(packed, from: &taken, into: &buffer, from: start) {
        case .damaged(let reason): throw damaged(reason)
        case .bytes(let count, let isEnd): (found, isAtEnd) = (count, isEnd)
        }
      } else {
        found = min(buffer.count - start, packed.count - taken)
        buffer.replaceSubrange(start..<start + found, with: packed[taken..<taken + found])
        taken += found
        isAtEnd = taken == packed.count && at == end
      }
      count += found
      checksum.update(buffer, from: start, count: found)
      if count > member.size || isAtEnd && (count != member.size || checksum.value != member.checksum) {
        throw damaged("its checksum is wrong")
      }
      if found > 0 { return found }
    }
    return 0
  }

  private func damaged(_ reason: String) -> ZipFault { ZipFault("\(member.name): \(reason)") }

  private func fill() throws(ZipFault) {
    (packed, taken) = (source.bytes(at..<min(at + 1 << 17, end)), 0)
    if packed.isEmpty { throw damaged("it ends too early") }
    at += packed.count
    position += packed.count
  }
}
