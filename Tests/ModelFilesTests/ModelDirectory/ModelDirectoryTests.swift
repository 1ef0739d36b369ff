import Collectives
import DurableFiles
import Foundation
import Interactions
import Kernels
import NeuralNetwork
import ModelFiles
import SequentialModels
import Testing
import TestSupport

@Suite struct ModelDirectoryTests {
  let folder = TestFolder.url.appendingPathComponent("model-\(UUID().uuidString)")
  var url: URL { folder.appendingPathComponent("shop") }
  let items = ["B00", "blue shoe", "[MASK]", "ü"]

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  private func write(attention: EncoderConfiguration.AttentionSpan = .bidirectional, seed: UInt64 = 1) throws
    -> BERT4Rec
  {
    let vocabulary = ItemVocabulary(items: items.count)
    let network = BERTNetwork(
      EncoderConfiguration(
        vocabularySize: vocabulary.size, hidden: 8, layers: 1, heads: 2, positions: 6, attention: attention,
        pooling: .tail))
    let model = BERT4Rec(
      network: network, parameters: network.initialParameters(seed: seed, deviation: 0.5), vocabulary: vocabulary,
      workers: Workers(threads: 1))
    try ModelDirectory.write(
      model, tokenizer: Tokenizer(Vocabulary(items: items), kind: .whitespace(escaped: true)),
      card: ModelCard(
        program: "test", configuration: network.configuration, logFingerprint: "f", split: "none", seed: seed),
      to: url)
    return model
  }

  @Test(arguments: EncoderConfiguration.AttentionSpan.allCases)
  func comesBackAsItWas(attention: EncoderConfiguration.AttentionSpan) throws {
    let model = try write(attention: attention)
    let loaded = try ModelDirectory.load(url, workers: Workers(threads: 1))
    #expect(loaded.items == Catalog(items))
    #expect(loaded.model.network.configuration == model.network.configuration)
    #expect(loaded.model.parameters.all.values == model.parameters.all.values)
    #expect(loaded.card.logFingerprint == "f")
  }

  /// Each process has its rows of the table, zeros in the place of the others, and all of everything else.
  @Test(arguments: [1, 2, 4]) func isReadByRows(processes: Int) throws {
    let model = try write()
    let url = url
    let tables = ThreadProcesses.run(processes) { processes in
      let loaded = try! ModelDirectory.load(url, workers: Workers(threads: 1), spreadOver: processes)
      for tensor in model.network.layout.tensors where tensor != model.network.encoder.embeddings.token {
        #expect(loaded.model.parameters[tensor].values == model.parameters[tensor].values, "\(tensor.name)")
      }
      #expect(loaded.items == Catalog(items))
      return loaded.model.parameters[loaded.model.itemShards!.table].values
    }
    let table = model.parameters[model.network.encoder.embeddings.token].values
    for (index, value) in table.enumerated() {
      #expect(tables.map { $0[index] }.filter { $0 != 0 } == [value], "number \(index) of the table")
    }
    var bytes = try Data(contentsOf: url.appendingPathComponent("model.safetensors"))
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: url.appendingPathComponent("model.safetensors"))
    #expect(throws: ChecksumError.self) {
      try ModelDirectory.load(url, workers: Workers(threads: 1), spreadOver: OneProcess())
    }
  }

  @Test func aSecondModelReplacesTheFirstAndKeepsWhatIsNotOurs() throws {
    _ = try write()
    try DurableFile.write("mine", to: url.appendingPathComponent("notes.txt"))
    let second = try write(seed: 2)
    #expect(
      try ModelDirectory.load(url, workers: Workers(threads: 1)).model.parameters.all.values
        == second.parameters.all.values)
    #expect(FileManager.default.fileExists(atPath: url.appendingPathComponent("notes.txt").path))
  }

  @Test func saysWhatStandsInTheWay() throws {
    #expect(throws: ModelDirectoryError.missing(path: url.path)) {
      _ = try ModelDirectory.load(url, workers: Workers(threads: 1))
    }
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    try DurableFile.write("x", to: url.appendingPathComponent("thesis.tex"))
    #expect(throws: ModelDirectoryError.foreign(path: url.path)) { _ = try write() }
    #expect(throws: ModelDirectoryError.notADirectory(path: url.path + "/thesis.tex")) {
      try ModelDirectory.checkWritable(url.appendingPathComponent("thesis.tex"))
    }
    try ModelDirectory.checkRoom(url, parameters: 10)
    let error = #expect(throws: ModelDirectoryError.self) {
      try ModelDirectory.checkRoom(url, parameters: 1 << 58)
    }
    #expect(try #require(error).description.contains("takes 1.2 EB, but its disk has"))
  }
}
