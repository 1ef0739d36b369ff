import Foundation
import NeuralNetwork
import Testing

@Suite struct SafetensorsErrorTests {
  /// A file of `header` and as many zero bytes of tensors as requested.
  private func file(_ header: String, bytes: Int = 8) -> Data {
    var data = Data()
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
    return data + Data(header.utf8) + Data(count: bytes)
  }

  private func refusal(of data: Data) -> String? {
    let error = #expect(throws: SafetensorsError.self) { _ = try SafetensorsFile(data, path: "m.safetensors") }
    return error?.description
  }

  @Test(arguments: [
    (
      #"{"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,8]}}"#,
      "tensor w has 8 bytes, but shape [2, 2] of F32 takes 16"
    ),
    (
      #"{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#,
      "tensor w stands at bytes [0, 16], but the file has 8 bytes of tensors; "
        + "it was cut short or its header lies: fetch it again"
    ),
    (
      #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#,
      "tensor w stands at bytes [8, 0], but the file has 8 bytes of tensors; "
        + "it was cut short or its header lies: fetch it again"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      "tensor b begins at byte 4, inside tensor a; every byte may belong to one tensor only"
    ),
    (
      #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      "bytes 4..<8 belong to no tensor; a safetensors file has no gaps"
    ),
    (
      #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      "bytes 0..<4 belong to no tensor; a safetensors file has no gaps"
    ),
    (
      #"{"w":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}"#,
      "tensor w has type F8_E4M3; F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL are read: save it as F32"
    ),
    (
      #"{"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#,
      "tensor w has shape [4611686018427387904, 4], which no file can hold"
    ),
    (
      #"{"w":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}}"#,
      "tensor w has shape [-1, -2], which no file can hold"
    ),
    ("[]", "the header is not the JSON that safetensors requires: it does not begin with {"),
    ("{\"w\":", "the header is not the JSON that safetensors requires: it is not valid JSON"),
  ]) func saysWhichTensorAndBothSizes(header: String, sentence: String) {
    #expect(refusal(of: file(header)) == "m.safetensors: " + sentence)
  }

  @Test func saysWhichEntryIsNotAnEntry() {
    let message = refusal(of: file(#"{"w":{"dtype":"F32","shape":"two","data_offsets":[0,8]}}"#))
    #expect(message?.contains("the entry of w is not {dtype, shape, data_offsets}: “shape” is something else") == true)
    let missing = refusal(of: file(#"{"w":{"dtype":"F32","data_offsets":[0,8]}}"#))
    #expect(missing?.hasSuffix("the entry of w is not {dtype, shape, data_offsets}: “shape” is missing") == true)
  }

  @Test func saysWhereAFileWasCut() {
    #expect(
      refusal(of: Data([1, 2, 3])) == "m.safetensors: 3 bytes are not a safetensors file, which begins with 8 bytes "
        + "of header length; fetch the file again")
    #expect(
      refusal(of: file("{}").prefix(9)) == "m.safetensors: the header claims 2 bytes where the file has 1 after its "
        + "prefix; it was cut short or is not safetensors: fetch it again")
    #expect(
      refusal(of: Data(repeating: 255, count: 16)) == "m.safetensors: the header claims 18446744073709551615 bytes "
        + "where the file has 8 after its prefix; it was cut short or is not safetensors: fetch it again")
  }

  @Test func saysWhatATensorIsNot() throws {
    let file = try SafetensorsFile(SafetensorsTests.golden, path: "m.safetensors")
    func message(_ body: () throws -> Void) -> String? {
      #expect(throws: SafetensorsError.self) { try body() }?.description
    }
    #expect(message { _ = try file.floats("absent") } == "m.safetensors: has no tensor absent")
    #expect(message { _ = try file.shape("absent") } == "m.safetensors: has no tensor absent")
    #expect(
      message { _ = try file.floats("i64") } == "m.safetensors: tensor i64 holds I64, expected floating-point numbers")
    #expect(message { _ = try file.integers("bf16") } == "m.safetensors: tensor bf16 holds BF16, expected integers")
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity]) func refusesWeightsThatAreNotFinite(value: Float) throws {
    let data = Safetensors.encode([NamedTensor(name: "w", shape: [3], values: [0, value, 1])])
    let file = try SafetensorsFile(data, path: "m.safetensors")
    let error = #expect(throws: SafetensorsError.self) { _ = try file.floats("w") }
    #expect(
      error?.description == "m.safetensors: tensor w holds \(value) at index 1; weights must be finite: "
        + "take an earlier checkpoint")
  }

  @Test func namesTheFileThatIsNotThere() {
    let error = #expect(throws: SafetensorsError.self) {
      _ = try Safetensors.read(URL(fileURLWithPath: "/nowhere/m.safetensors"))
    }
    #expect(error?.description == "/nowhere/m.safetensors: cannot be read: there is no such file")
  }
}
