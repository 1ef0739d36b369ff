import DurableFiles
import Foundation
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
  /// What its vectors are kept by: the fingerprint, and how texts are cut into tokens.
  let cacheKey: String
  private let network: BERTNetwork
  private let parameters: ParameterVector
  private let tokenizer: Tokenizer
  private let workers: Workers

  /// Tokens of a text that are read at most, those around it included.
  package static let longest = 256

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
    hash = SHA256()
    hash.update(Array("\(fingerprint) \(tokenizer.kind) \(Self.longest)".utf8))
    for token in tokenizer.vocabulary.tokens { hash.update(Array(token.utf8) + [0]) }
    cacheKey = hash.hexadecimal()
  }

  package var width: Int { network.configuration.hidden }

  /// `[texts, width]`; the same on any number of threads, and for a text whatever the others are.
  package func vectors(of texts: [String]) -> Matrix {
    let specials = tokenizer.vocabulary.specials
    let positions = min(Self.longest, network.configuration.positions)
    let vectors = Matrix(rows: texts.count, columns: width)
    // A few at a time, so that one workspace serves them.
    let share = 64
    workers.run((texts.count + share - 1) / share) { part in
      let range = part * share..<min(texts.count, (part + 1) * share)
      let lines = texts[range].map { text in
        [Int32(specials.classification)] + tokenizer.encode(text).ids.prefix(positions - 2)
          + [Int32(specials.separator)]
      }
      let longest = lines.map(\.count).max() ?? 0
      let workspace = EncoderWorkspace(network.configuration, rows: longest, longestSequence: longest)
      for (number, line) in zip(range, lines) { encode(line, workspace, into: vectors.rows(number..<number + 1)) }
    }
    return vectors
  }

  /// A pass of its own for each text: products of several at once round by how many rows they have.
  private func encode(_ line: [Int32], _ workspace: EncoderWorkspace, into vector: Matrix) {
    var rows = PackedRows()
    for (position, token) in line.enumerated() {
      rows.append(token: token, position: position, prefixLength: line.count)
    }
    rows.endSequence()
    let states = network.encoder.forward(
      rows, parameters: parameters, mode: .inference, rowBase: 0, workspace: workspace)
    let read = pooling == .cls ? 0..<1 : 0..<line.count
    for column in 0..<width {
      vector[0, column] = read.reduce(Float(0)) { $0 + states[$1, column] } / Float(read.count)
    }
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
