import Foundation
import Interactions
import TestSupport
import Testing

/// A folder, a pattern or a zip archive of files is one log.
@Suite struct SeveralFilesTests {
  private let folder: URL

  init() throws {
    folder = TestFolder.url.appendingPathComponent("cloze-files-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: folder.appendingPathComponent(name))
  }

  private func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  private func read(_ path: String) throws -> (log: InteractionLog, report: ReadingSummary) {
    var reader = try LogReader(path)
    return try reader.readLog(maximumBadShare: 1)
  }

  private func failure(_ path: String) -> String {
    do {
      var reader = try LogReader(path)
      _ = try reader.readLog(maximumBadShare: 0.01)
      return "no error"
    } catch {
      return "\(error)".replacingOccurrences(of: folder.path + "/", with: "")
    }
  }

  private static let first = "user,item,time\na,x,1600000003\nb,x,1600000002\n"
  private static let second = "user,item,time\na,y,1600000001\nc,,1600000004\n"

  @Test func theFilesOfAFolderAreOneLogInTheOrderOfTheirNames() throws {
    try write("2024-02.csv", Self.second)
    try write("2024-01.csv", Self.first)
    for name in ["_SUCCESS", ".2024-01.csv.crc", "2024-03.csv"] { try write(name, "") }
    for name in [folder.path, folder.path + "/", path("2024-*.csv"), path("2024-0[12].csv")] {
      let (log, report) = try read(name)
      #expect(log.text == ["a: y x", "b: x"])
      #expect(report.file == name)
      #expect(report.rows.droppedByReason == [.missingItem: 1])
      #expect(report.shortLines[0].contains("read as CSV in 2 files: user = user, "))
      #expect(report.shortLines[1].hasSuffix("the first is \(path("2024-02.csv")), line 3"))
    }
    try write("whole.txt", Self.first + Self.second)
    #expect(
      try read(folder.path + "/2*").report.contentFingerprint == read(path("whole.txt")).report.contentFingerprint)
  }

  @Test func packedPartsAreReadAsTheyAre() throws {
    try write("a.csv.gz", PackedBytes.gzip(Array(Self.first.utf8)))
    try write("b.zip", PackedBytes.zip([("b.csv", Array(Self.second.utf8))]))
    #expect(try read(folder.path).log.text == ["a: y x", "b: x"])
  }

  @Test func partsWithoutHeaderAndOfJSONAreReadOn() throws {
    for (name, one, two) in [
      ("plain", "a,x,1600000003\nb,x,1600000002\n", "\u{FEFF}a,y,1600000001\n"),
      ("lines", "{\"user\": \"a\", \"item\": \"x\"}\n", "{\"item\": \"y\", \"user\": \"a\"}\n"),
      ("array", "[{\"user\": \"a\", \"item\": \"x\"}]", " [ {\"user\": \"a\", \"item\": \"y\"}]\n"),
      ("sequences", "a x z x\nb z x\nc x z\n", "a y x\nd z y z x\n"),
    ] {
      try write("\(name)-1", one)
      try write("\(name)-2", two)
      let (log, report) = try read(path(name + "-?"))
      #expect(log.items.names.contains("y") && report.rows.dropped == 0, "\(name)")
    }
  }

  @Test(arguments: [
    ("user,item,day\na,y,1600000001\n", "its first row is \"user\", \"item\", \"day\", and the header should be"),
    ("item,user,time\ny,a,1600000001\n", "its first row is \"item\", \"user\", \"time\", and the header should be"),
    ("a,y,1600000001\n", "its first row is \"a\", \"y\", \"1600000001\", and the header should be"),
    ("user;item;time\na;y;1600000001\n", "its first row is \"user;item;time\", and the header should be"),
  ])
  func aFileThatIsWrittenOtherwiseIsRefusedByName(text: String, difference: String) throws {
    try write("1.csv", Self.first)
    try write("2.csv", text)
    let failure = failure(folder.path)
    #expect(failure.hasPrefix("2.csv is not written like 1.csv: " + difference), "\(failure)")
  }

  @Test func anotherFormOfTimesInALaterFileIsRefused() throws {
    try write("1.csv", Self.first)
    try write("2.csv", "user,item,time\na,y,2020-01-01\n")
    #expect(
      failure(folder.path)
        == "2.csv, line 2: the time \"2020-01-01\" is in ISO 8601, but the column is in Unix seconds; bring the column to one form"
    )
  }

  @Test func whatIsNoSetOfFilesIsRefused() throws {
    #expect(failure(path("no*.csv")) == "no file fits \"no*.csv\"; check the pattern")
    #expect(failure(folder.path).hasSuffix(" is a folder without files; name the log file"))
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("2024"), withIntermediateDirectories: true)
    #expect(failure(folder.path).contains(" is a folder with folders in it, such as 2024; name the files by a pattern"))
    try write("2024/empty.csv", "")
    #expect(failure(path("2024")) == "2024/empty.csv is empty; a log has one line per event")
    try write("brackets[1].csv", Self.first)
    #expect(try read(path("brackets[1].csv")).log.eventCount == 2)
  }

  // MARK: Zip

  /// Written by Python's `zipfile` with deflation: `log.csv` of 60 events.
  private static let deflated = """
    UEsDBBQAAAAIAAAAIVhK0qn37QAAAB8EAAAHAAAAbG9nLmNzdmWSO4oEQQxD8zlLBe1ffw7UQQWT7E7ff4dC9oLsUBjxEO/5vX/G/Nzv8Znv+/\
    VsY25D9g33emTMA4GsQMcUR6IrsTF3BLYC/74YEl/JtzYQRNaKItmzN2uPrBVBcmZv1l5ZK8CVwkWtFO6FoGjRKkV7IijYLC1YbCDFmhtIwWID\
    KdbcQAoWG2ix5gZasKjVf1jQatGiVp030KANdKcN9KAN9KQN9KINjD2w5oGxB9Y8MPbAmgfGHljzwNgDax44e+DsgbMHzh44e+DsgTcPnD3w5o\
    GzB9E8CPYgmgfBHkTzINiDYA+CPQj2IBbsH1BLAQIUAxQAAAAIAAAAIVhK0qn37QAAAB8EAAAHAAAAAAAAAAAAAACAAQAAAABsb2cuY3N2UEsF\
    BgAAAAABAAEANQAAABIBAAAAAA==
    """

  @Test func theOneTableOfAnArchiveIsTheLog() throws {
    let table = ("ml/ratings.csv", Array(Self.first.utf8))
    try write("1.zip", PackedBytes.zip([table]))
    try write("2.zip", PackedBytes.zip([("README.txt", [65]), ("ml/", []), table, ("__MACOSX/ml/._ratings.csv", [1])]))
    try write("3.zip", PackedBytes.zip([table, ("ml/movies.csv", [65])]))
    for name in ["1.zip", "2.zip", "3.zip/ml/ratings.csv"] {
      let (log, report) = try read(path(name))
      #expect(log.text == ["a: x", "b: x"])
      #expect(report.notes == (name.hasPrefix("3") ? [] : ["ml/ratings.csv of the archive is read"]))
    }
    #expect(
      failure(path("3.zip"))
        == "3.zip is a zip archive of 2 files: ml/ratings.csv, ml/movies.csv; name the one that is the log, such as 3.zip/ml/ratings.csv"
    )
    #expect(
      failure(path("3.zip/users.csv"))
        == "3.zip is a zip archive without \"users.csv\"; it holds ml/ratings.csv, ml/movies.csv; name the one that is the log, such as 3.zip/ml/ratings.csv"
    )
    try write("4.zip", PackedBytes.zip([("xl/workbook.xml", [65]), ("xl/a.csv", [65])]))
    #expect(failure(path("4.zip")) == "4.zip is a workbook, not a text log; save it as CSV")
  }

  @Test func deflatedMembersAreUnpackedAndChecked() throws {
    let packed = Array(try #require(Data(base64Encoded: Self.deflated)))
    try write("log.zip", packed)
    let (log, report) = try read(path("log.zip"))
    #expect(log.eventCount == 60 && report.rows.dropped == 0)
    #expect(log.text[0] == "u0: i0 i5 i10 i0 i5 i10 i0 i5 i10 i0 i5 i10")
    // Cut anywhere or with one byte changed anywhere, it is read as it was or refused, and nothing else happens.
    for end in stride(from: 0, to: packed.count, by: 3) {
      try write("cut.zip", Array(packed[..<end]))
      #expect(failure(path("cut.zip")) != "no error")
    }
    for place in stride(from: 0, to: packed.count, by: 5) {
      var changed = packed
      changed[place] ^= 0x55
      try write("changed.zip", changed)
      if failure(path("changed.zip")) == "no error" { #expect(try read(path("changed.zip")).log == log) }
    }
  }
}
