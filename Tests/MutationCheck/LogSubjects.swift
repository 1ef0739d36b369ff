import Foundation
import InteractionStore
import Interactions
import Items
import ModelFiles
import Recommending
import Training

/// Logs in all formats, and whatever has rows of items.
let logSubjects: [Subject] =
  [
    ("log.csv", FileShape.lines), ("semicolons.csv", .lines), ("log.inter", .lines), ("ratings.dat", .lines),
    ("log.jsonl", .json), ("log.json", .json), ("plain.txt", .lines), ("sequences.txt", .lines),
    ("log.csv.gz", .binary), ("log.zip", .binary), ("stored.zip", .binary),
  ].map { name, shape in
    Subject(name: name, file: name, shape: shape, weight: 25) { folder in
      try LogSource.load(folder.appendingPathComponent(name).path).fingerprint
    }
  }
  + ["log.csv", "log.jsonl", "semicolons.csv"].map { name in
    Subject(
      name: "\(name) against its store", file: name, shape: name.hasSuffix("l") ? .json : .lines, weight: 5
    ) { try compare($0, name) }
  }
  + [
    Subject(name: "items.csv", file: "cat.items.csv", shape: .lines, weight: 30) { folder in
      let items = try ItemTable.read(folder.appendingPathComponent("cat.items.csv").path)
      return "\(items.ids.names) \(items.titles) \(items.columns) \(items.values)"
    },
    Subject(name: "items.jsonl", file: "items.jsonl", shape: .json, weight: 20) { folder in
      let items = try ItemTable.read(folder.appendingPathComponent("items.jsonl").path)
      return "\(items.ids.names) \(items.titles) \(items.columns) \(items.values)"
    },
    Subject(name: "ids.txt", file: "ids.txt", shape: .lines, weight: 15) { folder in
      "\(try IdentifierList("@\(folder.path)/ids.txt", option: "--items", role: .item))"
    },
    Subject(name: "groups.csv", file: "groups.csv", shape: .lines, weight: 15) { folder in
      "\(try IdentifierRows(file: "\(folder.path)/groups.csv", option: "--groups", roles: [.item, .group]))"
    },
    Subject(name: "histories.jsonl", file: "histories.jsonl", shape: .json, weight: 20) { folder in
      var lines = try HistoryLines("\(folder.path)/histories.jsonl", option: "--histories")
      var text = ""
      while let history = try lines.next() { text += "\(history)" }
      return text
    },
    Subject(name: "labels.csv", file: "labels.csv", shape: .lines, weight: 15) { folder in
      let labels = try LabelFile(folder.appendingPathComponent("labels.csv").path)
      return "\(labels.name) \(labels.rows)"
    },
    Subject(name: "vectors.npy", file: "items.npy", shape: .numpy, weight: 20) { try vectors($0, "items.npy") },
    Subject(name: "wide.npy", file: "wide.npy", shape: .numpy, weight: 10) { try vectors($0, "wide.npy") },
    Subject(name: "wide.ids.txt", file: "wide.ids.txt", shape: .lines, weight: 5) { try vectors($0, "wide.npy") },
    Subject(name: "vectors.ids.json", file: "items.ids.json", shape: .json, weight: 10) {
      try vectors($0, "items.npy")
    },
    Subject(name: "vectors.safetensors", file: "vectors.safetensors", shape: .safetensors, weight: 15) {
      try vectors($0, "vectors.safetensors")
    },
    Subject(name: "folds", file: "fold.csv", shape: .lines, weight: 10) { folder in
      let (training, test) = ("\(folder.path)/log.csv", "\(folder.path)/fold.csv")
      let loaded = try LogSource.load(folds: (training, nil, test), ReadingOptions())
      return "\(loaded.fingerprint) \(loaded.folds?.fingerprint ?? "")"
    },
    Subject(name: "lines.txt", file: "lines.txt", shape: .lines, weight: 10) { folder in
      try TokenLines(folder.appendingPathComponent("lines.txt")).log(escaped: true).fingerprint
    },
  ]

private func vectors(_ folder: URL, _ name: String) throws -> String {
  let vectors = try ItemVectors.read(folder.appendingPathComponent(name).path)
  return "\(vectors.ids.names) \(vectors.vectors.columns) \(vectors.vectors.values)"
}

/// A log is the same as a file and in a store, or refused as both.
private func compare(_ folder: URL, _ name: String) throws -> String {
  let path = folder.appendingPathComponent(name).path
  let store = folder.appendingPathComponent("compared.sqlite")
  defer { try? FileManager.default.removeItem(at: store) }
  let read = Result { try LogSource.load(path).fingerprint }
  let imported = Result { try InteractionStore.importLog(path, into: store) }
  switch (read, imported) {
  case (.success(let direct), .success):
    let stored = try LogSource.load(store.path).fingerprint
    if stored != direct { throw Contradiction(description: "its store holds another log") }
    return direct
  case (.failure(let error), .failure): throw error
  case (.success, .failure(let error)):
    throw Contradiction(description: "it is read as a file, and not imported: \(error)")
  case (.failure(let error), .success):
    // What has no events is no log to learn from, and a file that may be imported.
    if let stored = try? LogSource.load(store.path).fingerprint {
      throw Contradiction(description: "it is imported (\(stored)), and not read as a file: \(error)")
    }
    throw error
  }
}
