import RankingMetrics
import SequentialModels

/// The settings that are changed most often, those of stages in every stage alike.
package struct EverydaySettings: Sendable, Equatable {
  package var epochs: Int?
  package var learningRate: Double?
  package var batch: Int?
  package var loss: ItemLoss.Kind?
  /// A figure with its cutoff, `NDCG@10`.
  package var metric: String?
  package var hidden: Int?
  package var layers: Int?
  package var heads: Int?
  package var length: Int?
  /// Of layers and of attention.
  package var dropout: Double?

  package init() {}

  /// One of them that was given, and what it changes.
  package struct Flag: Sendable {
    /// `--learning-rate`
    package let name: String
    package let changes: [JSONValue]
  }

  /// Those that were given, as changes of an experiment with so many stages.
  package func flags(stages: Int) -> [Flag] {
    var flags: [Flag] = []
    func flag(_ name: String, _ value: JSONValue?, _ paths: [[String]]) {
      guard let value else { return }
      flags.append(
        Flag(name: name, changes: paths.map { path in path.reversed().reduce(value) { .object([$1: $0]) } }))
    }
    func model(_ keys: String...) -> [[String]] { keys.map { ["model", $0] } }
    func stage(_ path: String...) -> [[String]] { (0..<stages).map { ["stages", "\($0)"] + path } }
    flag("--epochs", epochs.map { .integer($0) }, stage("epochs"))
    flag("--learning-rate", learningRate.map { .number($0) }, stage("learningRate", "peak"))
    flag("--batch", batch.map { .integer($0) }, stage("batch"))
    flag("--loss", loss.map { .text($0.rawValue) }, stage("loss", "kind"))
    flag("--metric", metric.map { .text($0) }, stage("metric"))
    flag("--hidden", hidden.map { .integer($0) }, model("hidden"))
    flag("--layers", layers.map { .integer($0) }, model("layers"))
    flag("--heads", heads.map { .integer($0) }, model("heads"))
    flag("--length", length.map { .integer($0) }, model("length"))
    flag("--dropout", dropout.map { .number($0) }, model("dropout", "attentionDropout"))
    return flags
  }
}
