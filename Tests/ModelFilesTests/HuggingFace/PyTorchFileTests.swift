import DurableFiles
import Foundation
import Kernels
import ModelFiles
import NeuralNetwork
import Testing

/// Files that PyTorch wrote, and files that it never would.
@Suite struct PyTorchFileTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .appendingPathComponent("../../Fixtures/pytorch").standardizedFileURL

  private static func data(_ name: String) throws -> Data { try Data(contentsOf: folder.appendingPathComponent(name)) }

  private struct Expected: Decodable {
    let shape: [Int]
    let values: [Double]
  }

  @Test(arguments: ["tensors.bin", "legacy.bin"]) func tensorsAreThoseThatPyTorchWrote(name: String) throws {
    let expected = try JSONDecoder().decode([String: Expected].self, from: Self.data("values.json"))
    let file = try PyTorchFile.read(Self.folder.appendingPathComponent(name))
    #expect(file.names == expected.keys.sorted())
    for (name, tensor) in expected {
      #expect(file.shape(of: name) == tensor.shape, "\(name)")
      if name == "ids" {
        #expect(throws: HuggingFaceError.Fault.self) { try file.floats(of: name) }
      } else {
        #expect(try file.floats(of: name) == tensor.values.map { Float($0) }, "\(name)")
      }
    }
  }

  /// Rows of a table that was left in its file are those of the table.
  private func rowsAreRead(_ folder: URL, _ expected: HuggingFaceModel) throws {
    let model = try HuggingFaceModel.read(folder, leavesTable: true)
    let table = try #require(expected.tensors[TensorNames.itemTable])
    #expect(model.tensors.count == expected.tensors.count - 1 && model.report == expected.report)
    let (width, rows) = (table.shape[1], Matrix(rows: table.shape[0], columns: table.shape[1]))
    try model.storedTable?.read(3..<7, into: rows)
    #expect(rows.rows(3..<7).values == Array(table.values[3 * width..<7 * width]))
    #expect(rows.prefix(3).values.allSatisfy { $0 == 0 } && rows.rows(7..<rows.rows).values.allSatisfy { $0 == 0 })
  }

  @Test func aBERTIsTheSameInEveryFormOfFile() throws {
    let expected = try HuggingFaceModel.read(HuggingFaceFixture.preTraining)
    try HuggingFaceFixture.withModel([]) { folder in
      let weights = folder.appendingPathComponent("model.safetensors")
      try FileManager.default.removeItem(at: weights)
      let pickle = folder.appendingPathComponent("pytorch_model.bin")
      try Self.data("bert.bin").write(to: pickle)
      #expect(try HuggingFaceModel.read(folder).tensors == expected.tensors)
      try rowsAreRead(folder, expected)
      try FileManager.default.removeItem(at: pickle)

      let tensors = try HuggingFaceFixture.tensors().values.sorted { $0.name < $1.name }
      let half = tensors.count / 2
      try Safetensors.write(
        Array(tensors[..<half]), to: folder.appendingPathComponent("model-00001-of-00002.safetensors"))
      try Safetensors.write(
        Array(tensors[half...]), to: folder.appendingPathComponent("model-00002-of-00002.safetensors"))
      func index(_ place: (Int) -> String) throws {
        let map = Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ($1.name, place($0)) })
        try JSONSerialization.data(withJSONObject: ["metadata": [:], "weight_map": map])
          .write(to: folder.appendingPathComponent("model.safetensors.index.json"))
      }
      try index { "model-0000\($0 < half ? 1 : 2)-of-00002.safetensors" }
      #expect(try HuggingFaceModel.read(folder).tensors == expected.tensors)
      try rowsAreRead(folder, expected)
      for (name, reason) in [
        ("../model.safetensors", "is no file of tensors beside it"),
        ("model-00001-of-00002.safetensors", "has no tensor"),
      ] {
        try index { _ in name }
        let error = #expect(throws: HuggingFaceError.self) { try HuggingFaceModel.read(folder) }
        #expect(error?.description.contains("\(name) \(reason)") == true, "\(error?.description ?? "")")
      }
    }
  }

  @Test func aConfigurationWithoutATypeIsABERTs() throws {
    let tensors = Array(try HuggingFaceFixture.tensors().values)
    try HuggingFaceFixture.withModel(tensors) { folder in
      let file = folder.appendingPathComponent("config.json")
      var keys = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
      for key in ["model_type", "architectures"] { keys[key] = nil }
      try JSONSerialization.data(withJSONObject: keys).write(to: file)
      let model = try HuggingFaceModel.read(folder)
      #expect(model.configuration.architecture == .model)
      #expect(model.tensors == (try HuggingFaceModel.read(HuggingFaceFixture.preTraining).tensors))
    }
  }

  @Test func nothingIsEverRun() throws {
    let fault = #expect(throws: PickleFault.self) { try PyTorchFile(Self.data("hostile.bin"), path: "x") }
    #expect(fault?.reason == "it names posix.getcwd, and only tensors are read (nothing was run)")
  }

  /// Of an archive, a flipped bit of any number is noticed by its checksum; what has no checksums is read without.
  @Test func aFlippedBitInAnArchiveIsRefused() throws {
    let whole = try Self.data("tensors.bin")
    let archive = try ZipArchive(.memory(whole))
    for member in archive.members where member.size > 0 {
      let place = try archive.range(of: member).lowerBound
      var bytes = whole
      bytes[place] ^= 1
      let fault = #expect(throws: PickleFault.self) { try PyTorchFile(bytes, path: "x") }
      #expect(fault?.reason == "the archive is damaged: \(member.name): its checksum is wrong")
    }
    var bytes = whole
    var at = bytes.startIndex
    while let entry = bytes[at...].firstRange(of: Data([0x50, 0x4b, 1, 2])) {
      bytes.replaceSubrange(entry.lowerBound + 16..<entry.lowerBound + 20, with: Data(count: 4))
      at = entry.upperBound
    }
    #expect(bytes != whole)
    #expect(try PyTorchFile(bytes, path: "x").names == PyTorchFile(whole, path: "x").names)
  }

  /// An archive that PyTorch would not write: compressed, encrypted, or with a name that is none.
  @Test(
    arguments: [
      (10, [8, 0], "is compressed or encrypted, as PyTorch writes none"),
      (8, [9, 8], "is compressed or encrypted, as PyTorch writes none"),
      (46, [0xff], "a name in the archive is damaged"),
    ] as [(Int, [UInt8], String)])
  func membersThatPyTorchDoesNotWriteAreRefused(offset: Int, new: [UInt8], reason: String) throws {
    var bytes = try Self.data("tensors.bin")
    let entry = try #require(bytes.firstRange(of: Data([0x50, 0x4b, 1, 2]))).lowerBound
    bytes.replaceSubrange(entry + offset..<entry + offset + new.count, with: new)
    let fault = #expect(throws: PickleFault.self) { try PyTorchFile(bytes, path: "x") }
    #expect(fault?.reason.hasSuffix(reason) == true)
  }

  /// Bytes that are cut off or changed give tensors or a fault, never a crash, and never more numbers than the file has.
  @Test(arguments: ["tensors.bin", "legacy.bin"]) func damagedFilesAreRefused(name: String) throws {
    let whole = try Self.data(name)
    for length in stride(from: 0, to: whole.count, by: 37) {
      #expect(throws: PickleFault.self, "\(length)") { try PyTorchFile(whole.prefix(length), path: "x") }
    }
    var random = SystemlessRandom(state: 7)
    for _ in 0..<3_000 {
      var bytes = whole
      for _ in 0..<1 + Int(random.next() % 4) {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      guard let file = try? PyTorchFile(bytes, path: "x") else { continue }
      for name in file.names {
        guard let values = try? file.floats(of: name) else { continue }
        #expect(values.count <= whole.count && values.count == file.shape(of: name)?.reduce(1, *))
      }
    }
  }

  /// Pickles of the operations that are read, in any order.
  @Test func programsOfAnyOperationsEnd() {
    let codes =
      Array("(0NGXTUqrhjt]laes}ucQRbJKM.)".utf8) + [0x80, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x93, 0x94, 0x95]
    var random = SystemlessRandom(state: 3)
    for _ in 0..<20_000 {
      let bytes = (0..<40).map { _ in
        random.next() % 4 == 0
          ? UInt8(truncatingIfNeeded: random.next() % 8) : codes[Int(random.next() % UInt64(codes.count))]
      }
      #expect(throws: PickleFault.self) { try PyTorchFile(Data(bytes), path: "x") }
    }
    // Values nested as deep as the file is long would end the program when they are freed.
    let nested = Data([UInt8(ascii: "N")] + [UInt8](repeating: 0x85, count: 1_000_000))
    let fault = #expect(throws: PickleFault.self) { try PyTorchFile(nested, path: "x") }
    #expect(fault?.reason == "its values are nested deeper than those of tensors")
  }
}

/// A sequence of numbers that is the same in every run (splitmix64).
private struct SystemlessRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
