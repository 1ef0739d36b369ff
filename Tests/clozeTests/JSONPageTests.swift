import Foundation
import Testing

/// What `docs/JSON.md` says of a command's JSON is there.
@Suite struct JSONPageTests {
  private static let page = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../docs/JSON.md").standardized

  /// The keys that stand in upright letters in the first column below `heading`.
  private static func keys(below heading: String) throws -> [String] {
    let text = try String(contentsOf: page, encoding: .utf8)
    let section = try #require(text.split(separator: "\n## ").first { $0.hasPrefix("\(heading)\n") })
    return section.split(separator: "\n").filter { $0.hasPrefix("| `") && !$0.contains("*") }.flatMap { row in
      row.split(separator: "|")[0].split(separator: "`").filter { $0.contains { $0.isLetter } }.map(String.init)
    }
  }

  /// Whether `value` has something at `path` (`results[].name`): in the first element of a list.
  private static func has(_ value: Any, _ path: Substring) -> Bool {
    if path.isEmpty { return true }
    if path.hasPrefix("[]") {
      guard let list = value as? [Any] else { return false }
      let rest = path.dropFirst(2).drop { $0 == "." }
      return rest.isEmpty || list.first.map { has($0, rest) } ?? false
    }
    let key = path.prefix { $0 != "." && $0 != "[" }
    guard let object = value as? [String: Any], let member = object[String(key)] else { return false }
    let rest = path.dropFirst(key.count)
    return has(member, rest.hasPrefix(".") ? rest.dropFirst() : rest)
  }

  /// What commands read beside the log, written once: cases run side by side.
  private static let inputs = Task {
    let the = try await TrainedModel.shared.value
    _ = try the.folder.file("page-items.csv", "item,title,genre\nitem1,One,a\nitem2,Two,b\n")
    let labels = try the.histories().keys.sorted().enumerated().map { "\($1),\($0 % 2)\n" }
    _ = try the.folder.file("page-labels.csv", "user,label\n" + labels.joined())
    _ = try the.folder.file("page-lines.txt", "item1 item2 item3 item4\nitem5 item6 item7 item8 item9\n")
  }

  @Test(arguments: [
    ("check", ["check", "log.csv"]), ("import", ["import", "log.csv", "--store", "page.sqlite"]),
    (
      "synthesize",
      ["synthesize", "page.csv", "--users", "60", "--items", "40", "--clusters", "4", "--length", "9"]
    ), ("train, pretrain", ["train", "log.csv", "--model", "page", "--hidden", "8", "--layers", "1", "--epochs", "1"]),
    ("evaluate", ["evaluate", "model", "--log", "log.csv", "--resamples", "10"]),
    (
      "compare",
      [
        "compare", "log.csv", "--vary", "model.hidden=8,4", "--seeds", "1", "--epochs", "1", "--layers", "1",
        "--output",
        "compared", "--resamples", "10",
      ]
    ), ("recommend, similar", ["recommend", "model", "--log", "log.csv", "--top", "1"]),
    ("explain", ["explain", "model", "--log", "log.csv", "--user", "user1"]), ("info", ["info"]),
    ("import-items", ["import-items", "page-items.csv", "--store", "page-items.sqlite"]),
    (
      "train --labels",
      ["train", "log.csv", "--labels", "page-labels.csv", "--model", "page-kinds", "--epochs", "1"]
    ),
    ("recommend --output, --into", ["recommend", "model", "--log", "log.csv", "--top", "1", "--output", "page.csv"]),
    ("vocabulary", ["vocabulary", "page-lines.txt", "--size", "30", "--output", "page-vocab.txt"]),
    ("evaluate --lines", ["evaluate", "model", "--lines", "page-lines.txt"]),
  ]) func everyKeyIsPrinted(heading: String, words: [String]) async throws {
    let the = try await TrainedModel.shared.value
    try await Self.inputs.value
    let outcome = try await TypedCommand(words + ["--json"], in: the.folder.url).finish()
    #expect(outcome.status == 0, "\(outcome.errors)")
    let text = heading.hasPrefix("recommend, similar") ? String(outcome.lines.first ?? "") : outcome.output
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let keys = try Self.keys(below: heading)
    #expect(keys.count > 3)
    for key in keys { #expect(Self.has(value, key[...]), "\(heading): \(key)") }
  }
}
