import DurableFiles
import Foundation
import Interactions
import Items
import Kernels
import NeuralNetwork
import SequentialModels

/// Turns texts into vectors by a BERT: the directory of a model that reads text, ours or Hugging Face's.
package struct TextEncoder: Sendable {
  /// What of the last block's states becomes the vector.
  package enum Pooling: String, Codable, Sendable, CaseIterable {
    /// The mean over all tokens, `[CLS]` and `[SEP]` included, as sentence-transformers has it.
    case mean
    /// The state of `[CLS]`.
    case cls
  }

  package let source: String
  package let pooling: Pooling
  /// Of the weights and the pooling: the same texts get the same vectors from encoders of one fingerprint.
  package let fingerprint: String
  private let network: BERTNetwork
  private let parameters: ParameterVector
  private let tokenizer: Tokenizer
  private let workers: Workers

  /// Tokens of a text that are read at most, those around it included.
  package static let longest = 256
  /// Rows up to which texts are encoded together.
  private static let rowsTogether = 1_024

  /// - Throws: `ModelDirectoryError`, `HuggingFaceError`, `SafetensorsError`; `TextEncoderError` where it reads no text.
  package init(_ url: URL, pooling: Pooling, workers: Workers) throws {
    let checkpoint = try PretrainedModel.read(url)
    tokenizer = try checkpoint.tokenizer()
    guard case .wordPiece = tokenizer.kind else { throw TextEncoderError.readsNoText(path: url.path) }
    let network = BERTNetwork(checkpoint.configuration)
    let parameters = try checkpoint.parameters(of: network, seed: 0)
    (self.network, self.parameters) = (network, parameters)
    self.pooling = pooling
    self.workers = workers
    source = url.path
    var hash = SHA256()
    hash.update(Array(pooling.rawValue.utf8))
    for tensor in network.layout.tensors where tensor.name.hasPrefix("bert.e") {
      parameters.flat(tensor.range).withSpan { hash.update($0.bytes) }
    }
    fingerprint = hash.hexadecimal()
  }

  package var width: Int { network.configuration.hidden }

  /// `[texts, width]`; the same on any number of threads.
  package func vectors(of texts: [String]) -> Matrix {
    let specials = tokenizer.vocabulary.specials
    let positions = min(Self.longest, network.configuration.positions)
    let lines = texts.map { text in
      [Int32(specials.classification)] + tokenizer.encode(text).ids.prefix(positions - 2)
        + [Int32(specials.separator)]
    }
    var cuts: [Range<Int>] = []
    var (start, filled) = (0, 0)
    for (index, line) in lines.enumerated() {
      if filled > 0, filled + line.count > Self.rowsTogether {
        cuts.append(start..<index)
        (start, filled) = (index, 0)
      }
      filled += line.count
    }
    if start < lines.count { cuts.append(start..<lines.count) }
    let vectors = Matrix(rows: texts.count, columns: width)
    let parts = cuts
    workers.run(parts.count) { encode(lines[parts[$0]], into: vectors.rows(parts[$0])) }
    return vectors
  }

  private func encode(_ lines: ArraySlice<[Int32]>, into vectors: Matrix) {
    var rows = PackedRows()
    for line in lines {
      for (position, token) in line.enumerated() {
        rows.append(token: token, position: position, prefixLength: line.count)
      }
      rows.endSequence()
    }
    let workspace = EncoderWorkspace(
      network.configuration, rows: rows.count, longestSequence: lines.map(\.count).max() ?? 0)
    let states = network.encoder.forward(
      rows, parameters: parameters, mode: .inference, rowBase: 0, workspace: workspace)
    for number in 0..<lines.count {
      let range = Int(rows.offsets[number])..<Int(rows.offsets[number + 1])
      let read = pooling == .cls ? range.prefix(1) : range
      for column in 0..<width {
        vectors[number, column] = read.reduce(Float(0)) { $0 + states[$1, column] } / Float(read.count)
      }
    }
  }
}

extension ItemVectors {
  /// The vectors of what `columns` of `table` say, joined, of the items that are wanted; an item without text has none.
  ///
  /// - Throws: `ItemError.unknownColumn`.
  package init(
    texts columns: [String], of table: ItemTable, by encoder: TextEncoder, for isWanted: (Identifier) -> Bool
  ) throws(ItemError) {
    let texts = try table.texts(columns)
    let rows = texts.indices.filter { !texts[$0].isEmpty && isWanted(table.ids[$0]) }
    self.init(
      source: encoder.source, ids: Catalog(rows.map { table.ids[$0] }),
      vectors: encoder.vectors(of: rows.map { texts[$0] }))
    text = ModelFeatures.TextSource(columns: columns, by: encoder)
  }
}

/// A directory that cannot turn texts into vectors.
package enum TextEncoderError: Error, CustomStringConvertible, Equatable {
  case readsNoText(path: String)
  case other(path: String, model: String)

  package var description: String {
    switch self {
    case .readsNoText(let path):
      "\(path) reads ids between blanks, not text; name the directory of a BERT that was pretrained on text"
    case .other(let path, let model):
      "\(path) holds other weights than those that the texts of \(model) were read by; name that directory by --text-encoder"
    }
  }
}
