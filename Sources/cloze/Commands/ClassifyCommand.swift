import ArgumentParser
import DurableFiles
import Foundation
import Interactions
import ModelFiles
import NeuralNetwork
import Recommending
import SequentialModels
import Training

/// `cloze classify`: the labels of users or of lines.
struct ClassifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify",
    abstract: "Label users by their histories, or lines of text.",
    discussion: """
      Reads a classifier or a regressor that `cloze train --labels` made, or a BertForSequenceClassification of Hugging \
      Face's. Each user of the log, or each line, gets the most probable label and its probability, or the predicted \
      number. With --labels the predictions are compared with what is known, and the figures are printed instead.
      """)

  @Argument(help: "The model directory.", completion: .directory)
  var model: String
  @Option(
    name: [.customLong("store"), .customLong("log")],
    help: ArgumentHelp("The store or log file whose users are labeled.", valueName: "log"), completion: .file())
  var log: String?
  @OptionGroup var known: LabelOptions
  @OptionGroup var sources: SourceOptions
  @Option(
    help: ArgumentHelp("The file to write, .csv or .jsonl; standard output if not given.", valueName: "file"),
    completion: .file())
  var output: String?
  @Flag(
    help: """
      Print JSON: a line per sequence with the probabilities of all labels, the figures of --labels, or what was \
      written to --output.
      """)
  var json = false
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var reporting: ProgressOptions

  func validate() throws {
    if (log == nil) == (known.lines == nil) {
      throw ValidationError("the sequences are the users of --log, or --lines; give one of them")
    }
    if let output {
      if known.labels != nil {
        throw ValidationError("--labels prints figures in place of predictions; leave --output out, or --labels")
      }
      let ending = URL(fileURLWithPath: output).pathExtension.lowercased()
      if !["csv", "jsonl"].contains(ending) {
        throw ValidationError("--output \(output): expected a name that ends in .csv or .jsonl")
      }
      try Folders.requireApart(
        [("--output", output)], from: [("the log", log), ("the lines", known.lines)], model: model)
    }
  }

  func run() throws {
    let progress = reporting.start()
    let loaded = try ClassifierDirectory.load(URL(fileURLWithPath: model), workers: threads.workers)
    if !loaded.isVerified { progress.note(ModelDirectory.unverified(model)) }
    let source: LabeledSource
    if let lines = known.lines {
      source = .lines(try TokenLines(URL(fileURLWithPath: lines)))
    } else {
      let log = log ?? ""
      let settings = loaded.card?.provenance?.settings
      source = .log(try sources.load(log, preparedAs: settings, at: model, progress).log, name: log)
    }
    let file = try known.file()
    let matches = try file.map { try source.matches($0) }
    let indices = matches?.map(\.index) ?? Array(0..<source.count)
    let sequences = indices.map {
      LabeledSequence(tokens: source.tokens($0, loaded.tokenizer, limit: loaded.classifier.tokenLimit))
    }
    let empty = sequences.count { $0.tokens.isEmpty }
    if empty > 0 {
      progress.note(
        "\(empty) of \(Counted(sequences.count, "sequence")) \(Counted.verb(empty, "has", "have")) nothing that the model knows; it answers to [CLS] [SEP]"
      )
    }
    let outputs = loaded.classifier.logits(of: sequences)
    progress.finish()
    if let file, let matches { return try printFigures(loaded, file, rows: matches.map(\.row), outputs) }
    let isJSON = output.map { $0.lowercased().hasSuffix(".jsonl") } ?? json
    let text = try text(source, indices, loaded.labels, outputs, isJSON: isJSON)
    guard let output else { return try print(text, terminator: "") }
    try Folders.make(for: output)
    try DurableFile.write(text, to: URL(fileURLWithPath: output))
    if json { try print(JSONText.of(Written(file: output, rows: sequences.count))) }
    progress.note("\(output): \(Counted(sequences.count, source.idName))")
  }

  /// Compares the predictions with the labels of `file`.
  private func printFigures(
    _ loaded: ClassifierDirectory.Loaded, _ file: LabelFile, rows: [Int], _ outputs: [[Float]]
  ) throws {
    let targets = try file.targets(of: rows, as: loaded.labels, model: model)
    let figures = ClassifierFigures(loaded.labels.task, outputs: outputs, targets: targets)
    try print(json ? JSONText.of(figures) : LabelFigures.text(figures))
  }

  /// What `--json` prints of a file.
  private struct Written: Encodable {
    var file: String
    var rows: Int
  }

  /// A line of JSON.
  private struct Line: Encodable {
    var user: String?
    var line: Int?
    var label: String?
    var probability: Double?
    var probabilities: [String: Double]?
    var value: Double?
  }

  private func text(
    _ source: LabeledSource, _ indices: [Int], _ labels: SequenceLabels, _ outputs: [[Float]], isJSON: Bool
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var text = ""
    if !isJSON {
      text = labels.task == .regression ? "\(source.idName),value\n" : "\(source.idName),label,probability\n"
    }
    for (index, output) in zip(indices, outputs) {
      let id = source.id(index).text
      var line = source.idName == "user" ? Line(user: id) : Line(line: Int(id))
      if labels.task == .regression {
        line.value = Double(output[0])
        if !isJSON { text += "\(CSVField.quote(id)),\(output[0])\n" }
      } else {
        let (label, shares) = labels.mostProbable(output)
        let probability = shares.max() ?? 0
        (line.label, line.probability) = (label, probability)
        line.probabilities = Dictionary(uniqueKeysWithValues: zip(labels.names, shares))
        if !isJSON { text += "\(CSVField.quote(id)),\(CSVField.quote(label)),\(Float(probability))\n" }
      }
      if isJSON { text += String(decoding: try encoder.encode(line), as: UTF8.self) + "\n" }
    }
    return text
  }
}
