import Foundation
import Interactions
import Kernels
import ModelFiles
import NeuralNetwork
import SequentialModels

/// Sequences that may have labels: histories of users, or lines of text.
package enum LabeledSource: Sendable {
  /// - name: what messages call the log.
  case log(InteractionLog, name: String)
  case lines(TokenLines)

  /// What messages call it.
  package var name: String {
    switch self {
    case .log(_, let name): name
    case .lines(let lines): lines.path
    }
  }

  /// What covers 95 % of the histories, `[CLS]` and `[SEP]` included; nil for lines.
  package var commonLength: Int? {
    if case .log(let log, _) = self { LogShape(log).commonLength.map { $0 + 2 } ?? 22 } else { nil }
  }

  /// What a row of results begins with.
  package var idName: String { if case .log = self { "user" } else { "line" } }

  package var count: Int {
    switch self {
    case .log(let log, _): log.userCount
    case .lines(let lines): lines.lines.count
    }
  }

  /// The user's id, or the number of the line from 1.
  package func id(_ index: Int) -> Identifier {
    switch self {
    case .log(let log, _): log.users[index]
    case .lines: Identifier("\(index + 1)")
    }
  }

  private func index(of id: Identifier) -> Int? {
    switch self {
    case .log(let log, _): return log.users.index(of: id)
    case .lines(let lines):
      guard let number = Int(id.text), (1...max(1, lines.lines.count)).contains(number) else { return nil }
      return number - 1
    }
  }

  /// The sequences that `labels` names, in its order, and which of its rows they are.
  ///
  /// - Throws: `LabelError.unknownIDs` where it names hardly any.
  package func matches(_ labels: LabelFile) throws(LabelError) -> [(row: Int, index: Int)] {
    var found: [(row: Int, index: Int)] = []
    for (row, label) in labels.rows.enumerated() {
      if let index = index(of: label.id) { found.append((row, index)) }
    }
    if found.count * 2 < labels.rows.count {
      let known = Set(found.map(\.row))
      let example = labels.rows.indices.first { !known.contains($0) } ?? 0
      throw .unknownIDs(
        file: labels.file, log: name, known: found.count, rows: labels.rows.count, example: labels.rows[example].id.text
      )
    }
    return found
  }

  /// The tokens of a sequence, `limit` of them at most: the last items of a history, the first words of a line.
  ///
  /// Items that the vocabulary lacks are left out; what a line has of them is the unknown token.
  package func tokens(_ index: Int, _ tokenizer: Tokenizer, limit: Int) -> [Int32] {
    switch self {
    case .log(let log, _):
      Self.tokens(of: log.history(of: UserID(index)).lazy.map { log.items[$0.index].text }, tokenizer, limit: limit)
    case .lines(let lines): Array(tokenizer.encode(lines.lines[index]).ids.prefix(limit))
    }
  }

  /// The tokens of a history, oldest item first: the last `limit` of those that the vocabulary has.
  package static func tokens(of history: some Sequence<String>, _ tokenizer: Tokenizer, limit: Int) -> [Int32] {
    history.compactMap { tokenizer.vocabulary.id(of: $0) }.suffix(limit).map { Int32($0) }
  }
}

/// Which part of the labels a sequence belongs to: by a hash of its id, so that it does not depend on the file's order.
package enum LabelPart: Sendable, Equatable {
  case training, validation, test

  /// The part of each of `ids`, a tenth of each label for the test and for validation.
  ///
  /// - Parameter groups: the number of the label of each id; all the same for numbers that are predicted.
  package static func parts(of ids: [Identifier], groups: [Int]) -> [LabelPart] {
    let random = CounterRandom(seed: 0, .labels)
    let places = ids.map { id in
      // FNV-1a
      random.bits(id.text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
    }
    var parts = [LabelPart](repeating: .training, count: ids.count)
    for members in Dictionary(grouping: ids.indices, by: { groups[$0] }).values {
      let order = members.sorted { (places[$0], $0) < (places[$1], $1) }
      let tenth = (order.count + 5) / 10
      for index in order.prefix(tenth) { parts[index] = .test }
      for index in order.dropFirst(tenth).prefix(tenth) { parts[index] = .validation }
    }
    return parts
  }

  /// As a protocol says it.
  package static let sentence = "a tenth of each label for the test and a tenth for validation, by a hash of the ids"
}
