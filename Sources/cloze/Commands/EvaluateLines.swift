import ArgumentParser
import DurableFiles
import Evaluation
import Foundation
import ModelFiles
import NeuralNetwork
import SequentialModels
import Training

/// Lines of tokens or text on which a model fills masks, in place of a log.
struct LineOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Fill masks in the lines of this file, as `cloze pretrain` reads them, in place of a log.", valueName: "file"),
    completion: .file())
  var lines: String?
  @Option(
    help: ArgumentHelp(
      "The share of tokens of --lines that is masked; 0.15 of text, 0.3 of items if not given.", valueName: "share"))
  var maskRate: Double?

  func validate() throws {
    if maskRate != nil && lines == nil { throw ValidationError("--mask-rate is for --lines; give the file, too") }
    if let maskRate, !(maskRate > 0 && maskRate < 1) {
      throw ValidationError("--mask-rate \(maskRate): expected a share between 0 and 1")
    }
  }
}

extension EvaluateCommand {
  /// What `--json` prints of lines.
  private struct MaskedReport: Encodable {
    let file: String
    let lines: TokenCorpus.Account
    let maskRate: Double
    let results: [MeasuredValue]
  }

  /// Masks tokens of the file's lines, the same ones every time, and says how well the model at `directory` names them.
  func evaluateLines(_ path: String, modelAt directory: String) throws {
    let progress = reporting.start()
    let loaded = try ModelDirectory.load(directory, workers: threads.workers, progress)
    let isText = if case .wordPiece = loaded.tokenizer.kind { true } else { false }
    let encoder = loaded.model.network.configuration
    let lines = try TokenLines(URL(fileURLWithPath: path))
    let hasPairs = encoder.nextSegmentHead && lines.hasDocuments
    if encoder.nextSegmentHead && !hasPairs {
      progress.note("\(path): no blank lines stand between documents, so next sentences are not evaluated")
    }
    let corpus = try TokenCorpus(
      lines, tokenizer: loaded.tokenizer, positions: encoder.itemLimit,
      frame: hasPairs ? .pair : !isText ? .none : encoder.leadsWithCLS ? .separator : .both)
    let account = corpus.account
    progress.note(
      "\(path): \(Counted(account.lines, "line")), \(account.short) of them too short, \(Counted(account.sequences, "sequence")) of "
        + "\(Counted(account.tokens, "token")), \(account.unknown) of them unknown")
    let masking = MaskedItems(probability: lineOptions.maskRate ?? (isText ? 0.15 : 0.3))
    let results = MaskedTokenValidator(corpus, masking: masking, workers: threads.workers).measure(loaded.model)
    progress.finish()
    if json {
      try print(
        RecordFile.text(
          MaskedReport(file: path, lines: account, maskRate: masking.probability, results: results)), terminator: "")
      return
    }
    var table = TextTable([.text("figure"), .number("value")])
    for result in results { table.append([result.key.description, String(format: "%.4f", result.value)]) }
    try print(table.text)
    try print(
      "\(FigureShare.percent(masking.probability)) of the tokens chosen, of these 80 % masked, 10 % replaced, 10 % kept, the "
        + "same ones every time; loss in nats per chosen token")
  }
}

private enum FigureShare {
  static func percent(_ share: Double) -> String { "\((share * 1_000).rounded() / 10) %" }
}
