import Interactions
import SequentialModels

/// Lines of tokens as a log that masked objectives learn from: sequences are users, tokens are items, words are groups.
///
/// A line longer than the encoder is cut into several sequences. The catalogs hold numbers: of the sequence, and of the
/// token in the vocabulary.
package struct TokenCorpus: Sendable {
  /// Where all lines went: `lines` = those with sequences + `short`.
  package struct Account: Codable, Sendable, Equatable {
    package var lines: Int
    /// Lines in which no two tokens can be masked; they are left out.
    package var short: Int
    package var sequences: Int
    /// Tokens in sequences, those added around them not counted.
    package var tokens: Int
    /// Of `tokens`, those that the vocabulary lacks.
    package var unknown: Int

    package init(lines: Int = 0, short: Int = 0, sequences: Int = 0, tokens: Int = 0, unknown: Int = 0) {
      self.lines = lines
      self.short = short
      self.sequences = sequences
      self.tokens = tokens
      self.unknown = unknown
    }
  }

  /// What is put around each sequence.
  package enum Frame: Sendable {
    case none
    /// `[SEP]` behind it; the reader of the corpus puts `[CLS]` before it.
    case separator
    /// `[CLS]` and `[SEP]`, as BERT was pretrained.
    case both
    /// None, but with room for the two `[SEP]` of a pair; sequences are sentences of one document.
    case pair

    var count: Int {
      switch self {
      case .none: 0
      case .separator: 1
      case .both, .pair: 2
      }
    }
  }

  /// Whether sequences are sentences of documents, to be paired.
  package var hasPairs: Bool { log.columns[.sentence] != nil }

  package let log: InteractionLog
  package let vocabulary: ItemVocabulary
  package private(set) var account = Account()

  /// - Parameters:
  ///   - positions: the longest sequence that the encoder takes, its frame included.
  /// - Throws: `TokenLinesError` where no line can be learned from.
  package init(
    _ file: TokenLines, tokenizer: Tokenizer, positions: Int, frame: Frame
  ) throws(TokenLinesError) {
    if frame == .pair {
      try self.init(pairsOf: file, tokenizer: tokenizer, capacity: positions - frame.count)
    } else {
      try self.init(linesOf: file, tokenizer: tokenizer, positions: positions, frame: frame)
    }
  }

  private init(
    linesOf file: TokenLines, tokenizer: Tokenizer, positions: Int, frame: Frame
  ) throws(TokenLinesError) {
    let specials = tokenizer.vocabulary.specials
    let tokens = tokenizer.vocabulary.itemIDs + specials.ids
    var items = [Int32](repeating: 0, count: tokenizer.vocabulary.count)
    for (item, token) in tokens.enumerated() { items[token] = Int32(item) }
    let capacity = positions - frame.count
    precondition(capacity >= 2, "\(positions) positions hold no two tokens")
    var offsets = [0]
    var events: [ItemID] = []
    var groups: [Int64] = []
    func append(_ token: Int, word: Int32) {
      events.append(ItemID(rawValue: items[token]))
      groups.append(Int64(word))
    }
    for text in file.lines {
      let line = tokenizer.encode(text)
      let before = account.sequences
      for start in stride(from: 0, to: line.ids.count, by: capacity) {
        let range = start..<min(start + capacity, line.ids.count)
        guard range.lazy.count(where: { !specials.ids.contains(Int(line.ids[$0])) }) > 1 else { continue }
        if frame == .both { append(specials.classification, word: -1) }
        for place in range { append(Int(line.ids[place]), word: line.words[place]) }
        if frame != .none { append(specials.separator, word: -2) }
        offsets.append(events.count)
        account.sequences += 1
        account.tokens += range.count
        account.unknown += range.lazy.count { line.ids[$0] == Int32(specials.unknown) }
      }
      account.lines += 1
      if account.sequences == before { account.short += 1 }
    }
    guard account.sequences > 0 else { throw .nothingToMask(path: file.path, lines: account.lines) }
    log = InteractionLog(
      users: Catalog((0..<account.sequences).map(String.init)), items: Catalog(tokens.map(String.init)),
      offsets: offsets, events: events, groups: groups)
    vocabulary = ItemVocabulary(
      tokens: tokens.map { Int32($0) }, specials: specials, size: tokenizer.vocabulary.count)
  }
}

extension TokenCorpus {
  /// Consecutive sentences (lines) of documents, which blank lines separate, as many as fit together; a sentence that takes
  /// more than half of the room is cut into several.
  private init(
    pairsOf file: TokenLines, tokenizer: Tokenizer, capacity: Int
  ) throws(TokenLinesError) {
    precondition(capacity >= 2, "room for \(capacity) tokens of two sentences")
    let specials = tokenizer.vocabulary.specials
    let tokens = tokenizer.vocabulary.itemIDs + specials.ids
    var items = [Int32](repeating: 0, count: tokenizer.vocabulary.count)
    for (item, token) in tokens.enumerated() { items[token] = Int32(item) }
    var (offsets, events, groups, sentences) = ([0], [ItemID](), [Int64](), [Int64]())
    var (document, sentence) = (Int64(0), Int64(0))
    var account = Account()
    func close() {
      if events.count == offsets.last { return }
      offsets.append(events.count)
      account.sequences += 1
    }
    for text in file.lines {
      if text.allSatisfy(\.isWhitespace) {
        close()
        if sentence > 0 { (document, sentence) = (document + 1, 0) }
        continue
      }
      account.lines += 1
      let line = tokenizer.encode(text)
      if line.ids.isEmpty { account.short += 1 }
      let most = max(1, capacity / 2)
      for start in stride(from: 0, to: line.ids.count, by: most) {
        let range = start..<min(start + most, line.ids.count)
        if events.count - offsets[offsets.count - 1] + range.count > capacity { close() }
        for place in range {
          events.append(ItemID(rawValue: items[Int(line.ids[place])]))
          groups.append(document << 40 + sentence << 20 + Int64(line.words[place]))
          sentences.append(document << 32 + sentence)
        }
        account.tokens += range.count
        account.unknown += range.lazy.count { line.ids[$0] == Int32(specials.unknown) }
        sentence += 1
      }
    }
    close()
    let documents = Set(sentences.map { $0 >> 32 }).count
    guard documents > 1 else { throw .oneDocument(path: file.path) }
    var columns = EventColumns(times: nil, groups: groups)
    columns[.sentence] = sentences
    log = InteractionLog(
      users: Catalog((0..<account.sequences).map(String.init)), items: Catalog(tokens.map(String.init)),
      offsets: offsets, events: events, columns: columns)
    vocabulary = ItemVocabulary(tokens: tokens.map { Int32($0) }, specials: specials, size: tokenizer.vocabulary.count)
    self.account = account
  }
}
