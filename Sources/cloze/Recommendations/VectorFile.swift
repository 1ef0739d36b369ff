import DurableFiles
import Foundation
import Kernels
import NeuralNetwork

/// A file of vectors with its ids beside it.
struct VectorFile {
  private enum Format { case safetensors, numpy }

  let path: String
  private let format: Format

  /// By the ending of `path`; nil where it is neither.
  init?(path: String) {
    self.path = path
    if path.hasSuffix(".safetensors") {
      format = .safetensors
    } else if path.hasSuffix(".npy") {
      format = .numpy
    } else {
      return nil
    }
  }

  /// Replaces the ids, then the vectors.
  func write(_ vectors: Matrix, named name: String, ids: [String]) throws {
    let url = URL(fileURLWithPath: path)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    try DurableFile.write(
      try encoder.encode(ids), to: url.deletingPathExtension().appendingPathExtension("ids.json"))
    switch format {
    case .safetensors:
      let tensor = NamedTensor(name: name, shape: [vectors.rows, vectors.columns], values: vectors.values)
      try Safetensors.write([tensor], to: url)
    case .numpy: try DurableFile.write(Self.numpy(vectors), to: url)
    }
  }

  /// A `.npy` file, version 1.0: magic, header padded to a multiple of 64 bytes, then 32-bit floats row by row.
  private static func numpy(_ vectors: Matrix) -> Data {
    let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(vectors.rows), \(vectors.columns)), }"
    let padding = 63 - (10 + text.utf8.count) % 64
    let header = text + String(repeating: " ", count: padding) + "\n"
    var data = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0])
    data.append(contentsOf: [UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)])
    data.append(contentsOf: header.utf8)
    vectors.values.withUnsafeBytes { data.append(contentsOf: $0) }
    return data
  }
}
