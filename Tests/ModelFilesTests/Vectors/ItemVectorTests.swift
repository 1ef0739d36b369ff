import Foundation
import Interactions
import Kernels
import ModelFiles
import NeuralNetwork
import Testing

/// Vectors of items, read as numpy, safetensors and `cloze embed` write them.
@Suite struct ItemVectorTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func write(_ data: Data, _ name: String) throws -> String {
    let url = folder.appendingPathComponent(name)
    try data.write(to: url)
    return url.path
  }

  private func numpy(_ type: String, _ shape: String, _ numbers: [UInt8], fortran: Bool = false) -> Data {
    let header = "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }\n"
    return Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + numbers)
  }

  @Test func whatEmbedWritesIsReadAgain() throws {
    let vectors = Matrix(rows: 2, columns: 3, [1, -2.5, 3, 0, 1e-8, -7])
    for name in ["v.npy", "v.safetensors"] {
      let path = folder.appendingPathComponent(name).path
      try #require(VectorFile(path: path)).write(vectors, named: "items", ids: ["a", "é,"])
      let read = try ItemVectors.read(path)
      #expect(read.vectors.values == vectors.values && read.width == 3)
      #expect(read.ids.names.map(\.text) == ["a", "é,"])
    }
  }

  @Test(
    arguments: [
      ("<f8", [0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0]), ("<f2", [0, 0x3E, 0, 0xC0]),
      ("<f4", [0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0]),
    ] as [(String, [UInt8])]) func numbersOfThreeWidthsAreRead(type: String, bytes: [UInt8]) throws
  {
    let path = try write(numpy(type, "(2, 1)", bytes), "w.npy")
    _ = try write(Data("x\ny\n".utf8), "w.ids.txt")
    let read = try ItemVectors.read(path)
    #expect(read.vectors.values == [1.5, -2])
    #expect(read.ids.names == ["x", "y"])
  }

  @Test func whatCannotBeReadSaysWhatWasExpected() throws {
    let four: [UInt8] = [0, 0, 0xC0, 0x3F]
    for (data, reason) in [
      (Data("PK".utf8), "no .npy file"), (numpy("<i4", "(1, 1)", four), "numbers of type <i4"),
      (numpy("<f4", "(1,)", four), "1 axes ((1,))"),
      (numpy("<f4", "(2, 1)", four), "4 bytes of numbers for 2 × 1 of 4 bytes"),
      (numpy("<f4", "(1, 1)", four, fortran: true), "columns stand one behind the other"),
    ] {
      let path = try write(data, "bad.npy")
      #expect(throws: ItemVectorError(path: path, fault: .notNumPy(reason: reason))) { try ItemVectors.read(path) }
    }
    let path = try write(numpy("<f4", "(1, 1)", four), "one.npy")
    let (json, lines) = ("\(folder.path)/one.ids.json", "\(folder.path)/one.ids.txt")
    #expect(throws: ItemVectorError(path: path, fault: .noIDs(json: json, lines: lines))) {
      try ItemVectors.read(path)
    }
    _ = try write(Data(#"["a", "b"]"#.utf8), "one.ids.json")
    #expect(throws: ItemVectorError(path: path, fault: .count(ids: 2, file: json, rows: 1))) {
      try ItemVectors.read(path)
    }
    let nan = try write(numpy("<f4", "(1, 1)", [0, 0, 0xC0, 0x7F]), "nan.npy")
    #expect(throws: ItemVectorError(path: nan, fault: .notFinite(row: 1))) { try ItemVectors.read(nan) }
    #expect(throws: ItemVectorError(path: "v.txt", fault: .name)) { try ItemVectors.read("v.txt") }
  }

  @Test func whitenedVectorsHaveLengthOneInTheMeanAndNoCommonDirection() {
    let vectors = Matrix(rows: 30, columns: 4)
    for row in 0..<30 {
      for column in 0..<4 { vectors[row, column] = 5 + Float((row * (column + 3) * 7) % 11) * Float(column + 1) }
    }
    let whitening = VectorWhitening(of: vectors, count: 3)
    #expect(whitening.axes.rows == 3)
    let read = whitening.read(vectors)
    for axis in 0..<3 {
      let numbers = (0..<30).map { Double(read[$0, axis]) }
      let square = numbers.reduce(0) { $0 + $1 * $1 } / 30
      #expect(abs(numbers.reduce(0, +)) < 1e-4)
      #expect(abs(square - 1.0 / 3) < 1e-4)
    }
    // Axes along which nothing differs are left out.
    let flat = Matrix(rows: 3, columns: 2, [1, 7, 2, 7, 4, 7])
    #expect(VectorWhitening(of: flat, count: 2).axes.rows == 1)
  }
}
