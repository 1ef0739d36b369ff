import Foundation
import InteractionStore
import Interactions
import Testing

@Suite struct RecommendIntoTableTests {
  /// Users and their items, in the order of their rows, of the table `name` in `store`.
  private func lists(_ name: String, in store: URL) throws -> [String: [String]] {
    let selection = try ColumnSelection("user=user,item=item,time=none,group=none")
    let log = try LogSource.load(store.path, options: ReadingOptions(columns: selection, table: name)).log
    return Dictionary(
      uniqueKeysWithValues: (0..<log.userCount).map { user in
        (log.users[user].text, log.history(of: UserID(user)).map { log.items[$0.index].text })
      })
  }

  private func store(_ the: TrainedModel, _ name: String) async throws -> URL {
    let outcome = try await the.run("import", "log.csv", "--store", name)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return the.folder.url.appendingPathComponent(name)
  }

  @Test func aTableHasWhatAFileHas() async throws {
    let the = try await TrainedModel.shared.value
    let store = try await store(the, "table.sqlite")
    for words in [["--into", "next items"], ["--into", "next items", "--resume"], ["--output", "file.csv"]] {
      let outcome = try await TypedCommand(
        ["recommend", "model", "--store", "table.sqlite", "--exclude-seen"] + words, in: the.folder.url
      ).finish()
      #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
      #expect(
        outcome.errors.contains("nothing to resume: starting with the first user") == words.contains("--resume"))
    }
    let rows = Recommended.byUser(the.folder.text("file.csv") ?? "")
    #expect(try lists("next items", in: store) == rows.mapValues { $0.map(\.item) })
    let taken = try await the.run("recommend", "model", "--store", "table.sqlite", "--into", "events")
    #expect(taken.status == 1)
    #expect(taken.errors.contains("has a table \"events\" that holds no recommendations, so it is left alone"))
    let file = try await the.run("recommend", "model", "--store", "log.csv", "--into", "best")
    #expect(file.status == 1)
    #expect(file.errors.contains("log.csv is not a store of cloze"))
  }

  /// Killed behind the first thousand, it goes on; nobody stands twice in the table and nobody is missing.
  @Test func whatWasKilledGoesOnWithoutRepeatingOrLosing() async throws {
    let the = try await TrainedModel.shared.value
    let store = try await store(the, "killed.sqlite")
    let items = try the.items()
    let lines = (0..<1_500).map { "{\"user\":\"u\($0)\",\"items\":[\"\(items[$0 % items.count])\"]}" }
    _ = try the.folder.file("users.jsonl", lines.joined(separator: "\n"))
    let ask = "cloze recommend model --store killed.sqlite --histories - --top 3"
    let outcome = try await TypedCommand.shell(
      """
      mkfifo users.pipe; exec 3<> users.pipe; head -n 1400 users.jsonl >&3 &
      \(ask) --into best --progress < users.pipe 2> said.txt 3>&- &
      while ! grep -q '^1024 users' said.txt; do sleep 0.05; done
      kill -9 $!
      """, in: the.folder.url)
    #expect(outcome.status == 0)
    #expect(throws: StoreError.self) { try lists("best", in: store) }
    let resumed = try await TypedCommand.shell("\(ask) --into best --resume < users.jsonl", in: the.folder.url)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.errors.contains("resuming behind 1024 users"))
    let whole = try await TypedCommand.shell("\(ask) < users.jsonl", in: the.folder.url)
    let rows = Recommended.byUser(whole.output)
    #expect(rows.count == 1_500)
    #expect(try lists("best", in: store) == rows.mapValues { $0.map(\.item) })
  }
}
