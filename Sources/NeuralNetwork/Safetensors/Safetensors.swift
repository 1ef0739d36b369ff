import DurableFiles
import Foundation

/// Hugging Face's file of tensors: 8 bytes of header length, a JSON header, then the numbers without gaps.
package enum Safetensors {
  /// Opens the file at `url` and checks its header; numbers are read when they are asked for.
  ///
  /// - Throws: `SafetensorsError` saying what is wrong with the file.
  package static func read(_ url: URL) throws(SafetensorsError) -> SafetensorsFile {
    let data: Data
    do {
      data = try Data(contentsOf: url, options: .mappedIfSafe)
    } catch {
      let missing = (error as? CocoaError)?.code == .fileReadNoSuchFile
      let reason = missing ? "there is no such file" : error.localizedDescription
      throw SafetensorsError(path: url.path, fault: .unreadable(reason: reason))
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

  /// The bytes of a file of `tensors`, whose names must be distinct.
  package static func encode(_ tensors: [NamedTensor], metadata: [String: String] = ["format": "pt"]) -> Data {
    let tensors = tensors.sorted { $0.name < $1.name }
    for (a, b) in zip(tensors, tensors.dropFirst()) {
      precondition(a.name != b.name, "tensor \(a.name) would stand twice in one file")
    }
    let header = header(of: tensors, metadata: metadata)
    let size = tensors.reduce(0) { $0 + $1.values.count * TensorType.float32.size }
    var data = Data(capacity: 8 + header.count + size)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(contentsOf: header)
    for tensor in tensors {
      tensor.values.withUnsafeBytes { data.append(contentsOf: $0) }
    }
    return data
  }

  /// The JSON header, padded with blanks so that the numbers begin at a multiple of 8.
  private static func header(of tensors: [NamedTensor], metadata: [String: String]) -> [UInt8] {
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
      let end = offset + tensor.values.count * TensorType.float32.size
      fields.append(
        "\(JSONString.quote(tensor.name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Array("{\(fields.joined(separator: ","))}".utf8)
    header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8))
    return header
  }
}
