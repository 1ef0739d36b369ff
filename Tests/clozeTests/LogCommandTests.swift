import Foundation
import Testing

/// `cloze check` and `cloze import` as a user types them.
@Suite struct LogCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func checkReportsAndChangesNothing() async throws {
    _ = try folder.file("a.csv", "user,item,time\nann,x,1700000000\nann,y,1700000001\n")
    let outcome = try await TypedCommand.run("check", "a.csv", in: folder.url)
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
    #expect(outcome.lines.first == "a.csv: CSV with header")
    #expect(outcome.lines.contains("  rows read             2"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["a.csv"])
  }

  @Test func badRowsEndTheCheckWithAFailureAfterTheReport() async throws {
    _ = try folder.file("a.csv", "user,item,time\nann,x,1700000000\nann,y,soon\n")
    let strict = try await TypedCommand.run("check", "a.csv", "--json", in: folder.url)
    #expect(strict.status == 1)
    #expect(strict.errors.contains("a.csv: 1 of 2 rows is bad (50%), more than the 1% allowed"))
    let reports = try JSONSerialization.jsonObject(with: Data(strict.output.utf8)) as? [[String: Any]]
    let rows = try #require(reports?.first?["rows"] as? [String: Any])
    #expect(rows["used"] as? Int == 1)
    #expect(rows["droppedByReason"] as? [String: Int] == ["unreadableTime": 1])
    #expect(try await TypedCommand.run("check", "a.csv", "--max-bad", "50%", in: folder.url).status == 0)
    #expect(try await TypedCommand.run("check", "a.csv", "--max-bad", "most", in: folder.url).status == 2)
  }

  @Test func standardInputIsALogToo() async throws {
    let outcome = try await TypedCommand.run("check", "-", input: "1\t2\n1\t3\n")
    #expect(outcome.lines.first == "standard input: TSV")
    #expect(outcome.status == 0)
  }

  /// RecBole's rows of a history and the item behind it are no events; what the refusal advises makes them some.
  @Test func historiesBesideTheirNextItemsAreJoinedAsAdvised() async throws {
    let folder = try TemporaryFolder()
    _ = try folder.file(
      "shop.train.inter",
      "session_id:token\titem_id_list:token_seq\titem_id:token\nu\t1\t2\nu\t1 2\t3\nv\t4 5 6\t7\nw\t9\t1\n")
    let refused = try await TypedCommand.run("check", "shop.train.inter", in: folder.url)
    let parts = refused.errors.split(separator: "the longest of each user: ")
    #expect(refused.status == 1 && parts.count == 2, "\(refused.errors)")
    let joined = try await TypedCommand.shell(
      "\(parts.last ?? "false")cloze check shop.train.inter.joined.inter", in: folder.url)
    #expect(joined.status == 0, "\(joined.errors)")
    let events = folder.text("shop.train.inter.joined.inter")?.split(separator: "\n").dropFirst().sorted()
    #expect(events == ["u\t1 2 3", "v\t4 5 6 7", "w\t9 1"])
    #expect(joined.lines.contains { $0.hasPrefix("  used") && $0.hasSuffix(" 9") }, "\(joined.output)")
  }

  @Test func importingTwiceIsNoticed() async throws {
    _ = try folder.file("a.csv", "user,item\nann,x\nbob,x\n")
    let first = try await TypedCommand.run("import", "a.csv", "--store", "s.sqlite", in: folder.url)
    #expect(first.status == 0)
    #expect(first.lines.last?.hasSuffix("/s.sqlite: it now holds 2 events of 2 users and 1 item") == true)
    let second = try await TypedCommand.run("import", "a.csv", "--store", "s.sqlite", in: folder.url)
    #expect(second.status == 1)
    #expect(second.errors.hasPrefix("cloze: a.csv is in the store already"))
    let check = try await TypedCommand.run("check", "s.sqlite", in: folder.url)
    #expect(
      check.output == first.lines.dropLast().joined(separator: "\n")
        + "\nthe store is whole: 1 import, 2 events of 2 users and 1 item\n")
  }

  @Test func aDamagedStoreIsSaidAndRepaired() async throws {
    let rows = (0..<300).map { "u\($0 % 7),item-\($0 % 31),\(1_700_000_000 + $0)\n" }
    _ = try folder.file("a.csv", "user,item,time\n" + rows.joined())
    #expect(try await TypedCommand.run("import", "a.csv", "--store", "d.sqlite", in: folder.url).status == 0)
    let store = folder.url.appendingPathComponent("d.sqlite")
    var bytes = try Data(contentsOf: store)
    let place = try #require(bytes.firstRange(of: Data("item-17".utf8)))
    bytes[place.lowerBound] ^= 1
    try bytes.write(to: store)
    for command in ["check", "import a.csv --store", "evaluate --log"] {
      let outcome = try await TypedCommand.shell("cloze \(command) d.sqlite", in: folder.url)
      #expect(outcome.status == 1)
      #expect(
        outcome.errors.contains(
          "d.sqlite is damaged: the table items differs from what the last import wrote; cloze check"))
    }
    let repair = try await TypedCommand.run("check", "d.sqlite", "--repair", in: folder.url)
    #expect(repair.status == 0, "\(repair.errors)")
    #expect(repair.output.hasPrefix("saved 1 import, 300 events of 7 users and 31 items"))
    #expect(try await TypedCommand.run("check", "d.sqlite", in: folder.url).status == 0)
    let text = try await TypedCommand.run("check", "a.csv", "--repair", in: folder.url)
    #expect(text.status == 1)
    #expect(text.errors.contains("a.csv is not a store of cloze"))
  }

  @Test func aFileThatCannotBeReadIsAFailureOfOneSentence() async throws {
    let missing = try await TypedCommand.run("import", "none.csv", "--store", "s.sqlite", in: folder.url)
    #expect(missing.errors == "cloze: none.csv does not exist; check the path\n")
    #expect(missing.status == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }

  /// The log comes through a pipe that stays open, so that the import is in the middle of its transaction when it ends.
  @Test(arguments: [SIGKILL, SIGTERM, SIGINT])
  func howeverHardItIsStoppedTheStoreIsAsBefore(signal: Int32) async throws {
    _ = try folder.file("a.csv", "user,item,time\nann,x,1700000000\n")
    let rows = (0..<120_000).map { "user \($0 % 5_000),item \($0 % 700),\(1_700_000_000 + $0)\n" }
    _ = try folder.file("large.csv", "user,item,time\n" + rows.joined())
    _ = try await TypedCommand.run("import", "a.csv", "--store", "s.sqlite", in: folder.url)
    let before = try await TypedCommand.run("check", "s.sqlite", in: folder.url).output
    let outcome = try await TypedCommand(
      [],
      shell: """
        mkfifo pipe; (cat large.csv; sleep 1; cat large.csv; sleep 3) > pipe &
        exec cloze import - --store s.sqlite --progress < pipe
        """, in: folder.url
    ).finish { running in
      try await running.send(signal, once: "imported")
    }
    #expect(outcome.status == (signal == SIGKILL ? 137 : 130))
    #expect(outcome.output.isEmpty)
    #expect(try await TypedCommand.run("check", "s.sqlite", in: folder.url).output == before)
    let whole = try await TypedCommand.run("import", "large.csv", "--store", "s.sqlite", in: folder.url)
    #expect(whole.lines.last?.hasSuffix("/s.sqlite: it now holds 120001 events of 5001 users and 701 items") == true)
  }
}
