import Foundation

/// The first half of BERT's tokenizer: text → words, by blanks, punctuation and Chinese characters.
///
/// - Source: Devlin et al. 2018, arXiv:1810.04805; checked against Hugging Face's `BertTokenizer`, whose order is kept:
///   clean, separate Chinese characters, strip accents, lower-case.
package struct BasicTokenizer: Sendable, Equatable {
  package var lowercases: Bool
  /// Whether accents go; as published, they go where text is lower-cased.
  package var stripsAccents: Bool
  /// Whether each Chinese character is a word of its own.
  package var separatesChinese: Bool

  package init(lowercases: Bool = true, stripsAccents: Bool? = nil, separatesChinese: Bool = true) {
    self.lowercases = lowercases
    self.stripsAccents = stripsAccents ?? lowercases
    self.separatesChinese = separatesChinese
  }

  /// The words of `text`, each punctuation mark one of them.
  package func words(of text: some StringProtocol) -> [String] {
    var words: [String] = []
    var word = String.UnicodeScalarView()
    func close() {
      if !word.isEmpty { words.append(String(word)) }
      word = String.UnicodeScalarView()
    }
    for scalar in normalized(text) {
      if scalar.properties.isWhitespace {
        close()
      } else if Self.isPunctuation(scalar) {
        close()
        words.append(String(scalar))
      } else {
        word.append(scalar)
      }
    }
    close()
    return words
  }

  private func normalized(_ text: some StringProtocol) -> String.UnicodeScalarView {
    var cleaned = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if Self.isDropped(scalar) {
        continue
      } else if scalar.properties.isWhitespace {
        cleaned.append(" ")
      } else if separatesChinese, Self.isChinese(scalar) {
        cleaned.append(contentsOf: [" ", scalar, " "])
      } else {
        cleaned.append(scalar)
      }
    }
    if cleaned.allSatisfy(\.isASCII) { return lowercases ? String(cleaned).lowercased().unicodeScalars : cleaned }
    if stripsAccents {
      cleaned = String(cleaned).decomposedStringWithCanonicalMapping.unicodeScalars
      cleaned.removeAll { $0.properties.generalCategory == .nonspacingMark }
    }
    guard lowercases else { return cleaned }
    // Letter by letter: a sigma at the end of a word becomes σ, as Hugging Face has it.
    return String.UnicodeScalarView(cleaned.flatMap { $0.properties.lowercaseMapping.unicodeScalars })
  }

  /// Controls but for tabulator and line breaks, formats, private characters and U+FFFD.
  private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == "\t" || scalar == "\n" || scalar == "\r" { return false }
    return switch scalar.properties.generalCategory {
    case .control, .format, .privateUse: true
    default: scalar == "\u{FFFD}"
    }
  }

  /// ASCII's marks and symbols, and what Unicode calls punctuation.
  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 33...47, 58...64, 91...96, 123...126: return true
    case 0..<128: return false
    default: break
    }
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      return true
    default: return false
    }
  }

  /// The blocks of CJK ideographs (the last but two begins where Hugging Face's does); kana and hangul are left alone.
  private static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F, 0x2B920...0x2CEAF,
      0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}
