/// Text → ids, with a vocabulary and one of two ways of finding its tokens.
package struct Tokenizer: Sendable {
  /// How a line falls into tokens.
  package enum Kind: Sendable, Equatable {
    /// Tokens stand between blanks; `escaped` where they are item ids written by `ItemEscaping`.
    case whitespace(escaped: Bool)
    /// Text, by the rules of BERT.
    case wordPiece(BasicTokenizer)
  }

  /// The tokens of one line.
  package struct Line: Sendable, Equatable {
    package var ids: [Int32] = []
    /// `[ids]` the number of the word each piece belongs to, from 0: pieces of one word are masked together.
    package var words: [Int32] = []
  }

  package let vocabulary: Vocabulary
  package let kind: Kind
  private let wordPiece: WordPiece?
  private let specials: [(text: [UInt8], id: Int32)]
  private let openings: Set<UInt8>

  package init(_ vocabulary: Vocabulary, kind: Kind) {
    self.vocabulary = vocabulary
    self.kind = kind
    wordPiece = if case .wordPiece = kind { WordPiece(vocabulary) } else { nil }
    specials = vocabulary.specials.ids.map { (Array(vocabulary.tokens[$0].utf8), Int32($0)) }
    openings = Set(specials.compactMap(\.text.first))
  }

  /// The tokens of `line` without anything added around them; what the vocabulary lacks becomes the unknown token.
  ///
  /// A special token written out in the line, such as `[SEP]`, is that token.
  package func encode(_ line: String) -> Line {
    var result = Line()
    var word: Int32 = 0
    func append(_ ids: [Int32]) {
      result.ids += ids
      result.words += repeatElement(word, count: ids.count)
      word += 1
    }
    for part in splitAtSpecials(line) {
      switch (part, kind) {
      case (.special(let id), _):
        append([id])
      case (.text(let text), .whitespace(let escaped)):
        for token in text.unicodeScalars.split(whereSeparator: \.properties.isWhitespace) {
          let id = vocabulary.id(of: escaped ? ItemEscaping.unescape(String(token)) : String(token))
          append([Int32(id ?? vocabulary.specials.unknown)])
        }
      case (.text(let text), .wordPiece(let basic)):
        for word in basic.words(of: text) { append(wordPiece?.pieces(of: word) ?? []) }
      }
    }
    return result
  }

  private enum Part {
    case text(Substring)
    case special(Int32)
  }

  /// `line` cut before and after every special token that is written out in it.
  private func splitAtSpecials(_ line: String) -> [Part] {
    var parts: [Part] = []
    let bytes = line.utf8
    var start = bytes.startIndex
    var index = start
    while index < bytes.endIndex {
      if openings.contains(bytes[index]), let special = specials.first(where: { bytes[index...].starts(with: $0.text) })
      {
        if start < index { parts.append(.text(line[start..<index])) }
        parts.append(.special(special.id))
        start = bytes.index(index, offsetBy: special.text.count)
        index = start
      } else {
        index = bytes.index(after: index)
      }
    }
    if start < bytes.endIndex { parts.append(.text(line[start...])) }
    return parts
  }
}
