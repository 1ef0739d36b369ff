import ClozeKit
import Foundation
import Interactions
import Kernels
import ModelFiles
import Training

/// The files of model directories: as they are, with their sums put right, and without sums.
let modelSubjects: [Subject] =
  summed + unsummed + [
    Subject(name: "model/record.json, report", file: "model/record.json", shape: .json, promise: .refused) {
      "\(try RunRecord.read(in: $0.appendingPathComponent("model")))"
    }
  ]

private let directories: [(folder: String, files: [String])] = [
  (
    "model",
    [
      "model.safetensors", "cloze.json", "config.json", "vocab.txt", "tokenizer.json", "tokenizer_config.json",
      "record.json",
      "cost.json",
    ]
  ),
  ("pooled", ["pooling.safetensors"]), ("featured", ["item-features.json", "item-features.safetensors"]),
]

private let summed: [Subject] = directories.flatMap { folder, names in
  names.flatMap { name -> [Subject] in
    let file = "\(folder)/\(name)"
    var sealed = Subject(name: "\(file), sums put right", file: file, shape: shape(of: name), weight: 20) {
      try answer($0, folder)
    }
    sealed.isSealed = true
    let plain = Subject(name: file, file: file, shape: shape(of: name), promise: .refused, weight: 20) {
      try load($0, folder)
    }
    return [plain, sealed]
  }
}

private let unsummed: [Subject] =
  ["config.json", "vocab.txt", "tokenizer.json", "tokenizer_config.json", "model.safetensors"].map { name in
    Subject(name: "hf/\(name)", file: "hf/\(name)", shape: shape(of: name), weight: 20) { try answer($0, "hf") }
  }
  + ["bert.bin", "legacy.bin", "tensors.bin"].map { name in
    Subject(name: "torch/\(name)", file: "torch/\(name)", shape: .binary, weight: 30) { folder in
      let file = try PyTorchFile.read(folder.appendingPathComponent("torch/\(name)"))
      var text = ""
      for name in file.names {
        text += "\(name) \(file.shape(of: name) ?? [])"
        // Some are integers.
        if let values = try? file.floats(of: name) { text += " \(values.hashValue)" }
      }
      return text
    }
  }

private func shape(of name: String) -> FileShape {
  name.hasSuffix(".safetensors") ? .safetensors : name.hasSuffix(".json") ? .json : .lines
}

private func load(_ folder: URL, _ name: String) throws -> String {
  let loaded = try ModelDirectory.load(folder.appendingPathComponent(name), workers: Workers(threads: 1))
  return "\(loaded.items.names) \(loaded.model.parameters.all.values.hashValue)"
}

/// What the model recommends.
private func answer(_ folder: URL, _ name: String) throws -> String {
  let url = folder.appendingPathComponent(name)
  _ = try ModelDirectory.load(url, workers: Workers(threads: 1))
  let recommender = try Recommender(directory: url, threads: 1)
  let lists = recommender.recommend(history: recommender.items.prefix(3), top: 5, probabilities: true)
  return "\(lists.entries) \(recommender.items)"
}
