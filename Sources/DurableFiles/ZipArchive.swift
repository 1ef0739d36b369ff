import DurableFiles
import Glibc

/// The members of a zip archive, as its central directory lists them.
///
/// - Source: PKWARE's APPNOTE 6.3.9; stored and deflated members, zip64; neither encryption nor archives of several parts.
struct ZipArchive {
  struct Member {
    let name: String
    /// 0 stored, 8 deflated.
    let method: Int
    let isEncrypted: Bool
    let packedSize: Int
    let size: Int
    let checksum: UInt32
    /// Where its local header begins.
    let header: Int

    /// Whether it is neither a folder nor something that a system hides in its archives.
    var isVisible: Bool {
      !name.hasSuffix("/") && !name.hasPrefix("__MACOSX/") && name.split(separator: "/").last?.hasPrefix(".") == false
    }
  }

  static let magic: [UInt8] = [0x50, 0x4b, 3, 4]
  private static let longestDirectory = 64 << 20

  let members: [Member]

  /// Reads the directory of the archive `file`, which is open as `descriptor` and has `size` bytes.
  ///
  /// - Throws: `LogError.damagedZip`.
  init(_ descriptor: Int32, size: Int, file: String) throws(LogError) {
    func damaged(_ reason: String) -> LogError { .damagedZip(file: file, reason: reason) }
    let tailStart = max(0, size - 65_557)
    let tail = try Self.bytes(descriptor, tailStart..<size, file)
    guard let end = (0...max(0, tail.count - 22)).last(where: { Self.number(tail, $0, 4) == 0x0605_4b50 }),
      tail.count >= 22
    else { throw damaged("its directory is missing") }
    var count = Self.number(tail, end + 10, 2)
    var length = Self.number(tail, end + 12, 4)
    var start = Self.number(tail, end + 16, 4)
    if count == 0xffff || length == 0xffff_ffff || start == 0xffff_ffff, end >= 20,
      Self.number(tail, end - 20, 4) == 0x0706_4b50
    {
      let place = Self.number(tail, end - 12, 8)
      guard place >= 0, place <= size - 56 else { throw damaged("its directory is missing") }
      let record = try Self.bytes(descriptor, place..<place + 56, file)
      guard Self.number(record, 0, 4) == 0x0606_4b50 else { throw damaged("its directory is missing") }
      count = Self.number(record, 32, 8)
      length = Self.number(record, 40, 8)
      start = Self.number(record, 48, 8)
    }
    guard start >= 0, (0...Self.longestDirectory).contains(length), start <= size - length else {
      throw damaged("its directory lies outside of it")
    }
    let directory = try Self.bytes(descriptor, start..<start + length, file)
    var members: [Member] = []
    var at = 0
    while members.count < count, at + 46 <= directory.count {
      guard Self.number(directory, at, 4) == 0x0201_4b50 else { throw damaged("its directory is broken") }
      let lengths = [28, 30, 32].map { Self.number(directory, at + $0, 2) }
      let next = at + 46 + lengths.reduce(0, +)
      guard next <= directory.count else { throw damaged("its directory is broken") }
      let name = directory[(at + 46)..<(at + 46 + lengths[0])]
      var sizes = [24, 20, 42].map { Self.number(directory, at + $0, 4) }
      Self.widen(&sizes, by: directory[(at + 46 + lengths[0])..<(at + 46 + lengths[0] + lengths[1])])
      guard sizes.allSatisfy({ $0 >= 0 }), sizes[2] <= size - 30, sizes[1] <= size else {
        throw damaged("its directory names places outside of it")
      }
      members.append(
        Member(
          name: String(decoding: name, as: UTF8.self), method: Self.number(directory, at + 10, 2),
          isEncrypted: directory[at + 8] & 1 == 1, packedSize: sizes[1], size: sizes[0],
          checksum: UInt32(Self.number(directory, at + 16, 4)), header: sizes[2]))
      at = next
    }
    guard members.count == count else { throw damaged("its directory ends too early") }
    self.members = members
  }

  /// Takes the sizes that do not fit into four bytes from the extra field of zip64.
  private static func widen(_ sizes: inout [Int], by extra: ArraySlice<UInt8>) {
    let extra = Array(extra)
    var at = 0
    while at + 4 <= extra.count {
      let length = number(extra, at + 2, 2)
      if number(extra, at, 2) == 1 {
        var place = at + 4
        for index in sizes.indices where sizes[index] == 0xffff_ffff && place + 8 <= min(extra.count, at + 4 + length) {
          sizes[index] = number(extra, place, 8)
          place += 8
        }
      }
      at += 4 + length
    }
  }

  /// Where the packed bytes of `member` stand.
  ///
  /// - Throws: `LogError.damagedZip`.
  static func range(of member: Member, _ descriptor: Int32, size: Int, file: String) throws(LogError) -> Range<Int> {
    let header = try bytes(descriptor, member.header..<member.header + 30, file)
    guard number(header, 0, 4) == 0x0403_4b50 else {
      throw .damagedZip(file: file, reason: "\(member.name) is not where its directory says")
    }
    let start = member.header + 30 + number(header, 26, 2) + number(header, 28, 2)
    guard start <= size - member.packedSize else {
      throw .damagedZip(file: file, reason: "\(member.name) ends too early")
    }
    return start..<start + member.packedSize
  }

  /// The little-endian number of `count` bytes at `place`.
  private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
    (0..<count).reversed().reduce(0) { $0 << 8 | Int(bytes[place + $1]) }
  }

  private static func bytes(_ descriptor: Int32, _ range: Range<Int>, _ file: String) throws(LogError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    var filled = 0
    while filled < range.count {
      let count = SystemBytes.read(descriptor, at: range.lowerBound + filled, into: &bytes, from: filled)
      guard count > 0 || (count < 0 && errno == EINTR) else {
        throw .damagedZip(file: file, reason: "it ends too early")
      }
      filled += max(0, count)
    }
    return bytes
  }
}

extension ZipArchive {
  /// The member that is the log: the one that `name` names, else the only file, else the only one that may be a table.
  ///
  /// - Throws: `LogError` where there is none, or more than one.
  func table(named name: String?, path: String) throws(LogError) -> Member {
    let files = members.filter(\.isVisible)
    if files.contains(where: { $0.name == "xl/workbook.xml" || $0.name == "content.xml" }) {
      throw .notText(file: path, found: "a workbook", remedy: "save it as CSV")
    }
    if !files.isEmpty, files.allSatisfy({ $0.name.hasSuffix(".npy") }) {
      throw .notText(file: path, found: "an archive of NumPy arrays", remedy: "write them with numpy.savetxt first")
    }
    let tables = files.filter { file in
      let last = file.name.lowercased().split(separator: "/").last ?? ""
      let isText = ["readme", "license", "licence", "checksum"].contains { last.hasPrefix($0) }
      return !isText && Self.endings.contains { last.hasSuffix("." + $0) }
    }
    let named = name.map { name in files.filter { $0.name == name } }
    let found = named ?? (files.count == 1 ? files : tables)
    guard let member = found.first, found.count == 1 else {
      let choice = tables.isEmpty ? files : tables
      let shown = choice.prefix(8).map(\.name).joined(separator: ", ") + (choice.count > 8 ? ", …" : "")
      if choice.isEmpty {
        throw .otherShape(file: path, found: "a zip archive without files", remedy: "name another file")
      }
      throw .otherShape(
        file: path,
        found: named == nil
          ? "a zip archive of \(choice.count) files: \(shown)"
          : "a zip archive without \"\(name ?? "")\"; it holds \(shown)",
        remedy: "name the one that is the log, such as \(ShellWord.quoted("\(path)/\(choice[0].name)"))")
    }
    if member.isEncrypted {
      throw .otherShape(
        file: path, found: "an encrypted zip archive", remedy: "unpack it first: unzip \(ShellWord.quoted(path))")
    }
    guard member.method == 0 || member.method == 8 else {
      throw .otherShape(
        file: path, found: "a zip archive packed by method \(member.method)",
        remedy: "unpack it first: 7z x \(ShellWord.quoted(path))")
    }
    return member
  }

  private static let endings = [
    "csv", "tsv", "txt", "dat", "data", "json", "jsonl", "ndjson", "inter", "tab", "csv.gz", "tsv.gz", "json.gz",
    "jsonl.gz", "txt.gz",
  ]
}

/// The bytes of one member of a zip archive, unpacked and checked.
final class ZipMemberStream {
  private let member: ZipArchive.Member
  private let descriptor: Int32
  private let file: String
  private var at: Int
  private let end: Int
  private var packed: [UInt8] = []
  private var taken = 0
  private let inflater: Inflater?
  private var checksum = CRC32()
  private var count = 0
  private var isAtEnd = false

  /// How many packed bytes have been read.
  private(set) var position = 0

  init(_ member: ZipArchive.Member, at range: Range<Int>, _ descriptor: Int32, file: String) {
    self.member = member
    self.descriptor = descriptor
    self.file = file
    (at, end) = (range.lowerBound, range.upperBound)
    inflater = member.method == 8 ? Inflater(.raw) : nil
  }

  /// Overwrites `buffer` from `start` with the next bytes; their number is 0 at the end.
  ///
  /// - Throws: `LogError.damagedZip`, also where the checksum of all bytes is wrong.
  func read(into buffer: inout [UInt8], from start: Int) throws(LogError) -> Int {
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

  private func damaged(_ reason: String) -> LogError { .damagedZip(file: file, reason: "\(member.name): \(reason)") }

  private func fill() throws(LogError) {
    (packed, taken) = (ByteStream.section(of: descriptor, at: at, count: min(1 << 17, end - at)), 0)
    if packed.isEmpty { throw damaged("it ends too early") }
    at += packed.count
    position += packed.count
  }
}
