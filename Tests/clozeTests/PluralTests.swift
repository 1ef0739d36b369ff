import Foundation
import Testing

/// One user, one item, one epoch: no message speaks of `1 users`.
@Suite struct PluralTests {
  /// What is no plural although it ends like one.
  private static let words: Set = [
    "is", "has", "was", "this", "its", "differs", "takes", "stays", "gets", "names", "less",
  ]

  private static func faults(_ text: String) -> [Substring] {
    // The heading of a table, `top 1 lists`, counts no lists.
    text.replacing("top 1 lists", with: "").matches(
      of: /(?:^|[\s(:;])1 (?:new |bad |other |distinct )?(?<word>[a-z]+s)\b/.anchorsMatchLineEndings()
    )
    .filter { !words.contains(String($0.word)) }.map(\.0)
  }

  @Test func onePluralIsFound() {
    #expect(Self.faults("log.csv: 1 users of 11 items, 1 item; 1 is") == [" 1 users"])
    #expect(Self.faults("1 new items\n(1 rows)") == ["1 new items", "(1 rows"])
  }

  @Test func nothingIsSaidOfOneInThePlural() async throws {
    let the = try await TrainedModel.shared.value
    let folder = try TemporaryFolder()
    let model = the.folder.url.appendingPathComponent("model").path
    let log = the.folder.url.appendingPathComponent("log.csv").path
    _ = try folder.file("one.csv", "user,item,timestamp\nann,item1,1700000000\n")
    _ = try folder.file("bad.csv", "user,item,timestamp\nann,item1,1700000000\nbob\n")
    _ = try folder.file("more.csv", "user,item,timestamp\nann,item2,1700000001\n")
    _ = try folder.file("items.csv", "item,title,genre\nitem1,One,a\n")
    _ = try folder.file("line.txt", "item1 item2\n")
    _ = try folder.file("labels.csv", "user,label\nuser1,a\n")
    _ = try folder.file("unknown.csv", "user,label\nnobody,a\n")
    let tiny = "--hidden 8 --layers 1 --heads 1 --epochs 1"
    let lines = [
      "check one.csv", "check bad.csv --max-bad 60%", "check bad.csv", "import one.csv --store one.sqlite",
      "import more.csv --store one.sqlite", "check one.sqlite", "import-items items.csv --store one.sqlite",
      "check one.csv --items-from items.csv", "train one.csv --model m \(tiny)",
      "train one.csv --model m --min-user-events 2", "train \(log) --model m \(tiny)",
      "train \(log) --model n --from m --epochs 1", "train \(log) --labels labels.csv --model k",
      "train \(log) --labels unknown.csv --model k", "evaluate --log one.csv",
      "evaluate --log \(log) --top 1 --resamples 10",
      "recommend \(model) --store one.sqlite --top 1",
      "recommend \(model) --log one.csv --force --top 1 --output next.csv",
      "recommend \(model) --log \(log) --users user1 --top 1 --output user.csv",
      "recommend \(model) --log \(log) --shard 1/1 --top 1 --output shard.csv", "merge shard.csv --output all.csv",
      "recommend \(model) --history item1,mystery --top 1", "recommend \(model) --history item1 --items item2 --top 5",
      "similar \(model) item1 --top 1", "explain \(model) --history item1",
      "embed \(model) --items-to i.npy --log one.csv",
      "evaluate \(model) --lines line.txt", "vocabulary line.txt --size 20 --output v.txt",
      "pretrain line.txt --validation line.txt --model p \(tiny)", "compare \(log) --vary model.hidden=8 --output c",
      "compare \(log) --vary model.hidden=4,8 \(tiny.replacing("--hidden 8 ", with: "")) --seeds 1 --output c --resamples 10",
      "settings --for one.csv", "diff one.csv one.csv", "synthesize s.csv --users 1 --items 1",
    ]
    for line in lines {
      let outcome = try await TypedCommand.shell("cloze \(line)", in: folder.url)
      #expect(
        Self.faults(outcome.output + "\n" + outcome.errors).isEmpty, "\(line): \(outcome.errors)\(outcome.output)")
    }
    let page = try #require(folder.text("c/report.html"))
    let text = page.replacing(/<[^>]*>/, with: "\n")
    #expect(Self.faults(text).isEmpty)
  }
}
