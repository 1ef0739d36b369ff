import Foundation
import Testing
import TestSupport

import DurableFiles

@Suite struct DurableDirectoryTests {
  let folder = TestFolder.url.appendingPathComponent("durable-\(UUID().uuidString)")
  var model: URL { folder.appendingPathComponent("model") }

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  private func names(_ url: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: url.path).sorted()
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOf: model.appendingPathComponent(name), encoding: .utf8)
  }

  private func fill(_ text: String) -> (URL) throws -> Void {
    { try DurableFile.write(text, to: $0.appendingPathComponent("weights")) }
  }

  /// A directory that is written inside itself, whether or not it could be exchanged.
  private var inside: DurableDirectory {
    get throws {
      try DurableFile.createFolder(model)
      return DurableDirectory(writtenInside: model)
    }
  }

  @Test func replacesAllItsFilesAtOnceAndKeepsAUsersFiles() throws {
    try DurableDirectory.replace(model, fill: fill("1"))
    try DurableFile.write("mine", to: model.appendingPathComponent("notes.txt"))
    try DurableFile.createFolder(model.appendingPathComponent("plots/old"))
    try DurableFile.write("plot", to: model.appendingPathComponent("plots/old/a.svg"))
    try DurableFile.write("old", to: model.appendingPathComponent("report.html"))
    try DurableDirectory.replace(model, without: ["report.html"], fill: fill("2"))
    #expect(try text("weights") == "2")
    #expect(try text("notes.txt") == "mine")
    #expect(try text("plots/old/a.svg") == "plot")
    #expect(try names(model) == ["notes.txt", "plots", "weights"])
    #expect(try names(folder) == ["model"])
  }

  /// They stand in both directories before the exchange, so a kill at any moment loses none.
  @Test func aUsersFilesAreInTheNewDirectoryBeforeItIsExchanged() throws {
    try DurableDirectory.replace(model, fill: fill("1"))
    try DurableFile.write("mine", to: model.appendingPathComponent("notes.txt"))
    try DurableFile.write("first", to: model.appendingPathComponent("late.txt"))
    let new = folder.appendingPathComponent("new")
    try DurableFile.createFolder(new)
    let carried = try CarriedFiles(from: model, to: new, without: ["weights"])
    #expect(try names(new) == ["late.txt", "notes.txt"])
    try DurableFile.write("second", to: model.appendingPathComponent("late.txt"))
    try DurableFile.write("later", to: model.appendingPathComponent("later.txt"))
    carried.carryLate(from: model, to: new, without: ["weights"])
    #expect(try String(contentsOf: new.appendingPathComponent("late.txt"), encoding: .utf8) == "second")
    #expect(try names(new) == ["late.txt", "later.txt", "notes.txt"])
  }

  @Test func aFailureLeavesWhatStoodThere() throws {
    try DurableDirectory.replace(model, fill: fill("1"))
    for directory in [try DurableDirectory(model), try inside] {
      #expect(throws: CancellationError.self) {
        try directory.replace { folder in
          try fill("2")(folder)
          throw CancellationError()
        }
      }
      #expect(try text("weights") == "1")
      #expect(try names(model) == ["weights"])
      #expect(try names(folder) == ["model"])
    }
  }

  @Test func whatTheKilledLeftHalfFilledIsClearedAway() throws {
    let kept = [".model.1.partial", ".model.mine.partial", ".other.99999999.partial"]
    for name in kept + [".model.99999999.partial", ".model.0123456789abcdef.partial"] {
      let half = folder.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: half, withIntermediateDirectories: false)
      try DurableFile.write("half", to: half.appendingPathComponent("weights"))
    }
    try DurableDirectory.replace(model, fill: fill("1"))
    #expect(try names(folder) == kept + ["model"])
  }

  @Test func aLinkIsFollowed() throws {
    let real = folder.appendingPathComponent("disk/real")
    try DurableFile.createFolder(real)
    try FileManager.default.createSymbolicLink(atPath: model.path, withDestinationPath: "disk/real")
    try DurableDirectory.replace(model, fill: fill("1"))
    try DurableDirectory.replace(model, fill: fill("2"))
    #expect(try names(real) == ["weights"])
    #expect(try text("weights") == "2")
    #expect(OpenFile.Identity(at: model.path)?.isLink == true)
    #expect(try DurableDirectory(model).companion("training").path == folder.path + "/disk/.real.training")
  }

  @Test func whatCannotBeWrittenIsFoundOutBefore() throws {
    try Data().write(to: model)
    #expect(
      throws: DurableFileError(
        "write", model.path, reason: "it is a file, not a directory", advice: "name another path")
    ) { _ = try DurableDirectory(model) }
    #expect(throws: DurableFileError("create", folder.path + "/none/model", reason: "No such file or directory")) {
      _ = try DurableDirectory(folder.appendingPathComponent("none/model"))
    }
    #expect(try names(folder) == ["model"])
  }

  @Test func insideItselfItIsReplacedToo() throws {
    let directory = try inside
    #expect(directory.companion("training").path == model.path + "/.training")
    try directory.replace(fill: fill("1"))
    try DurableFile.write("mine", to: model.appendingPathComponent("notes.txt"))
    try DurableFile.write("old", to: model.appendingPathComponent("report.html"))
    try directory.replace(without: ["report.html"], fill: fill("2"))
    #expect(try text("weights") == "2")
    #expect(try names(model) == ["notes.txt", "weights"])
  }

  /// Killed after some of the new files were moved into place, the rest follow before anything is read.
  @Test func whatWasBegunInsideIsCompleted() throws {
    let pending = model.appendingPathComponent(".pending")
    try DurableFile.createFolder(pending)
    try DurableFile.write("2", to: model.appendingPathComponent("config"))
    try DurableFile.write("1", to: model.appendingPathComponent("weights"))
    try DurableFile.write("gone", to: model.appendingPathComponent("report.html"))
    try DurableFile.write("2", to: pending.appendingPathComponent("weights"))
    try DurableFile.write("report.html", to: pending.appendingPathComponent(".stale"))
    try DurableDirectory.settle(model)
    #expect(try names(model) == ["config", "weights"])
    #expect(try text("weights") == "2")
    try DurableDirectory.settle(model)
  }

  @Test func freeSpaceIsThatOfTheDisk() throws {
    let free = try #require(DurableDirectory.freeBytes(for: model))
    #expect(free > 0)
    #expect(DurableDirectory.freeBytes(for: URL(fileURLWithPath: "/nowhere/else/model")) == nil)
  }
}
