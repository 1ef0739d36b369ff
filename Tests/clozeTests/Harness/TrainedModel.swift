import Foundation

/// A small synthetic log and a model trained on it for an epoch, made once for all tests.
struct TrainedModel {
  let folder: TemporaryFolder

  static let shared = Task { try await TrainedModel() }

  private init() async throws {
    folder = try TemporaryFolder()
    for words in [
      ["synthesize", "log.csv", "--users", "90", "--items", "40", "--clusters", "4", "--length", "9"],
      ["synthesize", "other.csv", "--users", "30", "--items", "44", "--clusters", "4", "--length", "9"],
      [
        "train", "log.csv", "--model", "model", "--set", "model.hidden=16", "--set", "model.layers=1", "--set",
        "stages.0.epochs=1",
      ],
    ] {
      let outcome = try await TypedCommand(words, in: folder.url).finish(within: .seconds(120))
      guard outcome.status == 0 else { throw Unmade(words: words, errors: outcome.errors) }
    }
  }

  struct Unmade: Error {
    let words: [String]
    let errors: String
  }

  func run(_ words: String...) async throws -> TypedCommand.Outcome {
    try await TypedCommand(words, in: folder.url).finish(within: .seconds(120))
  }

  /// The items of the log, in no order of meaning.
  func items() throws -> [String] { Set(try histories().values.joined()).sorted() }

  /// Everybody's items in the log, oldest first.
  func histories() throws -> [String: [String]] {
    let rows = (folder.text("log.csv") ?? "").split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
    let ordered = rows.enumerated().sorted { (Int($0.element[2])!, $0.offset) < (Int($1.element[2])!, $1.offset) }
    return ordered.reduce(into: [:]) { $0[String($1.element[0]), default: []].append(String($1.element[1])) }
  }
}

/// A row of `cloze recommend`.
struct Recommended {
  let user: String
  let rank: Int
  let item: String
  let score: Double
  let rest: [String]

  /// The rows of a CSV text without quotes, by user.
  static func byUser(_ csv: String) -> [String: [Recommended]] {
    let rows = csv.split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      return Recommended(
        user: fields[0], rank: Int(fields[1]) ?? 0, item: fields[2], score: Double(fields[3]) ?? .nan,
        rest: Array(fields[4...]))
    }
    return Dictionary(grouping: rows, by: \.user)
  }
}
