import DurableFiles
import Foundation
import Kernels
import NeuralNetwork

/// Token ids that go into a model as they are, in the words of `parity.json`.
package struct TokenSequence: Codable, Sendable, Equatable {
  /// `[length]` special tokens included.
  package var token_ids: [Int]
  /// `[length]` the segment of each token; all 0 if nil.
  package var segments: [Int]?
  /// The place whose logits are wanted, from 0; the last if nil.
  package var position: Int?

  package init(_ ids: [Int], segments: [Int]? = nil, position: Int? = nil) {
    (token_ids, self.segments, self.position) = (ids, segments, position)
  }

  /// Those of an argument: ids between commas, or `@FILE` with a line of JSON for each sequence.
  ///
  /// - Throws: `TokenSequenceError`.
  package static func read(_ argument: String) throws(TokenSequenceError) -> [TokenSequence] {
    guard argument.hasPrefix("@") else {
      var ids: [Int] = []
      for text in argument.split(separator: ",", omittingEmptySubsequences: false) {
        guard let id = Int(text.trimmingPrefix(" ")) else { throw .notAnID("\(text)") }
        ids.append(id)
      }
      return [TokenSequence(ids)]
    }
    let file = String(argument.dropFirst())
    let text: String
    do {
      text = try String(contentsOf: URL(fileURLWithPath: file), encoding: .utf8)
    } catch {
      throw .unreadable(file: file, reason: FileReason.of(error))
    }
    var sequences: [TokenSequence] = []
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() where !line.isEmpty
    {
      guard let sequence = try? JSONDecoder().decode(TokenSequence.self, from: Data(line.utf8)) else {
        throw .line(file: file, line: number + 1)
      }
      sequences.append(sequence)
    }
    if sequences.isEmpty { throw .unreadable(file: file, reason: "it is empty") }
    return sequences
  }

  /// Why a model of these sizes cannot read it; nil where it can.
  package func fault(in encoder: EncoderConfiguration) -> TokenSequenceError? {
    if token_ids.isEmpty || token_ids.count > encoder.positions {
      return .length(token_ids.count, positions: encoder.positions)
    }
    if let id = token_ids.first(where: { !(0..<encoder.vocabularySize).contains($0) }) {
      return .outside("token id", id, count: encoder.vocabularySize)
    }
    if let position, !token_ids.indices.contains(position) {
      return .outside("position", position, count: token_ids.count)
    }
    guard let segments else { return nil }
    if segments.count != token_ids.count { return .segments(segments.count, tokens: token_ids.count) }
    return segments.first { !(0..<encoder.segments).contains($0) }.map {
      .outside("segment", $0, count: encoder.segments)
    }
  }

  /// Sequences of five lengths up to the longest, of ids drawn from all, and where there are two segments a pair.
  package static func drawn(for encoder: EncoderConfiguration) -> [TokenSequence] {
    let random = CounterRandom(seed: 1, .parity)
    let lengths = Set([1, 2, 5, 20, encoder.positions].map { min($0, encoder.positions) }).sorted()
    func ids(_ length: Int) -> [Int] {
      (0..<length).map { random.below(encoder.vocabularySize, UInt64(length << 32 + $0)) }
    }
    let pair = TokenSequence(
      ids(min(9, encoder.positions)), segments: (0..<min(9, encoder.positions)).map { $0 < 4 ? 0 : 1 }, position: 0)
    return lengths.map { TokenSequence(ids($0)) } + (encoder.segments > 1 ? [pair] : [])
  }
}

/// Token ids that a model cannot read.
package enum TokenSequenceError: Error, CustomStringConvertible, Equatable {
  case notAnID(String)
  case unreadable(file: String, reason: String)
  case line(file: String, line: Int)
  case length(Int, positions: Int)
  case outside(String, Int, count: Int)
  case segments(Int, tokens: Int)

  package var description: String {
    switch self {
    case .notAnID(let text): "“\(text)” is no token id; write whole numbers, as in 101,7592,103,102, or @FILE"
    case .unreadable(let file, let reason): "cannot read the token ids of \(file): \(reason)"
    case .line(let file, let line):
      "\(file), line \(line): expected {\"token_ids\": [101, 103, 102]}, with \"segments\" and \"position\" where they are wanted"
    case .length(let count, let positions): "\(count) token ids in a sequence; the model reads 1 to \(positions)"
    case .outside(let what, let value, let count): "the \(what) \(value) is none of 0 to \(count - 1)"
    case .segments(let count, let tokens): "\(count) segments for \(tokens) token ids; give one for each"
    }
  }
}
