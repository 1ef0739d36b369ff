/// What the user of the program may say about a log; everything left out is recognized.
package struct ReadingOptions: Codable, Sendable, Equatable {
  /// What becomes of words for "missing" where an id should stand.
  package enum Missing: String, Codable, CaseIterable, Sendable {
    /// They are no ids.
    case words
    /// They are ids; only nothing at all is missing.
    case none
  }

  /// What is done to ids before they are compared.
  package enum IDs: String, Codable, CaseIterable, Sendable {
    case asWritten = "as-written"
    /// `20.0` is `20`.
    case trimDecimal = "trim-decimal"
  }

  /// nil: recognized from the sample, as everything that is nil here.
  package var format: LogFormat?
  package var columns: ColumnSelection
  /// The table of an SQLite database; nil: the only one it has.
  package var table: String?
  /// The greatest share of bad rows that a log may have, from 0 to 1.
  package var maximumBadShare: Double
  package var hasHeader: Bool?
  package var separator: Separator?
  package var quoting: Quoting?
  package var decimal: DecimalMark?
  /// The form of the times.
  package var timeForm: TimeForm?
  package var missing = Missing.words
  package var ids = IDs.asWritten
  package var filter = EventFilter()

  package init(
    format: LogFormat? = nil, columns: ColumnSelection = .init(), table: String? = nil, maximumBadShare: Double = 0.01
  ) {
    self.format = format
    self.columns = columns
    self.table = table
    self.maximumBadShare = maximumBadShare
  }
}

/// A value that is written as one text, as the command line takes it.
///
/// Not `RawRepresentable`, which would compare and hash such values by their texts.
package protocol CodableAsText: Codable {
  init?(rawValue: String)
  var rawValue: String { get }
}

extension CodableAsText {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = Self(rawValue: text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\"\(text)\" is no \(Self.self)")
    }
    self = value
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}
