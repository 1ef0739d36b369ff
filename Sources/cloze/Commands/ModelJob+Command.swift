import Foundation
import Training

extension ModelJob {
  /// Trains, keeps and writes as a command does, and says what there is to say of it.
  ///
  /// - Parameter what: what is done, for a sentence.
  func run(
    as what: String, into url: URL, resuming: ResumeOptions, lines: TrainingLines, json: Bool
  ) throws {
    let keeper = try resuming.keeper(of: self, for: url, lines.progress)
    let (outcome, record) = try train(
      into: url, keeper: keeper, shouldStop: { Interruption.requested }, observe: { lines.show($0) })
    lines.progress.finish()
    try TrainingLines.conclude(what, outcome, record, model: url.path, json: json)
  }
}
