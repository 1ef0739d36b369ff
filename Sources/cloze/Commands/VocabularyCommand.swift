import ArgumentParser
import DurableFiles
import Foundation
import ModelFiles
import SequentialModels

/// `cloze vocabulary`: word pieces for `cloze pretrain --tokens wordpiece`, or names for a directory that has none.
struct VocabularyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vocabulary",
    abstract: "Learn a vocabulary of word pieces from text.",
    usage: """
      cloze vocabulary <train.txt> --output <vocab.txt> [<options>]
      cloze vocabulary --ids-of <dir> --specials <pad,unk,cls,sep,mask>
      """,
    discussion: """
      Cuts the lines into words by the rules of BERT and joins the most frequent neighbors to longer and longer pieces, \
      as Hugging Face's BertWordPieceTokenizer does. The same text gives the same vocabulary; equally frequent pairs, \
      which Hugging Face joins in the order of a hash table, are joined in the order of their characters.

      With --ids-of a BERT directory that came without a vocabulary gets one in which each token's name is its id, so that \
      every command uses it with ids in place of names; --specials says which ids are special.
      """)

  @Argument(help: ArgumentHelp("The text to learn from, UTF-8.", valueName: "train.txt"), completion: .file())
  var text: String?
  @Option(parsing: .unconditional, help: "Tokens of the vocabulary at most, the five special ones included.")
  var size = 30_000
  @Option(
    help: ArgumentHelp("The vocabulary to write, one token per line.", valueName: "vocab.txt"), completion: .file())
  var output: String?
  @Option(
    help: ArgumentHelp("A model directory without a vocabulary, which gets one of ids.", valueName: "dir"),
    completion: .directory)
  var idsOf: String?
  @Option(
    help: ArgumentHelp(
      "With --ids-of, the ids of the five special tokens; 0,100,101,102,103 in BERT's own vocabularies.",
      valueName: "pad,unk,cls,sep,mask"))
  var specials: String?
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
    if idsOf != nil {
      if text != nil || output != nil {
        throw ValidationError("--ids-of writes DIR/vocab.txt; leave the text and --output out")
      }
      if specials == nil {
        throw ValidationError("--ids-of needs the ids of the special tokens; give --specials PAD,UNK,CLS,SEP,MASK")
      }
      return
    }
    if specials != nil { throw ValidationError("--specials is for --ids-of; give the directory, too") }
    if text == nil || output == nil {
      throw ValidationError("give the text to learn from and --output FILE, or --ids-of DIR")
    }
    try Folders.requireApart([("--output", output)], from: [("the text", text)])
  }

  /// Writes a vocabulary of ids into the directory at `path`.
  private func nameByIDs(_ path: String) throws {
    let url = URL(fileURLWithPath: path)
    let stored = try PretrainedModel.read(url).stored
    let file = url.appendingPathComponent("vocab.txt")
    if stored.tokenizer != nil { throw ValidationError("\(path) has a vocabulary already; it is left alone") }
    let ids = (specials ?? "").split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    let count = stored.configuration.encoder.vocabularySize
    let known = ids.compactMap(\.self).filter { (0..<count).contains($0) }
    guard known.count == 5, ids.count == 5, Set(known).count == 5 else {
      throw ValidationError("--specials \(specials ?? ""): expected five different ids from 0 to \(count - 1)")
    }
    var tokens = (0..<count).map(String.init)
    for (id, name) in zip(known, SpecialTokens.names) { tokens[id] = name }
    try DurableFile.write(tokens.joined(separator: "\n") + "\n", to: file)
    if json {
      return try print(JSONText.of(Written(file: file.path, lines: 0, tokens: count, isCased: true)))
    }
    if !reporting.quiet { try print("\(file.path): \(Counted(count, "token")), each named by its id") }
  }

  /// What `--json` prints.
  private struct Written: Encodable {
    var file: String
    var lines: Int
    var tokens: Int
    var isCased: Bool
  }

  func run() throws {
    if let idsOf { return try nameByIDs(idsOf) }
    guard let text, let output else { return }
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
    if !reporting.quiet {
      try print("\(output): \(Counted(tokens.count, "token")) of \(Counted(lines.lines.count, "line"))")
    }
    if tokens.count < size {
      progress.note("fewer than \(Counted(size, "token")): no further pair occurs \(minFrequency) times")
    }
    progress.note(
      "to use it: cloze pretrain \(Shell.word(text)) --validation FILE --model DIR --tokens wordpiece --vocab "
        + "\(Shell.word(output))\(cased ? " --cased" : "")")
  }
}
