import DurableFiles
import Foundation
import Testing

/// Streams that cannot be written: results are missed, messages are not.
@Suite struct StandardStreamTests {
  @Test(arguments: [
    "check log.csv", "check log.csv --json", "evaluate model --log log.csv", "evaluate model --log log.csv --json",
    "info --json", "explain model --log log.csv --user USER", "report model --table", "similar model --all",
    "recommend model --log log.csv", "--help", "--version",
  ])
  func aResultThatCannotBeWrittenIsAFailure(line: String) async throws {
    let the = try await TrainedModel.shared.value
    let user = try #require(the.histories().keys.min())
    let command = "cloze " + line.replacing("USER", with: user)
    let full = try await TypedCommand.shell("\(command) > /dev/full", in: the.folder.url)
    #expect(full.status == 1)
    #expect(
      full.errors.contains("cannot write standard output: No space left on device; what it has got is not"))
    let closed = try await TypedCommand.shell("\(command) >&-", in: the.folder.url)
    #expect(closed.status == 1)
    #expect(closed.errors.contains("cannot write standard output: Bad file descriptor"))
  }

  /// A user who closes the terminal, or fills the disk of a log of messages, has the model all the same.
  @Test(arguments: ["2> /dev/full", "2>&-", "2>&1 >/dev/null | true"])
  func messagesThatCannotBeWrittenEndNoTraining(redirection: String) async throws {
    let the = try await TrainedModel.shared.value
    let name = "unheard-\(redirection.count)"
    let outcome = try await TypedCommand.shell(
      """
      cloze train log.csv --model \(name) --progress --set model.hidden=16 --set model.layers=1 --set stages.0.epochs=1 \
      \(redirection)
      """, in: the.folder.url)
    #expect(outcome.status == 0)
    #expect(the.folder.text("\(name)/config.json") != nil)
    let refused = try await TypedCommand.shell("cloze check none.csv \(redirection)", in: the.folder.url)
    #expect(refused.status == (redirection.hasSuffix("true") ? 0 : 1))
  }

  /// What is printed never goes into a file that was opened under the number of a closed stream.
  @Test func closedStreamsAreNotTakenByFiles() async throws {
    let the = try await TrainedModel.shared.value
    let outcome = try await TypedCommand.shell(
      "cloze import log.csv --store closed.sqlite <&- >&- 2>&-; cloze check closed.sqlite", in: the.folder.url)
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test func namesCannotCommandATerminal() {
    #expect("a\u{1B}]0;b\u{7}\tc\n".visible == "a\\u{1B}]0;b\\u{7}\tc\n")
    #expect("\u{202E}gpj.exe \u{9B}2J".visible == "\\u{202E}gpj.exe \\u{9B}2J")
    #expect("größer, 東京 👩‍👩‍👧".visible == "größer, 東京 👩‍👩‍👧")
  }
}
