import DurableFiles
import Foundation
import Kernels

/// Hugging Face's file of tensors: 8 bytes of header length, a JSON header, then the numbers without gaps.
package enum Safetensors {
  /// Opens the file at `url` and checks its header; numbers are read by name later.
  ///
  /// - Parameter byParts: whether little of it will be read, so that its bytes stay on the disk until they are: Foundation takes
  ///   a file whole that it may map where that is safe.
  /// - Throws: `SafetensorsError` saying what is wrong with the file.
  package static func read(_ url: URL, byParts: Bool = false) throws(SafetensorsError) -> SafetensorsFile {
    let data: Data
    do {
      data = try Data(contentsOf: url, options: byParts ? .alwaysMapped : .mappedIfSafe)
    } catch {
      throw SafetensorsError(path: url.path, fault: .unreadable(reason: FileReason.of(error)))
    }
    return try SafetensorsFile(data, path: url.path)
  }

  /// Writes `tensors` as 32-bit floats, in the order of their names, byte for byte as Hugging Face does.
  ///
  /// - Throws: `DurableFileError`; the file is whole or as it was.
  package static func write(
    _ tensors: [NamedTensor], metadata: [String: String] = ["format": "pt"], to url: URL
  ) throws(DurableFileError) {
    try DurableFile.write(encode(tensors, metadata: metadata), to: url)
  }

  /// Writes tensors from where they stand, in the order of their names: no copy of them is made.
  ///
  /// - Throws: `DurableFileError`; the file is whole or as it was.
  package static func write(
    streaming tensors: [StreamedTensor], metadata: [String: String] = ["format": "pt"], to url: URL
  ) throws(DurableFileError) {
    let tensors = tensors.sorted { $0.name < $1.name }
    try write(header: tensors.map { ($0.name, $0.shape) }, metadata: metadata, to: url) {
      (sink) throws(DurableFileError) in
      for tensor in tensors { try tensor.write(sink) }
    }
  }

  /// Writes whole vectors, each a tensor of one axis, from where they stand: no copy of them is made.
  ///
  /// - Parameter spread: gives the numbers of all vectors in the order of their names, where they stand in several processes.
  /// - Throws: `DurableFileError`; the file is whole or as it was.
  package static func write(
    _ vectors: [String: ParameterVector], spread: SpreadNumbers? = nil, to url: URL
  ) throws(DurableFileError) {
    let vectors = vectors.sorted { $0.key < $1.key }
    try write(header: vectors.map { ($0.key, [$0.value.layout.count]) }, metadata: [:], to: url) {
      (sink) throws(DurableFileError) in
      if let spread { return try spread.read { (window) throws(DurableFileError) in try sink.write(window) } }
      for (_, vector) in vectors { try sink.write(vector.all) }
    }
  }

  private static func write(
    header tensors: [(name: String, shape: [Int])], metadata: [String: String], to url: URL, _ fill: DurableFile.Fill
  ) throws(DurableFileError) {
    for (a, b) in zip(tensors, tensors.dropFirst()) {
      precondition(a.name != b.name, "tensor \(a.name) would stand twice in one file")
    }
    let header = prefix(of: tensors, metadata: metadata)
    try DurableFile.write(to: url) { (sink) throws(DurableFileError) in
      try sink.write(header.span.bytes)
      try fill(sink)
    }
  }

  /// The bytes of a file of `tensors`, whose names must be distinct.
  package static func encode(_ tensors: [NamedTensor], metadata: [String: String] = ["format": "pt"]) -> Data {
    let tensors = tensors.sorted { $0.name < $1.name }
    for (a, b) in zip(tensors, tensors.dropFirst()) {
      precondition(a.name != b.name, "tensor \(a.name) would stand twice in one file")
    }
    let prefix = prefix(of: tensors.map { ($0.name, $0.shape) }, metadata: metadata)
    var data = Data(capacity: prefix.count + tensors.reduce(0) { $0 + $1.values.count * TensorType.float32.size })
    data.append(contentsOf: prefix)
    for tensor in tensors {
      data.append(bytesOf: tensor.values)
    }
    return data
  }

  /// What stands before the numbers: the header's length and the header, padded with blanks so that the numbers begin at a
  /// multiple of 8.
  private static func prefix(of tensors: [(name: String, shape: [Int])], metadata: [String: String]) -> [UInt8] {
    var fields: [String] = []
    if !metadata.isEmpty {
      let strings = metadata.sorted { $0.key < $1.key }.map {
        "\(JSONString.quote($0.key)):\(JSONString.quote($0.value))"
      }
      fields.append("\"__metadata__\":{\(strings.joined(separator: ","))}")
    }
    var offset = 0
    for tensor in tensors {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let end = offset + tensor.shape.reduce(1, *) * TensorType.float32.size
      fields.append(
        "\(JSONString.quote(tensor.name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Array("{\(fields.joined(separator: ","))}".utf8)
    header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8))
    return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header
  }
}

/// A tensor as a file knows it: its name, its shape and its numbers, the last axis fastest.
package struct NamedTensor: Sendable, Equatable {
  package var name: String
  /// Sizes from the slowest axis to the fastest; empty for a single number.
  package var shape: [Int]
  /// As many numbers as the sizes of `shape` multiply to.
  package var values: [Float]

  package init(name: String, shape: [Int], values: [Float]) {
    let count = shape.reduce(1, *)
    precondition(count == values.count, "\(name): \(values.count) numbers for the shape \(shape), which holds \(count)")
    self.name = name
    self.shape = shape
    self.values = values
  }
}

/// A tensor whose numbers are written from where they stand, the last axis fastest.
package struct StreamedTensor {
  package let name: String
  package let shape: [Int]
  let write: DurableFile.Fill

  /// - Parameter matrix: without gaps, as many numbers as the sizes of `shape` multiply to.
  package init(_ name: String, _ shape: [Int], _ matrix: Matrix) {
    precondition(matrix.count == shape.reduce(1, *), "\(name): \(matrix.count) numbers for the shape \(shape)")
    self.init(name, shape) { (sink) throws(DurableFileError) in try sink.write(matrix) }
  }

  /// - Parameter spread: gives the numbers of the tensor.
  package init(_ name: String, _ shape: [Int], _ spread: SpreadNumbers) {
    self.init(name, shape) { (sink) throws(DurableFileError) in
      try spread.read { (window) throws(DurableFileError) in try sink.write(window) }
    }
  }

  package init(_ tensor: NamedTensor) {
    self.init(tensor.name, tensor.shape) { (sink) throws(DurableFileError) in
      try sink.write(tensor.values.span.bytes)
    }
  }

  private init(_ name: String, _ shape: [Int], _ write: @escaping DurableFile.Fill) {
    (self.name, self.shape, self.write) = (name, shape, write)
  }
}

extension DurableFile.Sink {
  fileprivate func write(_ matrix: Matrix) throws(DurableFileError) {
    try matrix.withSpan { (span) throws(DurableFileError) in try write(span.bytes) }
  }
}

/// Text as JSON has it, for files whose keys keep their order and their bytes.
package enum JSONString {
  /// `text` between quotation marks; quotation marks, backslashes and control characters are escaped, nothing else.
  package static func quote(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
