import DurableFiles
import Foundation
import Testing
import TestSupport

@Suite struct DurableFileTests {
  let folder = TestFolder.url.appendingPathComponent("durable-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  @Test func replacesAFileAndLeavesNothingBeside() throws {
    let file = folder.appendingPathComponent("a.txt")
    try DurableFile.write("first", to: file)
    try DurableFile.write("second", to: file)
    #expect(try String(contentsOf: file, encoding: .utf8) == "second")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.txt"])
  }

  @Test func namesThePathThatCannotBeWritten() {
    let file = folder.appendingPathComponent("missing/a.txt")
    let error = #expect(throws: DurableFileError.self) { try DurableFile.write("x", to: file) }
    #expect(error?.description.contains("missing") == true)
    #expect(error?.reason == "No such file or directory")
  }

  @Test func writesMoreThanOneSystemCallTakes() throws {
    let file = folder.appendingPathComponent("large")
    let data = Data(repeating: 7, count: 5_000_001)
    try DurableFile.write(data, to: file)
    #expect(try Data(contentsOf: file) == data)
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
}
