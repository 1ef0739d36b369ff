import Foundation
import GRDB
import InteractionStore
import Interactions
import Testing

/// Vectors of texts that a store keeps.
@Suite struct TextVectorTests {
  private let folder: StoreFolder
  private let store: InteractionStore

  init() throws {
    folder = try StoreFolder()
    store = try InteractionStore.open(folder.store, creating: true)
  }

  @Test func whatWasKeptIsGivenBackByEncoderAndText() throws {
    let vectors: [String: [Float]] = ["t1": [1.5, -2e-38, .pi], "t2": [0, -0.0, 3]]
    try store.keepTextVectors("e1", vectors)
    try store.keepTextVectors("e2", ["t1": [9]])
    let again = try InteractionStore.open(folder.store)
    let read = try again.textVectors("e1", of: ["t2", "t1", "t3"])
    #expect(read.mapValues { $0.map(\.bitPattern) } == vectors.mapValues { $0.map(\.bitPattern) })
    #expect(try again.textVectors("e2", of: ["t1", "t2"]) == ["t1": [9]])
    try again.keepTextVectors("e2", ["t1": [7]])
    #expect(try store.textVectors("e2", of: ["t1"]) == ["t1": [7]])
    _ = try store.check()
  }

  @Test func aVectorThatHasChangedIsNotKnownAndTheCheckSaysSo() throws {
    _ = try store.importLog(folder.file("a.csv", "user,item,time\nann,z,1700000100\n"))
    try store.keepTextVectors("e", ["t": [1, 2], "u": [3, 4]])
    try DatabaseQueue(path: folder.store.path).write { db in
      try db.execute(sql: "UPDATE text_vectors SET vector = x'0000803f0000803f' WHERE text = 't'")
    }
    #expect(try store.textVectors("e", of: ["t", "u"]) == ["u": [3, 4]])
    let failure = folder.failure { _ = try InteractionStore.open(folder.store).check() }
    #expect(failure.contains("the vector of the text t is not what was encoded"), "\(failure)")
    _ = try StoreRepair.run(folder.store)
    let repaired = try InteractionStore.open(folder.store)
    _ = try repaired.check()
    #expect(try repaired.textVectors("e", of: ["t", "u"]).isEmpty)
  }
}
