import Foundation

/// A safetensors file whose header has been checked: every tensor lies within the file, and every byte belongs to one.
///
/// Numbers are converted when they are read, so a file larger than memory can be opened.
package struct SafetensorsFile: Sendable {
  /// Where one tensor stands in the file, and in which format.
  package struct Entry: Sendable, Equatable {
    package let type: TensorType
    package let shape: [Int]
    /// Bytes from the beginning of the tensors.
    package let range: Range<Int>

    /// The product of the sizes of `shape`.
    package var count: Int { range.count / type.size }
  }

  package let path: String
  /// The strings under `__metadata__`, such as `format: pt`.
  package let metadata: [String: String]
  package let tensors: [String: Entry]
  /// The bytes after the header.
  private let bytes: Data

  /// The names in the order of the alphabet.
  package var names: [String] { tensors.keys.sorted() }

  /// The file's bytes as tensors, each claim of the header checked.
  ///
  /// - Throws: `SafetensorsError` naming the tensor and both sizes. Nothing is allocated on the header's word.
  /// - Source: the format's description at github.com/huggingface/safetensors.
  package init(_ data: Data, path: String) throws(SafetensorsError) {
    func fail(_ fault: SafetensorsError.Fault) -> SafetensorsError { SafetensorsError(path: path, fault: fault) }
    guard data.count >= 8 else { throw fail(.shorterThanItsPrefix(bytes: data.count)) }
    let claimed = data.bytes.unsafeLoadUnaligned(as: UInt64.self).littleEndian
    guard claimed <= UInt64(data.count - 8) else {
      throw fail(.headerLength(claimed: claimed, available: data.count - 8))
    }
    let start = data.startIndex + 8
    let header: SafetensorsHeader
    do {
      header = try SafetensorsHeader.parse(data[start..<start + Int(claimed)])
    } catch {
      throw fail(.header(reason: error.reason))
    }
    self.path = path
    metadata = header.metadata
    bytes = data[(start + Int(claimed))...]
    var tensors: [String: Entry] = [:]
    for (name, claim) in header.entries {
      do {
        tensors[name] = try Self.check(claim, of: name, against: bytes.count)
      } catch {
        throw fail(error)
      }
    }
    self.tensors = tensors
    do {
      try Self.checkTiling(tensors, bytes: bytes.count)
    } catch {
      throw fail(error)
    }
  }

  /// The sizes of tensor `name`.
  package func shape(_ name: String) throws(SafetensorsError) -> [Int] { try entry(name).shape }

  /// The numbers of a floating-point tensor, as 32-bit floats.
  ///
  /// - Throws: where the tensor is missing, holds integers, or holds a number that is not finite.
  package func floats(_ name: String) throws(SafetensorsError) -> [Float] {
    try floats(name, 0..<entry(name).count)
  }

  /// Those of the numbers that stand at `range`, counted in the order of the file.
  ///
  /// - Throws: where the tensor is missing, holds integers, or one of them is not finite.
  package func floats(_ name: String, _ range: Range<Int>) throws(SafetensorsError) -> [Float] {
    let whole = try entry(name)
    precondition(0 <= range.lowerBound && range.upperBound <= whole.count, "numbers \(range) of \(whole.count)")
    let start = whole.range.lowerBound
    let entry = Entry(
      type: whole.type, shape: [range.count],
      range: start + range.lowerBound * whole.type.size..<start + range.upperBound * whole.type.size)
    let values: [Float]
    switch entry.type {
    case .float64: values = load(entry) { (bits: UInt64) in Float(Double(bitPattern: bits)) }
    case .float32: values = load(entry) { (bits: UInt32) in Float(bitPattern: bits) }
    case .float16: values = load(entry) { (bits: UInt16) in Float(Float16(bitPattern: bits)) }
    case .bfloat16: values = load(entry) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
    case .int64, .int32, .int16, .int8, .uint8, .bool:
      throw fail(.type(tensor: name, found: entry.type, expected: "floating-point numbers"))
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw fail(.notFinite(tensor: name, index: range.lowerBound + index, value: "\(values[index])"))
    }
    return values
  }

  /// The numbers of an integer tensor; of `BOOL`, 0 and 1.
  package func integers(_ name: String) throws(SafetensorsError) -> [Int64] {
    let entry = try entry(name)
    switch entry.type {
    case .int64: return load(entry) { (bits: UInt64) in Int64(bitPattern: bits) }
    case .int32: return load(entry) { (bits: UInt32) in Int64(Int32(bitPattern: bits)) }
    case .int16: return load(entry) { (bits: UInt16) in Int64(Int16(bitPattern: bits)) }
    case .int8: return load(entry) { (bits: UInt8) in Int64(Int8(bitPattern: bits)) }
    case .uint8, .bool: return load(entry) { (bits: UInt8) in Int64(bits) }
    case .float64, .float32, .float16, .bfloat16:
      throw fail(.type(tensor: name, found: entry.type, expected: "integers"))
    }
  }

  private func entry(_ name: String) throws(SafetensorsError) -> Entry {
    guard let entry = tensors[name] else { throw fail(.missing(tensor: name)) }
    return entry
  }

  private func fail(_ fault: SafetensorsError.Fault) -> SafetensorsError { SafetensorsError(path: path, fault: fault) }

  private func load<Bits: FixedWidthInteger & BitwiseCopyable, Value>(
    _ entry: Entry, _ convert: (Bits) -> Value
  ) -> [Value] {
    let span = bytes.bytes.extracting(entry.range)
    return [Value](capacity: entry.count) { values in
      for index in 0..<entry.count {
        let bits = span.unsafeLoadUnaligned(fromByteOffset: index * entry.type.size, as: Bits.self)
        values.append(convert(Bits(littleEndian: bits)))
      }
    }
  }
}

extension SafetensorsFile {
  /// One claim of the header, believed as far as it agrees with itself and with the number of `bytes` that are there.
  static func check(
    _ claim: SafetensorsHeader.Entry, of name: String, against bytes: Int
  ) throws(SafetensorsError.Fault) -> Entry {
    guard let type = TensorType(rawValue: claim.type) else { throw .unknownType(tensor: name, type: claim.type) }
    let offsets = claim.offsets
    guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= bytes else {
      throw .outOfRange(tensor: name, offsets: offsets, bytes: bytes)
    }
    var expected = type.size
    for size in claim.shape {
      let (product, overflow) = expected.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else { throw .impossibleShape(tensor: name, shape: claim.shape) }
      expected = product
    }
    guard offsets[1] - offsets[0] == expected else {
      throw .byteCount(
        tensor: name, shape: claim.shape, type: type, found: offsets[1] - offsets[0], expected: expected)
    }
    return Entry(type: type, shape: claim.shape, range: offsets[0]..<offsets[1])
  }

  /// Every byte belongs to exactly one tensor.
  static func checkTiling(_ tensors: [String: Entry], bytes: Int) throws(SafetensorsError.Fault) {
    var end = 0
    var last = ""
    let inOrder = tensors.sorted {
      ($0.value.range.lowerBound, $0.value.range.upperBound, $0.key)
        < ($1.value.range.lowerBound, $1.value.range.upperBound, $1.key)
    }
    for (name, entry) in inOrder {
      let begin = entry.range.lowerBound
      if begin < end { throw .overlap(tensor: name, other: last, at: begin) }
      if begin > end { throw .unclaimed(from: end, to: begin) }
      end = entry.range.upperBound
      last = name
    }
    if end < bytes { throw .unclaimed(from: end, to: bytes) }
  }
}
