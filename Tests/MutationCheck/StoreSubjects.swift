import Foundation
import InteractionStore
import Interactions

/// Stores, which have sums, and tables of other databases, which have none.
let storeSubjects: [Subject] = [
  Subject(name: "store, its log", file: "rich.sqlite", shape: .sqlite, promise: .same, weight: 100) { folder in
    "\(try LogSource.load(folder.appendingPathComponent("rich.sqlite").path).fingerprint)"
  },
  Subject(name: "store, check", file: "rich.sqlite", shape: .sqlite, promise: .same, weight: 40) { folder in
    let path = folder.appendingPathComponent("rich.sqlite").path
    // Without its mark it is a database that a table must be named of.
    guard let statistics = try LogSource.checkStore(path) else { throw StoreError.notAStore(path: path) }
    return "\(statistics)"
  },
  Subject(name: "store, its items", file: "rich.sqlite", shape: .sqlite, promise: .same, weight: 20) { folder in
    let items = try InteractionStore.open(folder.appendingPathComponent("rich.sqlite")).items()
    return items.map { "\($0.ids.names) \($0.columns) \($0.values)" } ?? "none"
  },
  Subject(name: "store, runs and reports", file: "rich.sqlite", shape: .sqlite, weight: 10) { folder in
    let path = folder.appendingPathComponent("rich.sqlite").path
    let runs = try LogSource.runs(at: path)?.rows().map { "\($0)" } ?? []
    return "\(runs) \(try LogSource.check(path).map(\.description))"
  },
  Subject(name: "store, repair", file: "rich.sqlite", shape: .sqlite, weight: 4) { folder in
    let scratch = folder.appendingPathComponent("repaired")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let store = scratch.appendingPathComponent("rich.sqlite")
    try FileManager.default.copyItem(at: folder.appendingPathComponent("rich.sqlite"), to: store)
    let repair = try StoreRepair.run(store)
    do {
      return "\(try InteractionStore.open(store).check()) \(repair)".replacingOccurrences(of: scratch.path, with: "")
    } catch {
      throw Contradiction(description: "the repaired store is refused: \(error)")
    }
  },
  Subject(name: "foreign table", file: "foreign.sqlite", shape: .sqlite, weight: 20) { folder in
    try LogSource.load(
      folder.appendingPathComponent("foreign.sqlite").path, options: ReadingOptions(table: "visits")
    ).fingerprint
  },
]
