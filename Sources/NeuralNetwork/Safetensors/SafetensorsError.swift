/// A safetensors file that cannot be read, or a tensor in it that is not what was expected.
package struct SafetensorsError: Error, Equatable, CustomStringConvertible {
  /// The file.
  package let path: String
  /// What is wrong with it.
  package let fault: Fault

  package enum Fault: Error, Equatable, Sendable {
    case unreadable(reason: String)
    case shorterThanItsPrefix(bytes: Int)
    case headerLength(claimed: UInt64, available: Int)
    case header(reason: String)
    case unknownType(tensor: String, type: String)
    case impossibleShape(tensor: String, shape: [Int])
    case byteCount(tensor: String, shape: [Int], type: TensorType, found: Int, expected: Int)
    case outOfRange(tensor: String, offsets: [Int], bytes: Int)
    case overlap(tensor: String, other: String, at: Int)
    case unclaimed(from: Int, to: Int)
    case missing(tensor: String)
    case type(tensor: String, found: TensorType, expected: String)
    case shape(tensor: String, found: [Int], expected: [Int])
    case notFinite(tensor: String, index: Int, value: String)
  }

  package init(path: String, fault: Fault) {
    self.path = path
    self.fault = fault
  }

  package var description: String { "\(path): \(fault.sentence)" }
}

extension SafetensorsError.Fault {
  fileprivate var sentence: String {
    switch self {
    case .unreadable(let reason):
      "cannot be read: \(reason)"
    case .shorterThanItsPrefix(let bytes):
      "\(bytes) bytes are not a safetensors file, which begins with 8 bytes of header length; fetch the file again"
    case .headerLength(let claimed, let available):
      "the header claims \(claimed) bytes where the file has \(available) after its prefix; "
        + "it was cut short or is not safetensors: fetch it again"
    case .header(let reason):
      "the header is not the JSON that safetensors requires: \(reason)"
    case .unknownType(let tensor, let type):
      "tensor \(tensor) has type \(type); F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL are read: save it as F32"
    case .impossibleShape(let tensor, let shape):
      "tensor \(tensor) has shape \(shape), which no file can hold"
    case .byteCount(let tensor, let shape, let type, let found, let expected):
      "tensor \(tensor) has \(found) bytes, but shape \(shape) of \(type.rawValue) takes \(expected)"
    case .outOfRange(let tensor, let offsets, let bytes):
      "tensor \(tensor) stands at bytes \(offsets), but the file has \(bytes) bytes of tensors; "
        + "it was cut short or its header lies: fetch it again"
    case .overlap(let tensor, let other, let at):
      "tensor \(tensor) begins at byte \(at), inside tensor \(other); every byte may belong to one tensor only"
    case .unclaimed(let from, let to):
      "bytes \(from)..<\(to) belong to no tensor; a safetensors file has no gaps"
    case .missing(let tensor):
      "has no tensor \(tensor)"
    case .type(let tensor, let found, let expected):
      "tensor \(tensor) holds \(found.rawValue), expected \(expected)"
    case .shape(let tensor, let found, let expected):
      "tensor \(tensor) has shape \(found), expected \(expected)"
    case .notFinite(let tensor, let index, let value):
      "tensor \(tensor) holds \(value) at index \(index); weights must be finite: take an earlier checkpoint"
    }
  }
}
