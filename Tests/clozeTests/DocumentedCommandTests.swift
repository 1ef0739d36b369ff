import Foundation
import Testing

/// What the program says of its own commands to shells and to `man`.
@Suite struct DocumentedCommandTests {
  /// Sources what the program writes for bash, and completes the last word of each line as pressing Tab does.
  private func completions(_ lines: [String], in folder: URL) async throws -> [Set<Substring>] {
    let script = """
      source <(cloze --generate-completion-script bash)
      complete_line() {
        COMP_LINE="$1" COMP_POINT=${#1} COMPREPLY=()
        read -ra COMP_WORDS <<< "$1"
        case "$1" in *" ") COMP_WORDS+=("") ;; esac
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _cloze cloze "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        local IFS='|'
        echo "${COMPREPLY[*]}"
      }

      """
    let outcome = try await TypedCommand.shell(
      script + lines.map { "complete_line '\($0)'" }.joined(separator: "\n"), in: folder)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    return outcome.output.split(separator: "\n", omittingEmptySubsequences: false).prefix(lines.count)
      .map { Set($0.split(separator: "|")) }
  }

  @Test func bashCompletesPathsModelsAndNames() async throws {
    let folder = try TemporaryFolder()
    for name in ["log.csv", "with space.csv", "notes.txt"] { _ = try folder.file(name, "") }
    try FileManager.default.createDirectory(
      at: folder.url.appendingPathComponent("model"), withIntermediateDirectories: true)
    let files: Set<Substring> = ["log.csv", "with space.csv", "notes.txt", "model"]
    let recipes: Set<Substring> = ["bert4rec", "causal", "maskedPrefixes", "joined", "sasrec"]
    let expected: [(line: String, words: Set<Substring>, exactly: Bool)] = [
      ("cloze rec", ["recipes", "recommend"], true), ("cloze train ", files, true),
      ("cloze train lo", ["log.csv"], true),
      ("cloze compare ", files, true), ("cloze check ", files, true), ("cloze import ", files, true),
      ("cloze import log.csv --store ", files, true), ("cloze import-items ", files, true),
      ("cloze merge ", files, true),
      ("cloze synthesize n", ["notes.txt"], true), ("cloze recommend ", ["model"], true),
      ("cloze recommend model --log ", files, true), ("cloze recommend model --output ", files, true),
      ("cloze train log.csv --model ", ["model"], true), ("cloze serve model --compare ", ["model"], true),
      ("cloze report model --log ", files, true), ("cloze train log.csv --text-encoder ", ["model"], true),
      ("cloze train log.csv --recipe ", recipes, false), ("cloze compare log.csv --recipes ", recipes, false),
      ("cloze train log.csv --split ", ["leave-one-out", "global-time", "new-users", "cold-items"], true),
      ("cloze train log.csv --loss ", ["full", "sampledSoftmax", "gBCE", "bpr"], true),
      ("cloze train log.csv --mod", ["--model"], true),
    ]
    let found = try await completions(expected.map(\.line), in: folder.url)
    #expect(found.count == expected.count)
    for (line, words) in zip(expected, found) {
      #expect(line.exactly ? words == line.words : words.isSuperset(of: line.words), "\(line.line): \(words)")
    }
  }

  /// Every command has a page, in ASCII, that troff reads without a warning where it is installed. Options are words between
  /// hyphens, none of a single letter that a name in capitals would have made.
  @Test func everyCommandHasAManualPage() async throws {
    let folder = try TemporaryFolder()
    let scripts = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../scripts").standardized
    let outcome = try await TypedCommand.shell(
      """
      command -v python3 > /dev/null || exit 0
      '\(scripts.path)/manual' '\(TypedCommand.products.path)' pages > /dev/null
      for command in $(cloze --help | awk '/^SUBCOMMANDS/ { list = 1; next } list && /^  [a-z]/ { print $1 }'); do
        test -s pages/cloze-$command.1 || echo "no page of $command"
        grep -qF "fB${command//-/\\\\-}\\fR" pages/cloze.1 || echo "$command is not in cloze.1"
      done
      sed 's/\\\\-/-/g' pages/*.1 | grep -E 'fB--[a-z-]*-[a-z](-|\\\\)'
      LC_ALL=C grep -l '[^ -~]' pages/*.1
      ! command -v groff > /dev/null || groff -ww -man -Tutf8 -z pages/*.1 2>&1
      """, in: folder.url)
    #expect(outcome.output.isEmpty && outcome.errors.isEmpty, "\(outcome.output)\(outcome.errors)")
  }
}
