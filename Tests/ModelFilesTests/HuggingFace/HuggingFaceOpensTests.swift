import Foundation
import Interactions
import NeuralNetwork
import ModelFiles
import SequentialModels
import Testing

/// Hugging Face itself, where a Python with transformers is named by `CLOZE_PYTHON`, opens what is written here.
@Suite(.enabled(if: HuggingFaceFixture.python != nil, "CLOZE_PYTHON names no Python with torch and transformers"))
struct HuggingFaceOpensTests {
  private let vocabulary = Vocabulary(items: HuggingFaceFixture.items)
  private let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../scripts/check-hugging-face").standardizedFileURL

  private func check(_ folders: URL...) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(HuggingFaceFixture.python))
    process.arguments = [script.path] + folders.map(\.path)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  /// The reference's own inputs at their last places, whose logits Hugging Face computed when it wrote the weights.
  private func parity() throws -> ParityFile {
    let file = try Safetensors.read(HuggingFaceFixture.preTraining.appendingPathComponent("reference.safetensors"))
    let (ids, types) = (try file.integers("input.ids"), try file.integers("input.types"))
    let (last, logits) = (try file.integers("tail.positions"), try file.floats("tail.logits"))
    let tokens = vocabulary.tokens.indices.map { id in
      vocabulary.isSpecial(id) ? vocabulary.tokens[id] : ItemEscaping.escape(vocabulary.tokens[id])
    }
    return ParityFile(
      cases: last.enumerated().map { row, position in
        let range = row * 16...row * 16 + Int(position)
        return ParityFile.Case(
          text: ids[range].map { tokens[Int($0)] }.joined(separator: " "), tokenIDs: ids[range].map(Int.init),
          segments: types[range].map(Int.init), position: Int(position), logitIDs: Array(0..<37),
          logits: Array(logits[row * 37..<(row + 1) * 37]))
      })
  }

  @Test func withoutAWarningAndWithTheSameLogits() throws {
    try HuggingFaceFixture.withFolder { folder in
      let folders = ["items", "both", "text", "causal"].map(folder.appendingPathComponent)
      let items = Tokenizer(vocabulary, kind: .whitespace(escaped: true))
      let text = Tokenizer(Vocabulary(items: (0..<32).map { "##\($0)" }), kind: .wordPiece(BasicTokenizer()))
      var model = try HuggingFaceModel.read(HuggingFaceFixture.maskedLM)
      model.tokenizer = items
      try model.write(to: folders[0])
      try parity().write(to: folders[0])
      model.tokenizer = text
      try model.write(to: folders[2])
      model = try HuggingFaceModel.read(HuggingFaceFixture.preTraining)
      model.tokenizer = items
      try model.write(to: folders[1])
      let histories: [ArraySlice<ItemID>] = [[3], [0, 1, 2, 2, 31], Array(0..<32)].map { $0.map { ItemID($0) }[...] }
      try ParityFile(HuggingFaceFixture.recommender(of: model), tokenizer: items, histories: histories)
        .write(to: folders[1])
      model.configuration.architecture = .causalLM
      try model.write(to: folders[3])
      try ParityFile(HuggingFaceFixture.recommender(of: model), tokenizer: items, histories: histories)
        .write(to: folders[3])
      let (status, output) = try check(folders[0], folders[1], folders[2], folders[3])
      #expect(status == 0, "\(output)")
      #expect(output.components(separatedBy: "opens without a warning").count == 5, "\(output)")
      #expect(output.components(separatedBy: "histories, largest difference of a logit").count == 4, "\(output)")
    }
  }

  @Test func andTheScriptSeesALogitThatDiffers() throws {
    var model = try HuggingFaceModel.read(HuggingFaceFixture.maskedLM)
    model.tokenizer = Tokenizer(vocabulary, kind: .whitespace(escaped: true))
    try HuggingFaceFixture.withFolder { folder in
      try model.write(to: folder)
      var parity = try parity()
      parity.cases[0].logits[0] += 0.01
      try parity.write(to: folder)
      let (status, output) = try check(folder)
      #expect(status != 0)
      #expect(output.contains("largest difference of a logit 1.0e-02"), "\(output)")
    }
  }
}
