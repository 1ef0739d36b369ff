import DurableFiles
import Foundation

/// Reads and writes records as JSON with sorted keys, so that they compare line by line under version control.
package enum RecordFile {
  /// Replaces the record at `url`, or leaves it as it was.
  ///
  /// - Throws: `RecordError.notWritten` with the system's reason, or naming a figure that is not a finite number.
  package static func write(_ record: some Encodable, to url: URL) throws(RecordError) {
    do {
      try DurableFile.write(try data(record, for: url.path), to: url)
    } catch let error as RecordError {
      throw error
    } catch {
      throw .notWritten("\(error)")
    }
  }

  /// The record as `write` writes it, for stdout.
  package static func text(_ record: some Encodable) throws(RecordError) -> String {
    String(decoding: try data(record, for: "JSON"), as: UTF8.self)
  }

  private static func data(_ record: some Encodable, for destination: String) throws(RecordError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return try encoder.encode(record) + Data("\n".utf8)
    } catch let EncodingError.invalidValue(value, context) {
      throw .notWritten("\(destination): \(place(context.codingPath)) is \(value), which JSON cannot hold")
    } catch {
      throw .notWritten("\(error)")
    }
  }

  /// The record at `url`.
  ///
  /// - Throws: `RecordError` for a file that is missing, or is not such a record, naming the place in it.
  package static func read<Record: Decodable>(_ type: Record.Type, from url: URL) throws(RecordError) -> Record {
    let data: Data
    do {
      data = try Data(contentsOf: url)
    } catch CocoaError.fileReadNoSuchFile {
      throw .missing(url.path)
    } catch {
      throw .unreadable(path: url.path, reason: FileReason.of(error))
    }
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch let error as DecodingError {
      throw .notARecord(path: url.path, fault: Self.fault(error))
    } catch {
      throw .notARecord(path: url.path, fault: "\(error)")
    }
  }

  private static func fault(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context): "\(place(context.codingPath)) lacks “\(key.stringValue)”"
    case .typeMismatch(let type, let context): "\(place(context.codingPath)) is not a value of type \(type)"
    case .valueNotFound(let type, let context): "\(place(context.codingPath)) is null where \(type) was expected"
    // The JSON parser's own faults have no place; all others are of a type that refuses a value.
    case .dataCorrupted(let context)
    where context.codingPath.isEmpty && context.debugDescription.contains("valid JSON"):
      "the file is not valid JSON"
    case .dataCorrupted(let context): "\(place(context.codingPath)): \(context.debugDescription)"
    @unknown default: "\(error)"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    path.isEmpty ? "the file" : path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
  }
}

/// A record that could not be read or written.
package enum RecordError: Error, CustomStringConvertible, Equatable {
  case missing(String)
  case unreadable(path: String, reason: String)
  case notARecord(path: String, fault: String)
  /// The model directory in which it stands is not as it was written.
  case damaged(String)
  case notWritten(String)

  package var description: String {
    switch self {
    case .missing(let path):
      "there is no record at \(path); `cloze train`, `cloze compare` and `cloze evaluate --ranks` write them"
    case .unreadable(let path, let reason): "the record \(path) cannot be read: \(reason)"
    case .notARecord(let path, let fault):
      "\(path) is not a record this version can read: \(fault); make it again with `cloze train` or `cloze compare`, ranks "
        + "with `cloze evaluate --ranks`"
    case .damaged(let fault): fault
    case .notWritten(let fault): "cannot write the record: \(fault)"
    }
  }
}
