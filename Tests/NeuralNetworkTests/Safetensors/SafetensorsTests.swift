import Foundation
import NeuralNetwork
import Testing
import TestSupport

@Suite struct SafetensorsTests {
  /// Twelve tensors of ten types, written by safetensors 0.8.0 from torch 2.13.0.
  static let golden = Data(
    base64Encoded: """
      2AIAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJpNjQiOnsiZHR5cGUiOiJJNjQiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNl\
      dHMiOlswLDE2XX0sImY2NCI6eyJkdHlwZSI6IkY2NCIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6WzE2LDMyXX0sImYzMiI6eyJkdHlwZSI6\
      IkYzMiIsInNoYXBlIjpbMSwzXSwiZGF0YV9vZmZzZXRzIjpbMzIsNDRdfSwibm9uZSI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpbMCw0XSwiZGF0\
      YV9vZmZzZXRzIjpbNDQsNDRdfSwic2NhbGFyIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOltdLCJkYXRhX29mZnNldHMiOls0NCw0OF19LCJpMzIi\
      OnsiZHR5cGUiOiJJMzIiLCJzaGFwZSI6WzIsMV0sImRhdGFfb2Zmc2V0cyI6WzQ4LDU2XX0sImJmMTYiOnsiZHR5cGUiOiJCRjE2Iiwic2hhcGUi\
      OlszXSwiZGF0YV9vZmZzZXRzIjpbNTYsNjJdfSwiZjE2Ijp7ImR0eXBlIjoiRjE2Iiwic2hhcGUiOlszXSwiZGF0YV9vZmZzZXRzIjpbNjIsNjhd\
      fSwiaTE2Ijp7ImR0eXBlIjoiSTE2Iiwic2hhcGUiOlsxXSwiZGF0YV9vZmZzZXRzIjpbNjgsNzBdfSwiaTgiOnsiZHR5cGUiOiJJOCIsInNoYXBl\
      IjpbMl0sImRhdGFfb2Zmc2V0cyI6WzcwLDcyXX0sInU4Ijp7ImR0eXBlIjoiVTgiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOls3Miw3NF19\
      LCJib29sIjp7ImR0eXBlIjoiQk9PTCIsInNoYXBlIjpbMl0sImRhdGFfb2Zmc2V0cyI6Wzc0LDc2XX19ICAgIP//////////AAAAAAABAAAAAAAA\
      AAD4PwAAAAAAAALAAADAPwAAEMBZ2QAzAAAgQPn///8JAAAAzT1i/4A/Zi7/+wEA1P79BAD/AQA=
      """)!

  @Test func vectorsAreWrittenAsTheirTensorsWouldBe() throws {
    let url = TestFolder.url.appendingPathComponent("vectors-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: url) }
    var layout = ParameterLayout()
    _ = layout.add("any", [3, 7])
    let vectors = ["b", "a"].map { name in
      let vector = ParameterVector(layout)
      vector.all.assign((0..<layout.count).map { Float($0) + (name == "a" ? 0.5 : 0) })
      return (name, vector)
    }
    try Safetensors.write(Dictionary(uniqueKeysWithValues: vectors), to: url)
    let tensors = vectors.map { NamedTensor(name: $0.0, shape: [layout.count], values: $0.1.all.values) }
    #expect(try Data(contentsOf: url) == Safetensors.encode(tensors, metadata: [:]))
  }

  @Test func readsEveryTypeAsItWasWritten() throws {
    let file = try SafetensorsFile(Self.golden, path: "golden")
    #expect(file.metadata == ["format": "pt"])
    #expect(
      file.names == ["bf16", "bool", "f16", "f32", "f64", "i16", "i32", "i64", "i8", "none", "scalar", "u8"])
    #expect(try file.floats("f64") == [1.5, -2.25])
    #expect(try file.floats("f32") == [1.5, -2.25, 3e-8])
    #expect(try file.floats("f16") == [0x1.998p-4, -65504, 0x1p-24])
    #expect(try file.floats("bf16") == [0x1.9ap-4, -0x1.c4p+127, 1])
    #expect(try file.floats("scalar") == [2.5])
    #expect(try file.floats("none") == [])
    #expect(try file.integers("i64") == [-1, 1 << 40])
    #expect(try file.integers("i32") == [-7, 9])
    #expect(try file.integers("i16") == [-300])
    #expect(try file.integers("i8") == [-3, 4])
    #expect(try file.integers("u8") == [0, 255])
    #expect(try file.integers("bool") == [1, 0])
    #expect(try file.shape("f32") == [1, 3])
    #expect(try file.shape("scalar") == [])
    #expect(try file.shape("none") == [0, 4])
  }

  @Test(arguments: [1, 3, 17]) func readsBackWhatItWrites(size: Int) throws {
    let matrix = NamedTensor(name: "z.weight", shape: [size, 3], values: (0..<3 * size).map { Float($0).squareRoot() })
    let odd = NamedTensor(name: "a \"quoted\" \\ näme\n", shape: [], values: [-.greatestFiniteMagnitude])
    let data = Safetensors.encode([matrix, odd], metadata: ["format": "pt", "by": "a\tb"])
    let file = try SafetensorsFile(data, path: "memory")
    #expect(file.metadata == ["format": "pt", "by": "a\tb"])
    #expect(file.names == [odd.name, matrix.name])
    for tensor in [matrix, odd] {
      #expect(try file.floats(tensor.name) == tensor.values)
      #expect(try file.shape(tensor.name) == tensor.shape)
    }
    #expect(data.count % 4 == 0 && (data.count - 12 * size - 4) % 8 == 0, "the numbers begin at a multiple of 8")
  }

  @Test func goesThroughAFile() throws {
    let url = TestFolder.url.appendingPathComponent("\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: url) }
    let tensor = NamedTensor(name: "w", shape: [2, 1], values: [1, -1])
    try Safetensors.write([tensor], to: url)
    let file = try Safetensors.read(url)
    #expect(file.path == url.path)
    #expect(try file.floats("w") == tensor.values)
  }
}
