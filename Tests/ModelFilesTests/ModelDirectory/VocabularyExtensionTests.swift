import Foundation
import Interactions
import Kernels
import NeuralNetwork
import ModelFiles
import SequentialModels
import TestSupport
import Testing

@Suite struct VocabularyExtensionTests {
  private let table = "bert.embeddings.word_embeddings.weight"
  private let bias = "cls.predictions.bias"
  private let known = (0..<32).map { "item\($0)" }

  private func model() throws -> HuggingFaceModel {
    var model = try HuggingFaceModel.read(HuggingFaceFixture.maskedLM)
    model.tokenizer = Tokenizer(Vocabulary(items: known), kind: .wordPiece(BasicTokenizer()))
    return model
  }

  @Test(arguments: VocabularyExtension.NewRows.allCases)
  func appendsWhatIsNewAndKeepsTheRest(newRows: VocabularyExtension.NewRows) throws {
    let before = try model()
    var after = before
    let log = InteractionLog(named: [["item3", "new b", "item0"], ["alone"], ["new b", "[MASK]"]])
    let report = try VocabularyExtension(newRows: newRows).apply(log, to: &after)
    #expect(report.known == 2)
    #expect(report.added == 3)
    #expect(report.drawn == (newRows == .neighbors ? 2 : 3), "without words rows are drawn")
    #expect(after.tokenizer?.vocabulary.tokens.suffix(3) == ["new b", "alone", "[MASK]"])
    #expect(after.tokenizer?.kind == .whitespace(escaped: true))
    #expect(after.configuration.encoder.vocabularySize == 40)
    #expect(after.tensors[table]?.shape == [40, 24])
    #expect(after.tensors[bias]?.shape == [40])
    let (old, new) = (before.tensors[table]!.values, after.tensors[table]!.values)
    #expect(new.prefix(37 * 24).elementsEqual(old) { $0.bitPattern == $1.bitPattern })
    #expect(after.tensors[bias]!.values == before.tensors[bias]!.values + [0, 0, 0])
    for name in before.tensors.keys where name != table && name != bias {
      #expect(after.tensors[name] == before.tensors[name])
    }
  }

  @Test func aRowOfWordsIsWhatALinearMapMakesOfThem() throws {
    var model = try model()
    // The rows of the known items are a line in their words; so is that of a new one, on the same line.
    let (base, slope) = ((0..<24).map { Float($0) * 0.01 }, (0..<24).map { Float(5 - $0) * 0.02 })
    for item in 0..<32 {
      for column in 0..<24 {
        model.tensors[table]!.values[(5 + item) * 24 + column] = base[column] + Float(item - 16) * slope[column]
      }
    }
    let names = known + ["new", "no item of the log"]
    let places = (0..<32).map { Float($0 - 16) } + [7.5, 3]
    let words = ItemVectors(
      source: "words", ids: Catalog(names), vectors: Matrix(rows: 34, columns: 2, places.flatMap { [$0, 2 - $0] }))
    let log = InteractionLog(named: [["item3", "new", "wordless"]])
    let report = try VocabularyExtension(newRows: .text).apply(log, to: &model, words: words)
    #expect(report.known == 1 && report.added == 2 && report.drawn == 1)
    let row = model.tensors[table]!.values[37 * 24..<38 * 24]
    for column in 0..<24 { #expect(abs(row[37 * 24 + column] - base[column] - 7.5 * slope[column]) < 1e-4) }
  }

  @Test func aNeighbourRowIsTheMeanOfWhatStandsNear() throws {
    var model = try model()
    let far = Array(repeating: "item9", count: 6)
    let log = InteractionLog(named: [["item1", "x", "item2", "x"], far.dropLast() + ["item4"] + ["x"], ["x"] + far])
    _ = try VocabularyExtension(newRows: .neighbors).apply(log, to: &model)
    let values = model.tensors[table]!.values
    func row(_ item: Int) -> ArraySlice<Float> { values[(5 + item) * 24..<(6 + item) * 24] }
    // Twice items 1 and 2, then item 4 and the four item 9 within reach, then five of the six that follow.
    for column in 0..<24 {
      let sum =
        2 * row(1)[row(1).startIndex + column] + 2 * row(2)[row(2).startIndex + column]
        + row(4)[row(4).startIndex + column] + 9 * row(9)[row(9).startIndex + column]
      #expect(abs(values[37 * 24 + column] - sum / 14) < 1e-6)
    }
  }

  @Test func aDrawnRowHasTheMeanAndSpreadOfItsColumns() throws {
    var model = try model()
    let items = (0..<4_000).map { "new\($0)" }
    _ = try VocabularyExtension(seed: 3).apply(InteractionLog(named: [items]), to: &model)
    let values = model.tensors[table]!.values.map(Double.init)
    func statistics(_ rows: Range<Int>, _ column: Int) -> (mean: Double, deviation: Double) {
      let column = rows.map { values[$0 * 24 + column] }
      let mean = column.reduce(0, +) / Double(rows.count)
      return (mean, (column.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(rows.count)).squareRoot())
    }
    for column in 0..<24 {
      let (old, new) = (statistics(5..<37, column), statistics(37..<4_037, column))
      #expect(abs(new.mean - old.mean) < 4 * old.deviation / 4_000.0.squareRoot())
      #expect(abs(new.deviation / old.deviation - 1) < 0.06)
    }
    var again = try self.model()
    _ = try VocabularyExtension(seed: 3).apply(InteractionLog(named: [items]), to: &again)
    #expect(again.tensors[table] == model.tensors[table])
  }

  @Test func needsAVocabulary() throws {
    var model = try HuggingFaceModel.read(HuggingFaceFixture.maskedLM)
    let error = #expect(throws: HuggingFaceError.self) {
      _ = try VocabularyExtension().apply(InteractionLog(named: [["a"]]), to: &model)
    }
    #expect(
      error?.description == "\(HuggingFaceFixture.maskedLM.path): has neither vocab.txt nor tokenizer.json, "
        + "so nothing says which item a row of the table is")
  }

  @Test func addsPositionsOnlyWhereThatIsAllowed() throws {
    let name = "bert.embeddings.position_embeddings.weight"
    let before = try model()
    var after = before
    try after.requirePositions(16, extends: false)
    #expect(after.tensors == before.tensors)
    let error = #expect(throws: HuggingFaceError.self) { try after.requirePositions(20, extends: false) }
    #expect(
      error?.description == "\(HuggingFaceFixture.maskedLM.path): has 16 positions where 20 are wanted; "
        + "set model.length to at most 16, or have new positions added")
    try after.requirePositions(20, extends: true)
    #expect(after.configuration.encoder.positions == 20)
    #expect(after.tensors[name]?.shape == [20, 24])
    #expect(after.tensors[name]?.values.prefix(16 * 24) == before.tensors[name]?.values[...])
  }
}
