import DurableFiles
import Foundation
import Interactions
import Kernels
import ModelFiles
import NeuralNetwork
import SequentialModels
import TestSupport
import Testing

/// A model directory that is not as it was written is refused, wherever the damage is.
@Suite struct DamagedModelTests {
  let folder = TestFolder.url.appendingPathComponent("damaged-\(UUID().uuidString)")
  var url: URL { folder.appendingPathComponent("shop") }

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let vocabulary = ItemVocabulary(items: 3)
    let network = BERTNetwork(
      EncoderConfiguration(
        vocabularySize: vocabulary.size, hidden: 8, layers: 1, heads: 2, positions: 6, pooling: .attention))
    let model = BERT4Rec(
      network: network, parameters: network.initialParameters(seed: 1, deviation: 0.5), vocabulary: vocabulary,
      workers: Workers(threads: 1))
    try ModelDirectory.write(
      model, tokenizer: Tokenizer(Vocabulary(items: ["B00", "blue shoe", "ü"]), kind: .whitespace(escaped: true)),
      card: ModelCard(
        program: "test", configuration: network.configuration, logFingerprint: "f", split: "none", seed: 1),
      to: url, also: { try DurableFile.write("{}", to: $0.appendingPathComponent("record.json")) })
  }

  @discardableResult private func load() throws -> ModelDirectory.Loaded {
    try ModelDirectory.load(url, workers: Workers(threads: 1))
  }

  private func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  @Test func everyFlippedBitIsNoticed() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: url.path)
    #expect(names.count == 8, "\(names.sorted())")
    #expect(try load().isVerified)
    var random = SystemRandomNumberGenerator()
    for name in names {
      let whole = try Data(contentsOf: file(name))
      for _ in 0..<(name == "cloze.json" ? 200 : 40) {
        var damaged = whole
        let (byte, bit) = (Int.random(in: 0..<whole.count, using: &random), UInt8.random(in: 0..<8, using: &random))
        damaged[byte] ^= 1 << bit
        try damaged.write(to: file(name))
        #expect(throws: (any Error).self, "\(name), byte \(byte), bit \(bit)") { try load() }
      }
      try whole.write(to: file(name))
    }
    try load()
  }

  @Test func aFileThatIsMissingOrNoFileIsNamed() throws {
    let weights = file("model.safetensors")
    let whole = try Data(contentsOf: weights)
    try FileManager.default.removeItem(at: weights)
    #expect(throws: ChecksumError(path: weights.path, fault: .missing)) { try load() }
    try FileManager.default.createDirectory(at: weights, withIntermediateDirectories: false)
    #expect(throws: ChecksumError(path: weights.path, fault: .unreadable(reason: "it is not a file"))) { try load() }
    try FileManager.default.removeItem(at: weights)
    #expect(mkfifo(weights.path, 0o600) == 0)
    #expect(throws: ChecksumError(path: weights.path, fault: .unreadable(reason: "it is not a file"))) { try load() }
    try FileManager.default.removeItem(at: weights)
    try whole.dropLast().write(to: weights)
    let error = #expect(throws: ChecksumError(path: weights.path, fault: .changed)) { try load() }
    #expect(
      try #require(error).description
        == "\(weights.path) is not as it was written (its checksum is another), so nothing in its directory is used; "
        + "take the directory from a place where it is whole")
  }

  @Test func aUsersOwnFilesAreNotPartOfTheSums() throws {
    try DurableFile.write("mine", to: file("notes.txt"))
    try DurableFile.write("# A model, and my words on it", to: file("README.md"))
    #expect(try load().isVerified)
  }

  @Test func whatIsAddedLaterHasSumsAsWell() throws {
    try ModelDirectory.amend(url) { try DurableFile.write("{ }", to: $0.appendingPathComponent("record.json")) }
    #expect(try load().isVerified)
    #expect(try String(contentsOf: file("record.json"), encoding: .utf8) == "{ }")
    try DurableFile.write("{}", to: file("record.json"))
    #expect(throws: ChecksumError(path: file("record.json").path, fault: .changed)) { try load() }
  }

  @Test func aDirectoryOfVersionOneIsReadUnverified() throws {
    let card = file("cloze.json")
    var object = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: card)) as? [String: Any])
    object["checksums"] = nil
    object["format"] = 1
    try JSONSerialization.data(withJSONObject: object).write(to: card)
    #expect(try !load().isVerified)
    object["format"] = 2
    try JSONSerialization.data(withJSONObject: object).write(to: card)
    #expect(throws: ChecksumError(path: card.path, fault: .changed)) { try load() }
    object["format"] = 1
    var configuration = try #require(object["configuration"] as? [String: Any])
    configuration["inner"] = 16
    object["configuration"] = configuration
    try JSONSerialization.data(withJSONObject: object).write(to: card)
    #expect(
      throws: ModelDirectoryError.sizes(path: card.path, key: "configuration.inner", found: 16, expected: 32)
    ) { try load() }
    try FileManager.default.removeItem(at: card)
    #expect(try !load().isVerified)
  }
}
