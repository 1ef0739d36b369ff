import Foundation
import TestSupport
import Testing

/// Several files that are one log, as a user types them: a folder, a pattern in quotes, an archive.
@Suite struct SeveralFilesCommandTests {
  private let folder: TemporaryFolder

  private static let january = "user,item,time\nann,x,1700000000\nbob,x,1700000002\n"
  private static let february = "user,item,time\nann,y,1700000001\nbob,,1700000003\n"

  init() throws {
    folder = try TemporaryFolder()
    let events = folder.url.appendingPathComponent("events")
    try FileManager.default.createDirectory(at: events, withIntermediateDirectories: true)
    _ = try folder.file("events/2024-01.csv", Self.january)
    _ = try folder.file("events/2024-02.csv", Self.february)
    _ = try folder.file("whole.csv", Self.january + Self.february)
    let archive = PackedBytes.zip([("log/all.csv", Array(Self.january.utf8))])
    try Data(archive).write(to: folder.url.appendingPathComponent("log.zip"))
  }

  @Test(arguments: ["events", "'events/2024-*.csv'", "'events/2024-0[12].csv'"])
  func aFolderAndAPatternAreTheLogOfTheirFiles(log: String) async throws {
    let check = try await TypedCommand.shell("cloze check \(log) --max-bad 50%", in: folder.url)
    #expect(check.status == 0, "\(check.errors)")
    #expect(check.lines.contains("  rows read             4"))
    #expect(
      check.lines.contains(
        "    bad row             events/2024-02.csv, line 3, column 2: the item is missing: bob,,1700000003"))
    for (path, store) in [(log, "parts.sqlite"), ("whole.csv", "whole.sqlite")] {
      let taken = try await TypedCommand.shell("cloze import \(path) --store \(store) --max-bad 50%", in: folder.url)
      #expect(taken.status == 0, "\(taken.errors)")
      #expect(taken.lines.last?.hasSuffix("\(store): it now holds 3 events of 2 users and 2 items") == true)
    }
    #expect(try await fingerprint("parts.sqlite") == fingerprint("whole.sqlite"))
    let once = try await TypedCommand.shell("cloze import \(log) --store parts.sqlite --max-bad 50%", in: folder.url)
    #expect(once.status == 1 && once.errors.contains("is in the store already"))
  }

  @Test func aPatternOfNothingAndUnlikeFilesAreRefusedByName() async throws {
    let nothing = try await TypedCommand.shell("cloze check 'events/2025-*.csv'", in: folder.url)
    #expect(nothing.status == 1 && nothing.errors.contains("events/2025-*.csv"), "\(nothing.errors)")
    _ = try folder.file("events/2024-03.csv", "item,user,time\nx,ann,1700000009\n")
    let unlike = try await TypedCommand.shell("cloze check events", in: folder.url)
    #expect(unlike.status == 1)
    #expect(unlike.errors.contains("events/2024-03.csv is not written like events/2024-01.csv"), "\(unlike.errors)")
  }

  @Test func theTableOfAnArchiveIsTheLog() async throws {
    let check = try await TypedCommand.shell("cloze check log.zip", in: folder.url)
    #expect(check.status == 0, "\(check.errors)")
    #expect(check.lines.contains("  rows read             2"))
    #expect(check.output.contains("log/all.csv of the archive is read"), "\(check.output)")
  }

  /// The content's sum as the check of a store prints it.
  private func fingerprint(_ store: String) async throws -> String? {
    let lines = try await TypedCommand.run("check", store, in: folder.url).lines
    return try #require(lines.first { $0.contains("content SHA-256") }).split(separator: " ").last.map(String.init)
  }
}
