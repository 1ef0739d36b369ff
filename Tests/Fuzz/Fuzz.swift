import Foundation
import Interactions
import ModelFiles
import NeuralNetwork
import Training

/// One reader under libFuzzer, which looks for inputs that take new ways through it: see scripts/fuzz. The reader is named by
/// `CLOZE_READER`; what it refuses with an error is as good as what it reads.
private enum Reader: String, CaseIterable {
  case safetensors, pytorch, yaml, log, histories

  static let chosen: Reader = {
    let name = ProcessInfo.processInfo.environment["CLOZE_READER"] ?? ""
    guard let reader = Reader(rawValue: name) else {
      fatalError("CLOZE_READER is “\(name)”; expected one of \(allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return reader
  }()

  /// What has a path is read from here.
  private static let file: URL = FileManager.default.temporaryDirectory.appendingPathComponent("fuzz-\(getpid())")

  func read(_ data: Data) throws {
    switch self {
    case .safetensors:
      let file = try SafetensorsFile(data, path: "fuzz")
      for name in file.names { _ = try? file.floats(name) }
    case .pytorch:
      let file = try PyTorchFile(data, path: "fuzz")
      for name in file.names { _ = try? file.floats(of: name) }
    case .yaml:
      let tree = try ConfigurationTree.parse(String(decoding: data, as: UTF8.self), file: "fuzz")
      _ = try Recipe.bert4rec.experiment.with(tree)
    case .log:
      try data.write(to: Self.file)
      var reader = try LogReader(Self.file.path)
      _ = try reader.readAll { _, _ in }
    case .histories:
      try data.write(to: Self.file)
      var lines = try HistoryLines(Self.file.path, option: "--histories")
      while try lines.next() != nil {}
    }
  }
}

/// libFuzzer's loop: calls its function with inputs until it is told to end, by the words of the command line.
@_extern(c, "LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ input: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The program's beginning, under the name that the package manager gives it; libFuzzer's own is not linked then.
@_cdecl("Fuzz_main") public func main(
  _ count: CInt, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
  var (count, words) = (count, words)
  return runDriver(&count, &words) { bytes, count in
    try? Reader.chosen.read(Data(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
  }
}
