import ClozeServer
import DurableFiles
import Foundation
import Interactions
import Kernels
import ModelFiles
import SequentialModels
import Training

/// Models that read text, vocabularies, token ids, keys, and outputs that were cut short.
let textSubjects: [Subject] =
  ["config.json", "vocab.txt", "tokenizer.json", "tokenizer_config.json", "model.safetensors"].flatMap { name in
    let shape: FileShape = name.hasSuffix(".json") ? .json : name.hasSuffix(".txt") ? .lines : .safetensors
    var sealed = Subject(name: "words/\(name), sums put right", file: "words/\(name)", shape: shape, weight: 6) {
      try encode($0, "words")
    }
    sealed.isSealed = true
    return [
      Subject(name: "words/\(name)", file: "words/\(name)", shape: shape, promise: .refused, weight: 3) {
        try encode($0, "words")
      }, sealed,
    ]
  }
  + [
    Subject(name: "vocabulary", file: "words.txt", shape: .lines, weight: 15) { folder in
      let lines = try TokenLines(folder.appendingPathComponent("text.txt"))
      let source = try PretrainingSource(
        training: lines, validation: lines, vocabulary: folder.appendingPathComponent("words.txt"), tokens: .wordpiece,
        lowercases: true)
      return "\(source.tokenizer.vocabulary.tokens) \(lines.lines.prefix(5).map { source.tokenizer.encode($0).ids })"
    },
    Subject(name: "text.txt, word pieces", file: "text.txt", shape: .lines, weight: 8) { folder in
      let lines = try TokenLines(folder.appendingPathComponent("text.txt"))
      return
        "\(WordPieceTrainer(size: 60, minimumFrequency: 1, basic: BasicTokenizer(lowercases: true)).tokens(of: lines.lines))"
    },
    Subject(name: "token ids", file: "ids.jsonl", shape: .json, weight: 8) { folder in
      let stored = try PretrainedModel.read(folder.appendingPathComponent("hf"))
      let sequences = try TokenSequence.read("@\(folder.path)/ids.jsonl")
      for sequence in sequences {
        if let fault = sequence.fault(in: stored.configuration) { throw fault }
      }
      return "\(sequences)"
    },
    Subject(
      name: "lists so far", file: ".grown.csv.growing", shape: .lines, promise: .same, weight: 6, read: resumeLists),
    Subject(
      name: "lists so far, journal", file: ".grown.csv.journal", shape: .json, promise: .same, weight: 6,
      read: resumeLists),
    Subject(name: "keys.txt", file: "keys.txt", shape: .lines, weight: 4) { folder in
      "\(try APIKeys(file: folder.appendingPathComponent("keys.txt").path))"
    },
  ]

private struct BegunAnew: Error, CustomStringConvertible {
  let description = "nothing is left to resume"
}

/// Resumes an output that was cut short, in a folder of its own, and ends it.
@Sendable private func resumeLists(_ folder: URL) throws -> String {
  let scratch = folder.appendingPathComponent("lists")
  try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: scratch) }
  for part in [".grown.csv.growing", ".grown.csv.journal"] {
    try FileManager.default.copyItem(
      at: folder.appendingPathComponent(part), to: scratch.appendingPathComponent(part))
  }
  let url = scratch.appendingPathComponent("grown.csv")
  let file = try ResumableFile(url, request: "lists of some users", resuming: true)
  let done = file.done
  if done == 0 { throw BegunAnew() }
  try file.finish()
  return "\(done) \(try String(contentsOf: url, encoding: .utf8))"
}

/// The vectors of some texts.
private func encode(_ folder: URL, _ name: String) throws -> String {
  let encoder = try TextEncoder(
    folder.appendingPathComponent(name), pooling: .mean, workers: Workers(threads: 1))
  let texts = ["Some words about a red thing, 3 of 3.", "Grün", "", "ein İstanbul\u{301} 東京"]
  return "\(encoder.fingerprint) \(encoder.vectors(of: texts).values)"
}
