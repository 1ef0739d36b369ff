import Foundation
import InteractionStore
import Interactions
import Testing

/// Two processes that want the same thing at the same time: one has it, the other is refused in a sentence or comes after.
@Suite struct TwoProcessesTests {
  /// Runs the lines at once, and says what each ended with and said.
  private func race(_ lines: [String], in folder: URL) async throws -> [(status: Int, errors: String)] {
    let said = try TemporaryFolder()
    let started = lines.enumerated().map { index, line in
      "(\(line) 2> \(said.url.path)/errors\(index); echo $? > \(said.url.path)/status\(index)) &"
    }
    _ = try await TypedCommand.shell("\(started.joined(separator: " ")) wait", in: folder)
    return try lines.indices.map { index in
      let status = try #require(said.text("status\(index)"))
      return (Int(status.dropLast()) ?? -1, said.text("errors\(index)") ?? "")
    }
  }

  /// The first writes until its input ends; meanwhile nobody else may have the table.
  @Test func aTableOfRecommendationsHasOneWriter() async throws {
    let the = try await TrainedModel.shared.value
    let item = try the.histories().values.first![0]
    let lines = (0..<2_100).map { "{\"user\":\"u\($0)\",\"items\":[\"\(item)\"]}" }
    _ = try the.folder.file("queue.jsonl", lines.joined(separator: "\n") + "\n")
    #expect(try await the.run("import", "log.csv", "--store", "race.sqlite").status == 0)
    let recommend = "cloze recommend model --store race.sqlite --into best"
    let outcome = try await TypedCommand.shell(
      """
      mkfifo lines; \(recommend) --histories - < lines & exec 3> lines; head -n 1100 queue.jsonl >&3
      while [ ! -e .race.sqlite.best-*.lock ]; do sleep 0.05; done
      \(recommend) --top 3; echo $?; \(recommend) --histories queue.jsonl --resume; echo $?
      tail -n 1000 queue.jsonl >&3; exec 3>&-; wait $!; echo $?
      """, in: the.folder.url)
    #expect(outcome.output == "1\n1\n0\n", "\(outcome.errors)")
    let sentence = "race.sqlite; wait for it to end, or name another table\n"
    #expect(
      outcome.errors.components(separatedBy: "cloze: another process is writing the table \"best\" of ").count == 3)
    #expect(outcome.errors.contains(sentence))
    #expect(try rows("best", in: the.folder.url.appendingPathComponent("race.sqlite")) == 21_000)
    #expect(
      !(try FileManager.default.contentsOfDirectory(atPath: the.folder.url.path).contains {
        $0.hasPrefix(".race.sqlite") && $0.hasSuffix(".lock")
      }))
  }

  private func rows(_ table: String, in store: URL) throws -> Int {
    let selection = try ColumnSelection("user=user,item=item,time=none,group=none")
    return try LogSource.load(store.path, options: ReadingOptions(columns: selection, table: table)).log.eventCount
  }

  @Test func everyTableOfARaceIsWhole() async throws {
    let the = try await TrainedModel.shared.value
    #expect(try await the.run("import", "log.csv", "--store", "races.sqlite").status == 0)
    let users = try the.histories().count
    for round in 0..<3 {
      let table = "best-\(round)"
      let ends = try await race(
        Array(repeating: "cloze recommend model --store races.sqlite --into \(table)", count: 4), in: the.folder.url)
      #expect(ends.contains { $0.status == 0 })
      for end in ends where end.status != 0 {
        #expect(end.status == 1 && end.errors.contains("another process is writing the table"), "\(end.errors)")
      }
      #expect(try rows(table, in: the.folder.url.appendingPathComponent("races.sqlite")) == users * 10)
    }
  }

  /// One import into a new store fails and takes the store away, while the other succeeds.
  @Test func aStoreThatSaidZeroIsThere() async throws {
    let folder = try TemporaryFolder()
    _ = try folder.file("good.csv", "user,item\nann,x\nbob,y\n")
    _ = try folder.file("bad.csv", "user,item\nann,x,z\nbob\n")
    for round in 0..<8 {
      let store = "s\(round).sqlite"
      let imports = ["bad", "good", "bad"].map { "cloze import \($0).csv --store \(store)" }
      let ends = try await race(imports, in: folder.url)
      #expect(ends[1].status == 0, "\(ends[1].errors)")
      #expect(try InteractionStore.open(folder.url.appendingPathComponent(store)).check().events == 2)
    }
  }

  /// Of several at once into one file, each result is whole, whichever is refused.
  @Test func everyFileOfARaceIsWhole() async throws {
    let the = try await TrainedModel.shared.value
    let whole = try await TypedCommand.shell("cloze recommend model --log log.csv", in: the.folder.url)
    for round in 0..<3 {
      let ends = try await race(
        Array(repeating: "cloze recommend model --log log.csv --output raced-\(round).csv", count: 4),
        in: the.folder.url)
      #expect(ends.contains { $0.status == 0 })
      for end in ends where end.status != 0 {
        #expect(
          end.status == 1 && end.errors.contains("/raced-\(round).csv; wait for it to end, or name another file"),
          "\(end.errors)")
      }
      #expect(the.folder.text("raced-\(round).csv") == whole.output)
    }
  }
}
