import ArgumentParser
import DurableFiles
import Foundation
import ModelFiles

/// `cloze vocabulary`: word pieces for `cloze pretrain --tokens wordpiece`.
struct VocabularyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vocabulary",
    abstract: "Learn a vocabulary of word pieces from text.",
    usage: "cloze vocabulary <train.txt> --output <vocab.txt> [<options>]",
    discussion: """
      Cuts the lines into words by the rules of BERT and joins the most frequent neighbors to longer and longer pieces, \
      as Hugging Face's BertWordPieceTokenizer does. The same text gives the same vocabulary; equally frequent pairs, \
      which Hugging Face joins in the order of a hash table, are joined in the order of their characters.
      """)

  @Argument(help: ArgumentHelp("The text to learn from, UTF-8.", valueName: "train.txt"), completion: .file())
  var text: String
  @Option(parsing: .unconditional, help: "Tokens of the vocabulary at most, the five special ones included.")
  var size = 30_000
  @Option(
    help: ArgumentHelp("The vocabulary to write, one token per line.", valueName: "vocab.txt"), completion: .file())
  var output: String
  @Option(parsing: .unconditional, help: ArgumentHelp("Join pairs that occur so often at least.", valueName: "n"))
  var minFrequency = 2
  @Flag(help: "Keep capitals and accents.")
  var cased = false
  @Flag(help: "Print what was written as JSON.")
  var json = false
  @OptionGroup var reporting: ProgressOptions

  func validate() throws {
    try require(size, in: 6...10_000_000, "--size")
    try require(minFrequency, in: 1...Int(Int32.max), "--min-frequency")
    try Folders.requireApart([("--output", output)], from: [("the text", text)])
  }

  /// What `--json` prints.
  private struct Written: Encodable {
    var file: String
    var lines: Int
    var tokens: Int
    var isCased: Bool
  }

  func run() throws {
    let progress = reporting.start()
    let lines = try TokenLines(URL(fileURLWithPath: text))
    let trainer = WordPieceTrainer(
      size: size, minimumFrequency: minFrequency, basic: BasicTokenizer(lowercases: !cased))
    let tokens = trainer.tokens(of: lines.lines)
    if tokens.count <= 5 {
      throw ValidationError("\(text) has no words to learn a vocabulary from; name a file of text")
    }
    try Folders.make(for: output)
    try DurableFile.write(tokens.joined(separator: "\n") + "\n", to: URL(fileURLWithPath: output))
    if json {
      return try print(
        JSONText.of(Written(file: output, lines: lines.lines.count, tokens: tokens.count, isCased: cased)))
    }
    if !reporting.quiet { try print("\(output): \(tokens.count) tokens of \(lines.lines.count) lines") }
    if tokens.count < size {
      progress.note("fewer than \(size) tokens: no further pair occurs \(minFrequency) times")
    }
    progress.note(
      "to use it: cloze pretrain \(Shell.word(text)) --validation FILE --model DIR --tokens wordpiece --vocab "
        + "\(Shell.word(output))\(cased ? " --cased" : "")")
  }
}
