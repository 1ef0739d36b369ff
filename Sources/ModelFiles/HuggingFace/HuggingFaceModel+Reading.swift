import Foundation
import NeuralNetwork

extension HuggingFaceModel {
  /// `config.json` of the directory at `url`.
  static func readConfiguration(_ url: URL) throws(HuggingFaceError) -> HuggingFaceConfiguration {
    let file = url.appendingPathComponent("config.json")
    if !exists(file) { throw HuggingFaceError(path: url.path, fault: .missingFile(name: file.lastPathComponent)) }
    return try HuggingFaceConfiguration.read(file)
  }

  /// The model in the directory at `url`: `config.json`, weights (`model.safetensors`, `pytorch_model.bin`, or the index of
  /// several such files) and, where they are there, `tokenizer.json` or `vocab.txt`.
  ///
  /// Names may have the prefix `bert.` or not, LayerNorms may be called `gamma` and `beta`, numbers may be F32, F16 or
  /// BF16, and the heads may be missing.
  ///
  /// - Parameter leavesTable: whether the item table stays in its file (`storedTable`).
  /// - Throws: `HuggingFaceError` naming the file, the tensor and both shapes.
  package static func read(_ url: URL, leavesTable: Bool = false) throws(HuggingFaceError) -> HuggingFaceModel {
    let configuration = try readConfiguration(url)
    let file = try WeightFiles.read(in: url, byParts: leavesTable)
    var model = HuggingFaceModel(source: url.path, configuration: configuration, tensors: [:])
    do {
      try model.take(file, leavesTable: leavesTable)
    } catch {
      throw HuggingFaceError(path: file.path, fault: error)
    }
    model.tokenizer = try Tokenizer.read(url)
    if let tokens = model.tokenizer?.vocabulary.count, tokens != configuration.encoder.vocabularySize {
      let shape = [configuration.encoder.vocabularySize, configuration.encoder.hidden]
      throw HuggingFaceError(
        path: url.path, fault: .vocabularyCount(tensor: TensorNames.itemTable, shape: shape, tokens: tokens))
    }
    return model
  }

  private static func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }

  /// Takes every tensor the configuration implies out of `file`, each shape checked before a number is read.
  private mutating func take(_ file: any WeightFile, leavesTable: Bool) throws(HuggingFaceError.Fault) {
    let isPrefixed = file.names.contains { $0.hasPrefix("bert.") }
    var sources: [String: String] = [:]
    for name in file.names {
      let canonical = TensorNames.canonical(name, isPrefixed: isPrefixed)
      if sources[canonical] == nil { sources[canonical] = name } else { report.ignored.append(name) }
    }
    if let alias = sources.removeValue(forKey: TensorNames.decoderBias), sources[TensorNames.outputBias] == nil {
      sources[TensorNames.outputBias] = alias
    }
    let decoder = sources.removeValue(forKey: TensorNames.decoderWeight)
    for buffer in TensorNames.buffers { sources[buffer] = nil }
    // Nothing is made of a number in config.json that the file of weights does not bear out.
    let layers = Set(sources.keys.compactMap(TensorNames.layer(of:))).count
    guard configuration.encoder.layers <= max(1, layers) else {
      throw .setting(
        key: "num_hidden_layers", found: "\(configuration.encoder.layers)",
        expected: "\(layers), the layers that \(URL(fileURLWithPath: file.path).lastPathComponent) has tensors of")
    }
    for group in TensorNames.Group.allCases {
      let shapes = TensorNames.shapes(of: group, in: configuration)
      let isNeeded = group == .encoder || group == .classifier || shapes.contains { sources[$0.name] != nil }
      for (name, shape) in shapes {
        if let source = sources.removeValue(forKey: name) {
          if leavesTable, name == TensorNames.itemTable {
            try check(source, shape, in: file)
            if let decoder { try check(decoder, shape, in: file) }
            storedTable = StoredTable(file: file, name: source, copy: decoder, shape: shape)
            continue
          }
          tensors[name] = NamedTensor(name: name, shape: shape, values: try numbers(source, of: shape, in: file))
        } else if isNeeded {
          throw .missingTensor(tensor: name, shape: shape)
        } else {
          report.missing.append(name)
        }
      }
    }
    if let decoder, let table = tensors[TensorNames.itemTable],
      try numbers(decoder, of: table.shape, in: file) != table.values
    {
      throw .untied(tensor: decoder, embeddings: TensorNames.itemTable)
    }
    if let layer = sources.keys.sorted().first(where: { $0.hasPrefix(TensorNames.layerPrefix) }) {
      throw .setting(
        key: "num_hidden_layers", found: "\(configuration.encoder.layers)", expected: "a layer for the tensor \(layer)")
    }
    report.ignored = (report.ignored + sources.values).sorted()
    report.tensorCount = tensors.count + (storedTable == nil ? 0 : 1)
    report.rowCount = configuration.encoder.vocabularySize
  }

  private func numbers(
    _ name: String, of shape: [Int], in file: any WeightFile
  ) throws(HuggingFaceError.Fault) -> [Float] {
    try check(name, shape, in: file)
    return try file.floats(of: name)
  }

  private func check(_ name: String, _ shape: [Int], in file: any WeightFile) throws(HuggingFaceError.Fault) {
    let found = file.shape(of: name) ?? []
    guard found == shape else { throw .shape(tensor: name, found: found, expected: shape) }
  }
}
