import Foundation
import NeuralNetwork

/// Tensors by name, wherever they stand.
package protocol WeightFile: Sendable {
  var path: String { get }
  /// In the order of the alphabet.
  var names: [String] { get }
  /// nil where there is no such tensor.
  func shape(of name: String) -> [Int]?
  /// The numbers of a tensor that is there, all of them finite.
  func floats(of name: String) throws(HuggingFaceError.Fault) -> [Float]
  /// Shows `body` those of the numbers that stand at `range`, piece by piece with the place of the first one; all finite.
  func read(
    _ name: String, _ range: Range<Int>, _ body: (Int, [Float]) -> Void
  ) throws(HuggingFaceError.Fault)
}

extension WeightFile {
  /// All in one piece, for files that are read as a whole.
  package func read(
    _ name: String, _ range: Range<Int>, _ body: (Int, [Float]) -> Void
  ) throws(HuggingFaceError.Fault) {
    body(range.lowerBound, Array(try floats(of: name)[range]))
  }
}

extension SafetensorsFile: WeightFile {
  package func shape(of name: String) -> [Int]? { tensors[name]?.shape }

  package func floats(of name: String) throws(HuggingFaceError.Fault) -> [Float] {
    do {
      return try floats(name)
    } catch {
      throw .weights(error)
    }
  }

  package func read(
    _ name: String, _ range: Range<Int>, _ body: (Int, [Float]) -> Void
  ) throws(HuggingFaceError.Fault) {
    for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.piece) {
      do {
        body(start, try floats(name, start..<min(start + Self.piece, range.upperBound)))
      } catch {
        throw .weights(error)
      }
    }
  }

  /// Numbers that are read at once.
  private static let piece = 1 << 20
}

/// Weights in several files of one directory, which an index assigns to them.
struct ShardedWeights: WeightFile {
  let path: String
  private let files: [String: any WeightFile]
  /// By tensor, the name of its file.
  private let places: [String: String]

  private struct Index: Decodable { var weight_map: [String: String] }

  /// Opens the files that the index at `url` names.
  ///
  /// - Throws: `HuggingFaceError` where one of them is missing or elsewhere, or lacks a tensor.
  init(_ url: URL, byParts: Bool) throws(HuggingFaceError) {
    path = url.path
    places = try TextFile.decode(Index.self, from: url).weight_map
    var files: [String: any WeightFile] = [:]
    let folder = url.deletingLastPathComponent()
    for name in Set(places.values).sorted() {
      if name.contains("/") || name.hasPrefix(".") || !(name.hasSuffix(".safetensors") || name.hasSuffix(".bin")) {
        throw HuggingFaceError(path: path, fault: .shard(name: name, reason: "is no file of tensors beside it"))
      }
      files[name] = try WeightFiles.open(folder.appendingPathComponent(name), byParts: byParts)
    }
    for (tensor, name) in places.sorted(by: { $0.key < $1.key }) where files[name]?.shape(of: tensor) == nil {
      throw HuggingFaceError(path: path, fault: .shard(name: name, reason: "has no tensor \(tensor)"))
    }
    self.files = files
  }

  var names: [String] { places.keys.sorted() }

  private func file(of name: String) -> (any WeightFile)? { places[name].flatMap { files[$0] } }

  func shape(of name: String) -> [Int]? { file(of: name)?.shape(of: name) }

  func floats(of name: String) throws(HuggingFaceError.Fault) -> [Float] {
    guard let file = file(of: name) else { throw .missingTensor(tensor: name, shape: []) }
    return try file.floats(of: name)
  }

  func read(
    _ name: String, _ range: Range<Int>, _ body: (Int, [Float]) -> Void
  ) throws(HuggingFaceError.Fault) {
    guard let file = file(of: name) else { throw .missingTensor(tensor: name, shape: []) }
    try file.read(name, range, body)
  }
}

/// The weights of a Hugging Face directory, in the first form that is there.
enum WeightFiles {
  private static let names = [
    "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json",
  ]

  /// - Parameter byParts: whether little of them will be read.
  /// - Throws: `HuggingFaceError`, also where there is none.
  static func read(in folder: URL, byParts: Bool = false) throws(HuggingFaceError) -> any WeightFile {
    for name in names {
      let file = folder.appendingPathComponent(name)
      if FileManager.default.fileExists(atPath: file.path) { return try open(file, byParts: byParts) }
    }
    throw HuggingFaceError(path: folder.path, fault: .missingFile(name: names[0]))
  }

  fileprivate static func open(_ url: URL, byParts: Bool) throws(HuggingFaceError) -> any WeightFile {
    if url.pathExtension == "json" { return try ShardedWeights(url, byParts: byParts) }
    if url.pathExtension == "bin" { return try PyTorchFile.read(url) }
    do {
      return try Safetensors.read(url, byParts: byParts)
    } catch {
      throw HuggingFaceError(path: error.path, fault: .weights(error))
    }
  }
}
