import DurableFiles
import Evaluation
import Foundation
import Interactions
import SequentialModels
import Training

/// A comparison on disk: what it is, the shared encoder, and a model directory with record and ranks for each finished
/// run. A run is there whole or not at all.
package struct ComparisonFolder: Sendable {
  package let url: URL

  /// What decides whether runs belong together.
  struct Identity: Codable, Equatable {
    var comparison: ComparisonPlan
    var log: LogIdentity
    var split: SplitMethod?
    var rules: EvaluationRules
    /// Of all that is read of items; nil where all variants train on ids alone.
    var items: String?

    /// What was different in `earlier`, each with its value then and now where one line says it.
    func differences(from earlier: Identity) -> [String] {
      var found: [String] = []
      func compare(_ what: String, _ before: String, _ now: String) {
        if before != now { found.append("\(what) \(before), now \(now)") }
      }
      let (before, now) = (earlier.comparison, comparison)
      compare("log of fingerprint", String(earlier.log.fingerprint.prefix(12)), String(log.fingerprint.prefix(12)))
      compare("split", earlier.split?.description ?? "unknown", split?.description ?? "unknown")
      compare(
        "items of fingerprint", earlier.items.map { String($0.prefix(12)) } ?? "none",
        items.map { String($0.prefix(12)) } ?? "none")
      if rules != earlier.rules { found.append("other rules of evaluation") }
      compare("factor", before.factor, now.factor)
      compare("variants", before.names, now.names)
      compare("seeds", "\(before.seeds)", "\(now.seeds)")
      if !found.isEmpty { return found }
      for (old, new) in zip(before.variants, now.variants) {
        for difference in new.experiment.differences(from: old.experiment) where !found.contains(difference) {
          found.append(difference)
        }
      }
      if let old = before.pretraining, let new = now.pretraining {
        for difference in new.differences(from: old) where !found.contains(difference) { found.append(difference) }
      }
      return found.isEmpty && self != earlier ? ["other settings"] : found
    }
  }

  private var identityFile: URL { url.appendingPathComponent("comparison.json") }
  package var pretrained: URL { url.appendingPathComponent("pretrained") }
  package var results: URL { url.appendingPathComponent("results.json") }

  /// Begins a comparison at `url`, or resumes the one that is there.
  ///
  /// - Throws: `ComparisonError.otherComparison`, `.foreign`; `RecordError`, `DurableFileError`.
  init(_ url: URL, _ identity: Identity) throws {
    self.url = url
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
    if FileManager.default.fileExists(atPath: identityFile.path) {
      let found = try RecordFile.read(Identity.self, from: identityFile)
      if found != identity {
        throw ComparisonError.otherComparison(path: url.path, differs: identity.differences(from: found))
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
      variant: variant, record: try RunRecord.read(in: folder),
      ranks: try RecordFile.read(RankTable.self, from: folder.appendingPathComponent("ranks.json")))
  }
}

extension ComparisonPlan {
  fileprivate var names: String { variants.map(\.name).joined(separator: ", ") }
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
