import Foundation
import Testing
import TestSupport

import DurableFiles

@Suite struct DurableFileTests {
  let folder = TestFolder.url.appendingPathComponent("durable-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  private func file(_ name: String) -> URL { folder.appendingPathComponent(name) }
  private func text(_ name: String) throws -> String { try String(contentsOf: file(name), encoding: .utf8) }
  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  @Test func replacesAFileAndLeavesNothingBeside() throws {
    try DurableFile.write("first", to: file("a.txt"))
    try DurableFile.write("second", to: file("a.txt"))
    #expect(try text("a.txt") == "second")
    #expect(try names == ["a.txt"])
  }

  @Test func namesThePathThatCannotBeWritten() {
    let error = #expect(throws: DurableFileError.self) { try DurableFile.write("x", to: file("missing/a.txt")) }
    #expect(
      error?.description
        == "cannot create \(folder.path)/missing/a.txt: No such file or directory; nothing that stood there was changed"
    )
  }

  @Test func writesMoreThanOneSystemCallTakes() throws {
    let data = Data(repeating: 7, count: 5_000_001)
    try DurableFile.write(data, to: file("large"))
    #expect(try Data(contentsOf: file("large")) == data)
  }

  @Test func createsAFolderAndThoseItStandsIn() throws {
    let deep = folder.appendingPathComponent("a/b/c")
    try DurableFile.createFolder(deep)
    try DurableFile.createFolder(deep)
    try DurableFile.write("x", to: deep.appendingPathComponent("f"))
    let error = #expect(throws: DurableFileError.self) {
      try DurableFile.createFolder(deep.appendingPathComponent("f/g"))
    }
    #expect(error?.path == deep.appendingPathComponent("f/g").path)
    #expect(error?.reason == "Not a directory")
  }

  @Test func followsALinkAndKeepsThePermissions() throws {
    try DurableFile.createFolder(file("elsewhere"))
    try DurableFile.write("first", to: file("elsewhere/a.txt"))
    chmod(file("elsewhere/a.txt").path, 0o600)
    try FileManager.default.createSymbolicLink(atPath: file("link").path, withDestinationPath: "elsewhere/a.txt")
    try FileManager.default.createSymbolicLink(atPath: file("new").path, withDestinationPath: "elsewhere/b.txt")
    try DurableFile.write("second", to: file("link"))
    try DurableFile.write("third", to: file("new"))
    #expect(try text("elsewhere/a.txt") == "second")
    #expect(try text("elsewhere/b.txt") == "third")
    #expect(OpenFile.Identity(at: file("link").path)?.isLink == true)
    #expect(OpenFile.Identity(at: file("elsewhere/a.txt").path)?.mode == S_IFREG | 0o600)
    try FileManager.default.createSymbolicLink(atPath: file("circle").path, withDestinationPath: "circle")
    #expect(throws: DurableFileError("write", file("circle").path, reason: "Too many levels of symbolic links")) {
      try DurableFile.write("x", to: file("circle"))
    }
  }

  /// A device or a pipe in its place would be taken away by a rename.
  @Test func whatIsNoFileIsLeftAlone() throws {
    mkfifo(file("pipe").path, 0o600)
    let error = #expect(throws: DurableFileError.self) { try DurableFile.write("x", to: file("pipe")) }
    #expect(
      error?.description == "cannot write \(folder.path)/pipe: it is a device or a pipe, not a file; name a file")
    #expect(throws: DurableFileError.self) { try DurableFile.write("x", to: folder) }
    #expect(try names == ["pipe"])
  }

  /// What a process that is gone left is cleared by the next writer of the same name, what a living one fills is not.
  @Test func clearsWhatTheKilledLeft() throws {
    let dead = [".a.txt.0123456789abcdef.partial", ".a.txt.99999999.partial"]
    let kept = [".a.txt.1.partial", ".a.txt.mine.partial", ".b.txt.0123456789abcdef.partial", ".a.txt.partial"]
    for name in dead + kept { try Data("half".utf8).write(to: file(name)) }
    let living = try Partial(.file, of: file("a.txt"))
    try DurableFile.write("whole", to: file("a.txt"))
    #expect(try names == (kept + [living.url.lastPathComponent, "a.txt"]).sorted())
    living.discard()
  }

  @Test func aLongNameHasAPartialToo() throws {
    let name = String(repeating: "ä", count: 120) + ".csv"
    try DurableFile.write("x", to: file(name))
    #expect(try names == [name])
  }

  @Test func aFileAndItsCompanionAreReplacedTogether() throws {
    for round in ["first", "second"] {
      try DurableFile.write(
        to: file("v.npy"), { (sink) throws(DurableFileError) in try sink.write(Data(round.utf8).bytes) },
        with: Data("ids of \(round)".utf8), at: file("v.json"))
      #expect(try text("v.npy") == round)
      #expect(try text("v.json") == "ids of \(round)")
    }
    #expect(try names == ["v.json", "v.npy"])
    #expect(throws: DurableFileError.self) {
      try DurableFile.write(
        to: file("v.npy"), { (_) throws(DurableFileError) in throw DurableFileError("write", "v.npy", reason: "no") },
        with: Data(), at: file("v.json"))
    }
    #expect(try text("v.json") == "ids of second")
    #expect(try names == ["v.json", "v.npy"])
  }

  /// A pipe cannot be flushed: its reader sees the end because the failure closed it.
  @Test func aFailureToFlushLeavesNothingOpen() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { close(ends[0]) }
    func flush() throws { try OpenFile(descriptor: ends[1], path: "pipe").flush() }
    #expect(throws: DurableFileError("write", "pipe", reason: "Invalid argument")) { try flush() }
    var byte: UInt8 = 0
    #expect(read(ends[0], &byte, 1) == 0)
  }
}
