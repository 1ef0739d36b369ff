import ArgumentParser
import DurableFiles
import Foundation
import Interactions
import Kernels
import ModelFiles
import SequentialModels

/// `cloze export`: a model for other programs, with the proof that they see the same one.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model for Hugging Face, with a file that proves the same logits.",
    usage: "cloze export <dir> --to hf [<options>]",
    discussion: """
      A model directory is one that Hugging Face opens. Export adds parity.json, a few histories with their token ids and \
      the logits that this program computes, and check.py, which computes the same ones with Hugging Face and fails on a \
      difference. With --output all of it goes into another directory.

      With --token-ids any ids are compared, also those of a directory that has no vocabulary: ids between commas, of which \
      the last is scored, or @FILE with a line of JSON per sequence: {"token_ids": [101, 103, 102, 2054, 102], "segments": \
      [0, 0, 0, 1, 1], "position": 1}.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case huggingFace = "hf" }

  @Argument(help: ArgumentHelp("The model directory.", valueName: "dir"), completion: .directory)
  var model: String
  @Option(help: ArgumentHelp("Who is to open it: hf, for Hugging Face.", valueName: "format"))
  var to: Format
  @Option(
    help: ArgumentHelp("The directory to write; the model's own if not given.", valueName: "dir"),
    completion: .directory)
  var output: String?
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "A history to compare, oldest item first; may be repeated. Histories are drawn if not given.",
      valueName: "item,item,…"))
  var history: [String] = []
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Token ids to compare, special ones included, or @FILE; may be repeated.", valueName: "id,id,…|@file"))
  var tokenIds: [String] = []

  @Flag(help: "Print what was written as JSON.")
  var json = false
  @OptionGroup var silence: QuietOptions

  /// What `--json` prints.
  private struct Written: Encodable {
    var directory: String
    var architecture: String
    var histories: Int
    var check: String
  }

  func validate() throws {
    try Folders.requireApart([("--output", output)], from: [("the model", model)])
    if !history.isEmpty && !tokenIds.isEmpty {
      throw ValidationError("--history and --token-ids both say what is compared; give one of them")
    }
    for ids in tokenIds where !ids.hasPrefix("@") {
      do { _ = try TokenSequence.read(ids) } catch { throw ValidationError("--token-ids: \(error)") }
    }
  }

  func run() throws {
    let source = URL(fileURLWithPath: model)
    let stored = try PretrainedModel.read(source).stored
    if stored.configuration.labels != nil { throw ModelDirectoryError.labels(path: source.path) }
    if output == nil, stored.configuration.architecture == .model {
      throw ValidationError(
        "\(model) has no head that names tokens, so Hugging Face gives no logits of it; give --output DIR for a copy with "
          + "a fresh one")
    }
    let (parity, exported) =
      tokenIds.isEmpty && stored.tokenizer != nil ? try byHistories() : try byIDs(stored)
    if let output { try Folders.make(for: output) }
    let target = output.map { URL(fileURLWithPath: $0) } ?? source
    if output == nil {
      try ModelDirectory.amend(source) { try parity.write(to: $0) }
    } else {
      try ModelDirectory.checkWritable(target, orExport: true)
      try DurableDirectory.replace(target) { folder in
        try exported.write(to: folder)
        try parity.write(to: folder)
      }
    }
    let architecture = exported.configuration.architecture.rawValue
    if json {
      try print(
        JSONText.of(
          Written(
            directory: target.path, architecture: architecture, histories: parity.cases.count,
            check: "\(target.path)/check.py")))
      return
    }
    if silence.quiet { return }
    try print("\(target.path): \(architecture) with \(Counted(parity.cases.count, "history")) to compare")
    try print("python \(target.path)/check.py compares them, where torch and transformers are installed")
  }

  private func byHistories() throws -> (ParityFile, HuggingFaceModel) {
    let loaded = try ModelDirectory.load(model, workers: Workers(threads: 1), Progress(.quiet, notes: !silence.quiet))
    let parity = ParityFile(loaded.model, tokenizer: loaded.tokenizer, histories: try histories(loaded))
    return (parity, loaded.model.huggingFace(tokenizer: loaded.tokenizer))
  }

  /// Without a vocabulary, only ids count.
  private func byIDs(_ stored: HuggingFaceModel) throws -> (ParityFile, HuggingFaceModel) {
    var sequences = try tokenIds.flatMap { try TokenSequence.read($0) }
    if sequences.isEmpty { sequences = TokenSequence.drawn(for: stored.configuration.encoder) }
    for sequence in sequences {
      if let fault = sequence.fault(in: stored.configuration.encoder) { throw fault }
    }
    return (ParityFile(stored, sequences: sequences), stored.withHeads())
  }

  private func histories(_ loaded: ModelDirectory.Loaded) throws -> [ArraySlice<ItemID>] {
    if history.isEmpty { return ParityFile.drawnHistories(for: loaded.model) }
    return try history.map { text in
      try text.split(separator: ",").map { name in
        guard let item = loaded.items.index(of: String(name)) else {
          throw ValidationError("--history: the model knows no item “\(name)”")
        }
        return ItemID(item)
      }[...]
    }
  }
}
