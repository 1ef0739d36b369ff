import Foundation
import Testing

@Suite struct RecommendInterruptionTests {
  /// Killed behind the first batch, it goes on and gives the very bytes of a run that nobody disturbed.
  @Test func whatWasKilledGoesOnWithoutRepeatingOrLosing() async throws {
    let the = try await TrainedModel.shared.value
    let item = try the.histories().values.first![0]
    let lines = (0..<1_500).map { "{\"user\":\"u\($0)\",\"items\":[\"\(item)\"]}" }
    _ = try the.folder.file("many.jsonl", lines.joined(separator: "\n"))
    let killed = try await TypedCommand.shell(
      """
      (head -n 1400 many.jsonl; sleep 15) | cloze recommend model --histories - --output killed.csv &
      while [ ! -e .killed.csv.journal ]; do sleep 0.05; done
      kill -9 $!
      """, in: the.folder.url)
    #expect(killed.status == 0)
    #expect(the.folder.text("killed.csv") == nil)
    let resumed = try await TypedCommand.shell(
      "cloze recommend model --histories - --output killed.csv --resume < many.jsonl", in: the.folder.url)
    #expect(resumed.status == 0)
    #expect(resumed.errors.contains("going on behind 1024 users"))
    let whole = try await TypedCommand.shell(
      "cloze recommend model --histories - --output whole.csv < many.jsonl", in: the.folder.url)
    #expect(whole.status == 0)
    let text = the.folder.text("killed.csv")
    #expect(text == the.folder.text("whole.csv"))
    #expect(text?.split(separator: "\n").count == 15_001)
    let other = try await TypedCommand.shell(
      """
      (head -n 1400 many.jsonl; sleep 15) | cloze recommend model --histories - --output killed.csv &
      while [ ! -e .killed.csv.journal ]; do sleep 0.05; done
      kill -9 $!
      cloze recommend model --histories - --output killed.csv --top 5 --resume < many.jsonl
      """, in: the.folder.url)
    #expect(other.status == 1)
    #expect(other.errors.contains("it was begun with another model, log or options; begin anew without --resume"))
    #expect(the.folder.text("killed.csv") == text)
  }

  @Test func aReaderThatHasSeenEnoughEndsItQuietly() async throws {
    let the = try await TrainedModel.shared.value
    let outcome = try await TypedCommand.shell(
      "cloze recommend model --log log.csv --top 40 | head -n 2", in: the.folder.url)
    #expect(outcome.status == 0)
    #expect(outcome.lines.count == 2)
    #expect(outcome.errors.isEmpty)
  }

  @Test func aFullDiskIsSaidInOneSentence() async throws {
    let the = try await TrainedModel.shared.value
    let outcome = try await TypedCommand.shell("cloze recommend model --log log.csv > /dev/full", in: the.folder.url)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("cannot write standard output: No space left on device"))
  }
}
