import Foundation
import Testing

@Suite(.tags(.slow)) struct RecommendInterruptionTests {
  /// Killed after the first batch, it resumes and gives the bytes of an undisturbed run. The shell holds the pipe open, so
  /// that the killed command waits for more lines.
  @Test func whatWasKilledGoesOnWithoutRepeatingOrLosing() async throws {
    let the = try await TrainedModel.shared.value
    let item = try the.histories().values.first![0]
    let lines = (0..<1_500).map { "{\"user\":\"u\($0)\",\"items\":[\"\(item)\"]}" }
    _ = try the.folder.file("many.jsonl", lines.joined(separator: "\n"))
    let killed = try await TypedCommand.shell(
      """
      mkfifo many.pipe; exec 3<> many.pipe; head -n 1400 many.jsonl >&3 &
      cloze recommend model --histories - --output killed.csv < many.pipe 3>&- &
      while [ ! -e .killed.csv.journal ]; do sleep 0.05; done
      kill -9 $!
      """, in: the.folder.url)
    #expect(killed.status == 0)
    #expect(the.folder.text("killed.csv") == nil)
    let resumed = try await TypedCommand.shell(
      "cloze recommend model --histories - --output killed.csv --resume < many.jsonl", in: the.folder.url)
    #expect(resumed.status == 0)
    #expect(resumed.errors.contains("resuming behind 1024 users"))
    let whole = try await TypedCommand.shell(
      "cloze recommend model --histories - --output whole.csv < many.jsonl", in: the.folder.url)
    #expect(whole.status == 0)
    let text = the.folder.text("killed.csv")
    #expect(text == the.folder.text("whole.csv"))
    #expect(text?.split(separator: "\n").count == 15_001)
    let other = try await TypedCommand.shell(
      """
      mkfifo other.pipe; exec 3<> other.pipe; head -n 1400 many.jsonl >&3 &
      cloze recommend model --histories - --output killed.csv < other.pipe 3>&- &
      while [ ! -e .killed.csv.journal ]; do sleep 0.05; done
      kill -9 $!
      cloze recommend model --histories - --output killed.csv --top 5 --resume < many.jsonl
      """, in: the.folder.url)
    #expect(other.status == 1)
    #expect(other.errors.contains("it was begun with another model, log or options; begin anew without --resume"))
    #expect(the.folder.text("killed.csv") == text)
  }

  @Test func aReaderThatHasSeenEnoughEndsItWithASentence() async throws {
    let the = try await TrainedModel.shared.value
    let outcome = try await TypedCommand.shell(
      "cloze recommend model --log log.csv --top 40 | head -n 2", in: the.folder.url)
    #expect(outcome.status == 0)
    #expect(outcome.lines.count == 2)
    #expect(
      outcome.errors.hasSuffix(
        "cloze: cannot write standard output: its reader has ended; what it has got is not the whole result\n"))
  }

  /// A limit on the size of files stands for a full disk: what was written is kept and gone on with, or taken away.
  @Test func aFileThatCannotGrowIsKeptAsFarAsItCame() async throws {
    let the = try await TrainedModel.shared.value
    let item = try the.histories().values.first![0]
    let lines = (0..<1_500).map { "{\"user\":\"u\($0)\",\"items\":[\"\(item)\"]}" }
    _ = try the.folder.file("crowd.jsonl", lines.joined(separator: "\n"))
    let ask = "cloze recommend model --histories crowd.jsonl"
    let whole = try await TypedCommand.shell(
      "\(ask) > all-of-it.csv; head -n 10241 all-of-it.csv | wc -c", in: the.folder.url)
    let blocks = (Int(whole.output.split(separator: "\n")[0]) ?? 0) / 1_024
    // bash counts in 1,024 bytes.
    func limited(_ blocks: Int, _ line: String) async throws -> TypedCommand.Outcome {
      try await TypedCommand.shell("ulimit -f \(blocks); \(line)", in: the.folder.url)
    }
    let stopped = try await limited(blocks + 10, "\(ask) --output crowd.csv")
    #expect(stopped.status == 1)
    #expect(stopped.errors.contains("cannot write"))
    #expect(
      stopped.errors.contains("; the rows of 1024 users are kept: the same command with --resume goes on"),
      "\(stopped.errors)")
    #expect(the.folder.text("crowd.csv") == nil)
    let resumed = try await TypedCommand.shell("\(ask) --output crowd.csv --resume --threads 1", in: the.folder.url)
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(the.folder.text("crowd.csv") == the.folder.text("all-of-it.csv"))
    let early = try await limited(blocks / 2, "\(ask) --output small.csv")
    #expect(early.status == 1)
    let names = try FileManager.default.contentsOfDirectory(atPath: the.folder.url.path)
    #expect(!names.contains { $0.contains("small.csv") || $0.contains(".crowd.csv") })
  }

  @Test func aFullDiskIsSaidInOneSentence() async throws {
    let the = try await TrainedModel.shared.value
    let outcome = try await TypedCommand.shell("cloze recommend model --log log.csv > /dev/full", in: the.folder.url)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("cannot write standard output: No space left on device"))
  }
}
