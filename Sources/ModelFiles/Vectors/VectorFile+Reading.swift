import DurableFiles
import Foundation
import Kernels
import NeuralNetwork

extension VectorFile {
  /// The vectors, one a row.
  ///
  /// - Throws: `ItemVectorError` or `SafetensorsError`, which name what is wrong with the file.
  func read() throws -> Matrix {
    let vectors: Matrix
    switch format {
    case .safetensors:
      let file = try Safetensors.read(URL(fileURLWithPath: path))
      let tables = try file.names.filter { try file.shape($0).count == 2 }
      guard tables.count == 1, let shape = try tables.first.map({ try file.shape($0) }) else {
        throw ItemVectorError(path: path, fault: .noTable(tensors: tables))
      }
      vectors = Matrix(rows: shape[0], columns: shape[1], try file.floats(tables[0]))
    case .numpy: vectors = try NumPyFile.read(path)
    }
    for row in 0..<vectors.rows where !vectors.rows(row..<row + 1).values.allSatisfy(\.isFinite) {
      throw ItemVectorError(path: path, fault: .notFinite(row: row + 1))
    }
    return vectors
  }
}

/// Tables of numbers as `numpy.save` writes them.
///
/// - Source: numpy.lib.format, versions 1 to 3: magic, length of the header, a Python dictionary, the numbers.
enum NumPyFile {
  static func read(_ path: String) throws(ItemVectorError) -> Matrix {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw ItemVectorError(path: path, fault: .unreadable(reason: FileReason.of(error)))
    }
    func fail(_ reason: String) -> ItemVectorError { ItemVectorError(path: path, fault: .notNumPy(reason: reason)) }
    let bytes = [UInt8](data)
    guard bytes.count >= 12, Array(bytes[0..<6]) == [0x93] + Array("NUMPY".utf8) else { throw fail("no .npy file") }
    let sizes = bytes[6] == 1 ? 2 : 4
    let length = (0..<sizes).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
    let start = 8 + sizes + length
    guard start <= bytes.count else { throw fail("a header of \(length) bytes in a file of \(bytes.count)") }
    let header = String(decoding: bytes[8 + sizes..<start], as: UTF8.self)
    guard let type = field("'descr':", in: header), let shape = field("'shape':", in: header) else {
      throw fail("a header without type and shape")
    }
    if header.contains("'fortran_order': True") { throw fail("columns stand one behind the other") }
    let axes = shape.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
    guard axes.count == 2, axes[0] > 0, axes[1] > 0 else { throw fail("\(axes.count) axes (\(shape))") }
    let kind = type.filter { $0 != "'" }
    guard let size = ["<f2": 2, "<f4": 4, "<f8": 8][kind] else { throw fail("numbers of type \(kind)") }
    let (count, overflows) = axes[0].multipliedReportingOverflow(by: axes[1])
    guard !overflows, count <= (bytes.count - start) / size, bytes.count - start == count * size else {
      throw fail("\(bytes.count - start) bytes of numbers for \(axes[0]) × \(axes[1]) of \(size) bytes")
    }
    func bits(_ index: Int) -> UInt64 {
      (0..<size).reduce(0) { $0 | UInt64(bytes[start + index * size + $1]) << (8 * UInt64($1)) }
    }
    let values = (0..<count).map { index -> Float in
      switch size {
      case 2: Float(Float16(bitPattern: UInt16(bits(index))))
      case 4: Float(bitPattern: UInt32(bits(index)))
      default: Float(Double(bitPattern: bits(index)))
      }
    }
    return Matrix(rows: axes[0], columns: axes[1], values)
  }

  /// What stands behind `key` up to the next comma outside of parentheses.
  private static func field(_ key: String, in header: String) -> String? {
    guard let start = header.range(of: key)?.upperBound else { return nil }
    var (depth, text) = (0, "")
    for character in header[start...] {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if character == "," && depth == 0 || character == "}" { break }
      text.append(character)
    }
    return text.filter { !$0.isWhitespace }
  }
}
