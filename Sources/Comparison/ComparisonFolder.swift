import DurableFiles
import Evaluation
import Foundation
import SequentialModels
import Training

/// A comparison on disk: what it is, the shared encoder, and a model directory with record and ranks for each finished
/// run. A run is there whole or not at all.
package struct ComparisonFolder: Sendable {
  package let url: URL

  /// What decides whether runs belong together.
  struct Identity: Codable, Equatable {
    var comparison: Comparison
    var log: LogIdentity
    var split: String
    var rules: EvaluationRules

    /// What differs to `other`, in words.
    func differences(to other: Identity) -> [String] {
      var found: [String] = []
      if log.fingerprint != other.log.fingerprint { found.append("the log") }
      if split != other.split { found.append("the split") }
      if rules != other.rules { found.append("the rules of evaluation") }
      if comparison.factor != other.comparison.factor { found.append("what is varied") }
      if comparison.variants.map(\.name) != other.comparison.variants.map(\.name) { found.append("the variants") }
      if comparison.seeds != other.comparison.seeds { found.append("the seeds") }
      return found.isEmpty && self != other ? ["the configuration"] : found
    }
  }

  private var identityFile: URL { url.appendingPathComponent("comparison.json") }
  package var pretrained: URL { url.appendingPathComponent("pretrained") }
  package var results: URL { url.appendingPathComponent("results.json") }

  /// Begins a comparison at `url`, or goes on with the one that is there.
  ///
  /// - Throws: `ComparisonError.otherComparison`, `.foreign`; `RecordError`, `DurableFileError`.
  init(_ url: URL, _ identity: Identity) throws {
    self.url = url
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    if FileManager.default.fileExists(atPath: identityFile.path) {
      let found = try RecordFile.read(Identity.self, from: identityFile)
      if found != identity {
        throw ComparisonError.otherComparison(path: url.path, differs: identity.differences(to: found))
      }
      return
    }
    if !names.isEmpty { throw ComparisonError.foreign(path: url.path) }
    try DurableFile.createFolder(url)
    try DurableFile.createFolder(url.appendingPathComponent("runs"))
    try RecordFile.write(identity, to: identityFile)
  }

  /// The model directory of a run.
  package func run(_ variant: String, seed: UInt64) -> URL {
    let plain = variant.map { $0.isLetter || $0.isNumber || "+-._".contains($0) ? $0 : "-" }
    return url.appendingPathComponent("runs").appendingPathComponent("\(String(plain))-seed-\(seed)")
  }

  /// What a finished run left; nil where it has not finished.
  func finished(_ variant: String, seed: UInt64) throws -> ComparedRun? {
    let folder = run(variant, seed: seed)
    guard FileManager.default.fileExists(atPath: folder.path) else { return nil }
    return ComparedRun(
      variant: variant, record: try RecordFile.read(RunRecord.self, from: folder.appendingPathComponent("record.json")),
      ranks: try RecordFile.read(RankTable.self, from: folder.appendingPathComponent("ranks.json")))
  }
}

/// A finished run of a comparison and where every user's target stood.
package struct ComparedRun: Sendable {
  package let variant: String
  package let record: RunRecord
  package let ranks: RankTable

  package init(variant: String, record: RunRecord, ranks: RankTable) {
    self.variant = variant
    self.record = record
    self.ranks = ranks
  }
}
