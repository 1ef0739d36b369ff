import DurableFiles
import Foundation
import Interactions
import Kernels
import NeuralNetwork
import SequentialModels

/// A file of vectors with its ids beside it.
package struct VectorFile: Sendable {
  enum Format { case safetensors, numpy }

  package let path: String
  let format: Format

  /// By the ending of `path`; nil where it is neither `.safetensors` nor `.npy`.
  package init?(path: String) {
    self.path = path
    if path.hasSuffix(".safetensors") {
      format = .safetensors
    } else if path.hasSuffix(".npy") {
      format = .numpy
    } else {
      return nil
    }
  }

  /// Where the ids stand: `items.npy` has `items.ids.json`.
  package var ids: URL { URL(fileURLWithPath: path).deletingPathExtension().appendingPathExtension("ids.json") }

  /// Replaces the vectors and their ids together: new ids never stand beside old vectors, whenever the process ends.
  ///
  /// - Throws: `DurableFileError`.
  package func write(_ vectors: Matrix, named name: String, ids: [Identifier]) throws {
    precondition(vectors.rows == ids.count, "\(vectors.rows) vectors for \(ids.count) ids")
    let url = URL(fileURLWithPath: path)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    let data =
      switch format {
      case .safetensors:
        Safetensors.encode([
          NamedTensor(name: name, shape: [vectors.rows, vectors.columns], values: vectors.values)
        ])
      case .numpy: Self.numpy(vectors)
      }
    try DurableFile.write(
      to: url, { (sink) throws(DurableFileError) in try sink.write(data.bytes) }, with: try encoder.encode(ids),
      at: self.ids)
  }

  /// A `.npy` file, version 1.0: magic, header padded to a multiple of 64 bytes, then 32-bit floats row by row.
  private static func numpy(_ vectors: Matrix) -> Data {
    let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(vectors.rows), \(vectors.columns)), }"
    let padding = 63 - (10 + text.utf8.count) % 64
    let header = text + String(repeating: " ", count: padding) + "\n"
    var data = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0])
    data.append(contentsOf: [UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)])
    data.append(contentsOf: header.utf8)
    data.append(bytesOf: vectors.values)
    return data
  }
}

extension BERT4Rec {
  /// The item table for other programs, `[items, hidden]`; with the output bias as one more column where wanted.
  package func itemVectors(withBias: Bool) -> Matrix {
    let vectors = Matrix(rows: itemCount, columns: hidden + (withBias ? 1 : 0))
    vectors.columns(0..<hidden).assign(itemTable)
    if withBias { vectors.columns(hidden..<hidden + 1).assign(itemBias) }
    return vectors
  }

  /// The vectors of histories for other programs, `[histories, hidden]`; with a column of ones for the items' bias where
  /// wanted, so that the plain inner product of a user and an item is the score.
  package func userVectors(_ histories: [ArraySlice<ItemID>], withBias: Bool) -> Matrix {
    let vectors = Matrix(rows: histories.count, columns: hidden + (withBias ? 1 : 0))
    encode(histories, into: vectors.columns(0..<hidden))
    if withBias { vectors.columns(hidden..<hidden + 1).fill(1) }
    return vectors
  }
}
