import DurableFiles
import Foundation
import TestSupport
import Testing

/// Zip archives, from memory and from an open file: what is read, and every reason to refuse one.
@Suite struct ZipArchiveTests {
  private static let files = [("a.txt", Array("first".utf8)), ("b/c.txt", Array("the second one".utf8))]
  private static let plain = PackedBytes.zip(files)
  /// `deflated` in the words of Python: zlib.compressobj(9, zlib.DEFLATED, -15) over 40 times `cloze `.
  private static let deflated: [UInt8] = [0x4b, 0xce, 0xc9, 0xaf, 0x4a, 0x55, 0x48, 0x1e, 0x31, 0x24, 0x00]
  private static let unpacked = Array(String(repeating: "cloze ", count: 40).utf8)

  private static func little(_ value: Int, _ count: Int) -> [UInt8] { PackedBytes.little(value, count) }

  /// Where the first directory entry of `plain` begins, and the record at its end.
  private static let entry = plain.indices.first { Array(plain[$0..<$0 + 4]) == [0x50, 0x4b, 1, 2] }!
  private static let end = plain.count - 22

  private static func changed(_ changes: (at: Int, to: [UInt8])...) -> [UInt8] {
    var bytes = plain
    for (at, new) in changes { bytes.replaceSubrange(at..<at + new.count, with: new) }
    return bytes
  }

  /// All members, unpacked.
  private func read(_ source: ZipArchive.Source) throws -> [String: [UInt8]] {
    let archive = try ZipArchive(source)
    return try Dictionary(
      uniqueKeysWithValues: archive.members.map { member in
        let stream = try ZipMemberStream(member, of: archive)
        var (all, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 7))
        while true {
          let count = try stream.read(into: &buffer, from: 0)
          if count == 0 { return (member.name, all) }
          all += buffer.prefix(count)
        }
      })
  }

  /// The same from memory and from a file, or the same refusal.
  private func both(_ bytes: [UInt8]) throws -> [String: [UInt8]] {
    let file = TestFolder.url.appendingPathComponent("zip-\(UUID().uuidString)")
    try Data(bytes).write(to: file)
    let handle = try FileHandle(forReadingFrom: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let inMemory = Result { try read(.memory(Data([9, 9] + bytes).dropFirst(2))) }
    let onDisk = Result { try read(.file(handle.fileDescriptor, size: bytes.count)) }
    switch (inMemory, onDisk) {
    case (.success(let a), .success(let b)): #expect(a == b)
    case (.failure(let a), .failure(let b)): #expect(a as? ZipFault == b as? ZipFault)
    default: Issue.record("\(inMemory) in memory and \(onDisk) on disk")
    }
    return try inMemory.get()
  }

  /// An archive of one member whose numbers stand in the fields of 64 bits.
  private static func wide(size: Int? = nil, record: [UInt8] = [0x50, 0x4b, 6, 6], at place: Int? = nil) -> [UInt8] {
    let (name, bytes) = files[1]
    let checksum = little(Int(PackedBytes.crc32(bytes)), 4)
    let all = [UInt8](repeating: 0xff, count: 4)
    let local =
      [0x50, 0x4b, 3, 4, 45, 0] + [UInt8](repeating: 0, count: 8) + checksum + all + all + little(name.utf8.count, 2)
      + [0, 0] + Array(name.utf8) + bytes
    let extra = [1, 0, 24, 0] + little(size ?? bytes.count, 8) + little(bytes.count, 8) + little(0, 8)
    var directory: [UInt8] = [0x50, 0x4b, 1, 2, 45, 0, 45, 0] + [UInt8](repeating: 0, count: 8) + checksum + all + all
    directory += little(name.utf8.count, 2) + little(extra.count, 2) + [UInt8](repeating: 0, count: 10) + all
    directory += Array(name.utf8) + extra
    let numbers = little(1, 8) + little(1, 8) + little(directory.count, 8) + little(local.count, 8)
    let wide = record + little(44, 8) + [45, 0, 45, 0] + [UInt8](repeating: 0, count: 8) + numbers
    let locator = [0x50, 0x4b, 6, 7, 0, 0, 0, 0] + little(place ?? local.count + directory.count, 8) + [1, 0, 0, 0]
    let short = [0x50, 0x4b, 5, 6, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff] + all + all + [0, 0]
    return local + directory + wide + locator + short
  }

  @Test func membersAreReadAsTheyWereWritten() throws {
    #expect(try both(Self.plain) == Dictionary(uniqueKeysWithValues: Self.files))
    #expect(try both(Self.wide()) == [Self.files[1].0: Self.files[1].1])
    // A comment behind the end.
    #expect(try both(Self.changed((Self.end + 20, [3, 0])) + Array("PK!".utf8)).count == 2)
    let packed = PackedBytes.zip([("d.txt", Self.deflated)])
    let checksum = Self.little(Int(PackedBytes.crc32(Self.unpacked)), 4)
    let entry = packed.indices.first { Array(packed[$0..<$0 + 4]) == [0x50, 0x4b, 1, 2] }!
    var bytes = packed
    bytes.replaceSubrange(entry + 10..<entry + 12, with: [8, 0])
    bytes.replaceSubrange(entry + 16..<entry + 20, with: checksum)
    bytes.replaceSubrange(entry + 24..<entry + 28, with: Self.little(Self.unpacked.count, 4))
    #expect(try both(bytes) == ["d.txt": Self.unpacked])
    // The stream ends before its member does, and the member before its stream.
    var short = bytes
    short.replaceSubrange(entry + 20..<entry + 24, with: Self.little(Self.deflated.count - 3, 4))
    #expect(throws: ZipFault.self) { try both(short) }
    bytes.replaceSubrange(entry + 24..<entry + 28, with: Self.little(Self.unpacked.count - 1, 4))
    #expect(throws: ZipFault.self) { try both(bytes) }
  }

  @Test func aNameThatIsNoUTF8IsSaidToBeNone() throws {
    let archive = try ZipArchive(.memory(Data(Self.changed((Self.entry + 46, [0xff])))))
    #expect(archive.members.map(\.hasUTF8Name) == [false, true])
    #expect(archive.members[0].name == "\u{FFFD}.txt")
  }

  @Test(arguments: [
    ([UInt8]("PK".utf8), "its directory is missing"),
    ([UInt8](plain.dropLast()), "its directory is missing"),
    (changed((end + 20, [1, 0])), "its directory is missing"),
    (wide(at: 1 << 40), "its directory is missing"),
    (wide(at: -1), "its directory is missing"),
    (wide(record: [0x50, 0x4b, 6, 5]), "its directory is missing"),
    (wide(size: -1), "a size in its directory is damaged"),
    (wide(size: 1), "b/c.txt has two sizes"),
    (changed((end + 16, [0xff, 0xff, 0xff, 0x7f])), "its directory lies outside of it"),
    (changed((end + 12, [0xff, 0xff, 0xff, 0x7f])), "its directory lies outside of it"),
    (changed((end + 10, [3, 0])), "its directory ends too early"),
    (changed((entry, [0])), "its directory is broken"),
    (changed((entry + 28, [0xff, 0xff])), "its directory is broken"),
    (changed((entry + 42, [0xff, 0xff, 0, 0])), "its directory names places outside of it"),
    (changed((entry + 24, little(4, 4))), "a.txt has two sizes"),
    (PackedBytes.zip([files[0], files[0]]), "a.txt stands twice in it"),
    (changed((0, [0])), "a.txt is not where its directory says"),
    (changed((26, [0xff, 0xff])), "a.txt ends too early"),
    (changed((entry + 16, [1])), "a.txt: its checksum is wrong"),
    (changed((35, [0])), "a.txt: its checksum is wrong"),
  ])
  func whatIsWrongIsSaid(bytes: [UInt8], reason: String) throws {
    let fault = #expect(throws: ZipFault.self) { try both(bytes) }
    #expect(fault?.reason == reason)
  }
}
