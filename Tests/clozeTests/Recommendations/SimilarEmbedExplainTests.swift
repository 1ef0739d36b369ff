import Foundation
import Testing

@Suite struct SimilarEmbedExplainTests {
  @Test func everyItemHasItsNearestWithoutItself() async throws {
    let the = try await TrainedModel.shared.value
    let outcome = try await the.run("similar", "model", "--all", "--top", "5")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.lines[0] == "item,rank,similar,score")
    let rows = outcome.lines.dropFirst().map { $0.split(separator: ",") }
    #expect(rows.count == (try the.items().count) * 5)
    #expect(rows.allSatisfy { $0[0] != $0[2] && abs(Double($0[3])!) <= 1.00001 })
    let one = try await the.run("similar", "model", String(rows[0][0]), "--top", "5", "--by", "product", "--json")
    #expect(one.lines.count == 5)
    let some = try await the.run(
      "similar", "model", "nothing", String(rows[0][0]), "--top", "5", "--output", "near.csv", "--allow-unknown")
    #expect(some.status == 0)
    #expect(some.errors == "cloze: 1 item is unknown to the model and skipped: nothing\n")
    #expect(the.folder.text("near.csv") == outcome.lines[...5].joined(separator: "\n") + "\n")
    let unknown = try await the.run("similar", "model", "nothing")
    #expect(unknown.status == 1)
    #expect(unknown.errors.contains("the model knows no item \"nothing\""))
  }

  /// With the bias as a column, the inner product of the two files is the score `recommend` prints.
  @Test func vectorsGiveTheScores() async throws {
    let the = try await TrainedModel.shared.value
    let outcome = try await the.run(
      "embed", "model", "--log", "log.csv", "--items-to", "items.npy", "--users-to", "users.npy", "--with-bias")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let items = try vectors("items", in: the.folder.url, columns: 17)
    let users = try vectors("users", in: the.folder.url, columns: 17)
    #expect(items.count == (try the.items().count) && users.count == 90)
    let lists = Recommended.byUser(try await the.run("recommend", "model", "--log", "log.csv", "--top", "1").output)
    for (name, list) in lists {
      let score = zip(users[name]!, items[list[0].item]!).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(Double(score) - list[0].score) < 1e-4)
    }
    let tensors = try await the.run("embed", "model", "--items-to", "items.safetensors")
    #expect(tensors.status == 0)
    #expect(
      try Data(contentsOf: the.folder.url.appendingPathComponent("items.safetensors")).count > items.count * 16 * 4)
  }

  private func vectors(_ name: String, in folder: URL, columns: Int) throws -> [String: [Float]] {
    let data = try Data(contentsOf: folder.appendingPathComponent("\(name).npy"))
    let ids = try JSONDecoder().decode(
      [String].self, from: Data(contentsOf: folder.appendingPathComponent("\(name).ids.json")))
    let header = 10 + Int(data[8]) + Int(data[9]) << 8
    #expect(header % 64 == 0)
    #expect(String(decoding: data[10..<header], as: UTF8.self).contains("'shape': (\(ids.count), \(columns))"))
    #expect(data.count == header + ids.count * columns * 4)
    func number(_ index: Int) -> Float {
      let at = header + 4 * index
      return Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(data[at + $1]) << (8 * UInt32($1)) })
    }
    return Dictionary(
      uniqueKeysWithValues: ids.enumerated().map { row, id in (id, (0..<columns).map { number(row * columns + $0) }) })
  }

  private struct Account: Decodable {
    struct Part: Decodable {
      var item: String
      var scoreChange: Double
      var rankWithout: Int
    }
    var item: String
    var score: Double
    var rank: Int
    var history: [Part]
  }

  /// Dropping an item by hand gives the score and the rank that the explanation names.
  @Test func whatIsExplainedIsWhatIsRecommended() async throws {
    let the = try await TrainedModel.shared.value
    let (user, history) = try the.histories().min { $0.key < $1.key }!
    let explained = try await the.run("explain", "model", "--log", "log.csv", "--user", user, "--json")
    #expect(explained.status == 0, "\(explained.errors)")
    let account = try JSONDecoder().decode(Account.self, from: Data(explained.output.utf8))
    #expect(account.rank == 1)
    #expect(account.history.map(\.item) == history)
    for position in [0, history.count - 1] {
      var rest = history
      rest.remove(at: position)
      let outcome = try await the.run(
        "recommend", "model", "--history", rest.joined(separator: ","), "--top", "1000")
      let entry = Recommended.byUser(outcome.output)["history"]!.first { $0.item == account.item }!
      let part = account.history[position]
      #expect(entry.rank == part.rankWithout)
      #expect(abs(account.score - part.scoreChange - entry.score) < 1e-5)
    }
    let text = try await the.run("explain", "model", "--log", "log.csv", "--user", user)
    #expect(text.output.hasPrefix("\(account.item): score"))
    let nobody = try await the.run("explain", "model", "--log", "log.csv", "--user", "nobody")
    #expect(nobody.status == 1)
    #expect(nobody.errors.hasSuffix("cloze: log.csv has no user \"nobody\"; name one with events in it\n"))
  }
}
