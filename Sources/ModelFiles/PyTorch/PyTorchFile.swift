import DurableFiles
import Foundation

/// `pytorch_model.bin`: tensors by name in a file that PyTorch wrote, in a zip archive or as versions before 1.6 did.
///
/// Only tensors are read and no code is run (see `PickleMachine`); every size is checked against the file before numbers
/// are made of it.
package struct PyTorchFile: WeightFile {
  private static let longestPickle = 1 << 26
  /// `0x1950a86a20f9469cfc6c`, the first pickle of a file before 1.6.
  private static let magic = Data([0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19])

  package let path: String
  private let data: Data
  private let tensors: [String: PickleMachine.Tensor]
  /// By key, where a storage's numbers stand.
  private let storages: [String: Range<Int>]

  /// - Throws: `HuggingFaceError` where the file holds anything but tensors, or is damaged.
  package static func read(_ url: URL) throws(HuggingFaceError) -> PyTorchFile {
    let data: Data
    do {
      data = try Data(contentsOf: url, options: .mappedIfSafe)
    } catch {
      throw HuggingFaceError(path: url.path, fault: .unreadable(reason: error.localizedDescription))
    }
    do {
      return try PyTorchFile(data, path: url.path)
    } catch {
      throw HuggingFaceError(path: url.path, fault: .pickle(error))
    }
  }

  package init(_ data: Data, path: String) throws(PickleFault) {
    self.path = path
    self.data = data
    var found: [String: PickleMachine.Tensor] = [:]
    func take(_ state: PickleMachine.Value, of machine: PickleMachine) throws(PickleFault) {
      guard let pairs = machine.pairs(of: state) else {
        throw PickleFault("it holds no dictionary of tensors; save model.state_dict()")
      }
      for case (let name, .tensor(let tensor)) in pairs { found[name] = tensor }
      if found.isEmpty { throw PickleFault("it holds no tensors by name; save model.state_dict()") }
    }
    if data.starts(with: ZipArchive.magic) {
      let members = try Self.members(of: data)
      guard let (name, range) = members.first(where: { $0.key.hasSuffix("/data.pkl") }) else {
        throw PickleFault("the archive has no data.pkl, so PyTorch did not write it")
      }
      guard range.count <= Self.longestPickle else { throw PickleFault("its list of tensors is too long") }
      let folder = name.dropLast("data.pkl".count)
      if let order = members[folder + "byteorder"],
        LittleEndian(data).text(order.lowerBound, order.count) != "little"
      {
        throw PickleFault("its numbers are written the highest byte first; save it on another machine")
      }
      // Offsets in the machine are those of the file, which ends for it where the member does.
      var machine = PickleMachine(LittleEndian(data.prefix(range.upperBound)), at: range.lowerBound)
      try take(machine.run(), of: machine)
      var storages: [String: Range<Int>] = [:]
      let prefix = folder + "data/"
      for (name, range) in members where name.hasPrefix(prefix) {
        storages[String(name.dropFirst(prefix.count))] = range
      }
      self.storages = storages
    } else {
      let file = LittleEndian(data)
      var machine = PickleMachine(file)
      guard case .large(Self.magic) = try machine.run() else {
        throw PickleFault("it is neither an archive nor a pickle of PyTorch's")
      }
      machine = PickleMachine(file, at: machine.offset)
      _ = try machine.run()
      machine = PickleMachine(file, at: machine.offset)
      let system = try machine.run()
      for case ("little_endian", .bool(false)) in machine.pairs(of: system) ?? [] {
        throw PickleFault("its numbers are written the highest byte first; save it on another machine")
      }
      machine = PickleMachine(file, at: machine.offset)
      try take(machine.run(), of: machine)
      machine = PickleMachine(file, at: machine.offset)
      guard case .list(let keys) = try machine.run() else { throw PickleFault("it has no list of its storages") }
      let sizes = Dictionary(
        found.values.map { ($0.storage.key, Self.bytes(of: $0.storage.type)) }, uniquingKeysWith: { first, _ in first })
      var storages: [String: Range<Int>] = [:]
      var offset = machine.offset
      for case .text(let key) in machine.lists[keys] {
        guard let count = file.int(offset), let size = sizes[key] else {
          throw PickleFault("a storage is missing; the file is cut off")
        }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
        guard !overflow, bytes <= data.count, offset + 8 <= data.count - bytes else {
          throw PickleFault("the storage \(key) is longer than the file")
        }
        storages[key] = offset + 8..<offset + 8 + bytes
        offset += 8 + bytes
      }
      self.storages = storages
    }
    tensors = found
    for (name, tensor) in found { try check(tensor, name) }
  }

  /// Where the bytes of each member of an archive stand: as they are, which is how PyTorch writes them, and checked.
  private static func members(of data: Data) throws(PickleFault) -> [String: Range<Int>] {
    do {
      let archive = try ZipArchive(.memory(data))
      var ranges: [String: Range<Int>] = [:]
      var buffer = [UInt8](repeating: 0, count: 1 << 17)
      for member in archive.members {
        if !member.hasUTF8Name { throw PickleFault("a name in the archive is damaged") }
        if !member.isPlain {
          throw PickleFault("the member \(member.name) is compressed or encrypted, as PyTorch writes none")
        }
        ranges[member.name] = try archive.range(of: member)
        // PyTorch can be told to compute no checksums, and reads what has none.
        if member.checksum == 0 { continue }
        let stream = try ZipMemberStream(member, of: archive)
        while try stream.read(into: &buffer, from: 0) > 0 {}
      }
      return ranges
    } catch let fault as ZipFault {
      throw PickleFault("the archive is damaged: \(fault.reason)")
    } catch {
      throw error as! PickleFault
    }
  }

  package var names: [String] { tensors.keys.sorted() }

  package func shape(of name: String) -> [Int]? { tensors[name]?.shape }

  /// Every number lies in its storage, and there are no more numbers than the storage has.
  private func check(_ tensor: PickleMachine.Tensor, _ name: String) throws(PickleFault) {
    let storage = tensor.storage
    let size = Self.bytes(of: storage.type)
    guard let range = storages[storage.key], storage.count <= range.count / size else {
      throw PickleFault("the numbers of \(name) are not in the file")
    }
    let fault = PickleFault("\(name) has a shape that its numbers do not fill: \(tensor.shape)")
    guard tensor.shape.count == tensor.strides.count, tensor.offset >= 0 else { throw fault }
    var (count, last) = (1, tensor.offset)
    for (size, stride) in zip(tensor.shape, tensor.strides) {
      let (product, tooMany) = count.multipliedReportingOverflow(by: size)
      let (reach, tooFar) = max(0, size - 1).multipliedReportingOverflow(by: stride)
      let (end, outside) = last.addingReportingOverflow(reach)
      guard size >= 0, stride >= 0, !tooMany, !tooFar, !outside else { throw fault }
      (count, last) = (product, end)
    }
    guard count == 0 || (count <= storage.count && last < storage.count) else { throw fault }
  }

  package func floats(of name: String) throws(HuggingFaceError.Fault) -> [Float] {
    guard let tensor = tensors[name], let range = storages[tensor.storage.key] else {
      throw .pickle(PickleFault("it has no tensor \(name)"))
    }
    let values: [Float]
    switch tensor.storage.type {
    case "FloatStorage": values = load(tensor, range) { (bits: UInt32) in Float(bitPattern: bits) }
    case "DoubleStorage": values = load(tensor, range) { (bits: UInt64) in Float(Double(bitPattern: bits)) }
    case "HalfStorage": values = load(tensor, range) { (bits: UInt16) in Float(Float16(bitPattern: bits)) }
    case "BFloat16Storage": values = load(tensor, range) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
    default: throw .pickle(PickleFault("\(name) holds integers where numbers with decimals are expected"))
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw .pickle(PickleFault("number \(index) of \(name) is \(values[index])"))
    }
    return values
  }

  private func load<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ tensor: PickleMachine.Tensor, _ range: Range<Int>, _ convert: (Bits) -> Float
  ) -> [Float] {
    let count = tensor.shape.reduce(1, *)
    let span = data.bytes.extracting(range)
    var index = [Int](repeating: 0, count: tensor.shape.count)
    var place = tensor.offset
    return [Float](capacity: count) { values in
      for _ in 0..<count {
        let bits = span.unsafeLoadUnaligned(fromByteOffset: place * (Bits.bitWidth / 8), as: Bits.self)
        values.append(convert(Bits(littleEndian: bits)))
        var axis = index.count - 1
        while axis >= 0 {
          index[axis] += 1
          place += tensor.strides[axis]
          if index[axis] < tensor.shape[axis] { break }
          place -= tensor.strides[axis] * tensor.shape[axis]
          index[axis] = 0
          axis -= 1
        }
      }
    }
  }

  private static func bytes(of type: String) -> Int {
    switch type {
    case "DoubleStorage", "LongStorage": 8
    case "FloatStorage", "IntStorage": 4
    case "HalfStorage", "BFloat16Storage", "ShortStorage": 2
    default: 1
    }
  }
}
