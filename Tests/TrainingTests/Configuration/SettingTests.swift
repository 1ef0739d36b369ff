import Foundation
import NeuralNetwork
import RankingMetrics
import SequentialModels
import Testing
import Training

/// The list of keys is what configurations have, no more and no less, and each value is checked by it.
@Suite struct SettingTests {
  /// An experiment in which every key has a value.
  private static var full: Experiment {
    var experiment = Recipe.causal.experiment
    experiment.model.inner = 64
    experiment.model.features = FeatureConfiguration(
      columns: ["genres"], idDropout: 0, vectorAxes: 8, text: ["title"], textEncoder: "bert", textPooling: .mean)
    experiment.gradientShards = 4
    experiment.start = StartingPoint(
      from: "model", newItems: .text, text: ["title"], textEncoder: "bert", textPooling: .mean)
    experiment.stages = [
      TrainingStage(
        name: "all", objectives: .all, attention: .causal, pooling: .last, futureTargets: FutureTargets(),
        metric: MetricKey(.ndcg, 10))
    ]
    experiment.stages[0].objectives.mlm?.maxPredictions = 1
    return experiment
  }

  private static func general(_ path: String) -> String {
    path.split(separator: ".").map { Int($0) == nil ? String($0) : "N" }.joined(separator: ".")
  }

  @Test func everyKeyOfAnExperimentIsListedOnce() throws {
    var full = Self.full
    full.labels = LabelConfiguration(task: .regression)
    let keys = try JSONValue(encoding: full).values.map { Self.general($0.path) }
    #expect(keys.sorted() == Setting.all.map(\.path).sorted())
    for setting in Setting.all {
      #expect(setting.meaning.hasSuffix(".") && !setting.defaultText.isEmpty, "\(setting.path)")
    }
  }

  @Test func wordsOfOtherLibrariesFindAKey() {
    for (word, path) in [
      ("learning_rate", "stages.N.learningRate.peak"), ("lr", "stages.N.learningRate.peak"),
      ("hidden_size", "model.hidden"), ("n_factors", "model.hidden"), ("MAX_ITEM_LIST_LENGTH", "model.length"),
      ("stopping_step", "stages.N.patience"), ("masked_lm_prob", "stages.N.objectives.mlm.probability"),
      ("--epochs", "stages.N.epochs"), ("gbce_t", "stages.N.loss.calibration"),
      ("weight_decay", "stages.N.optimizer.weightDecay"),
    ] { #expect(Setting.matching(word).map(\.path).contains(path), "\(word)") }
    #expect(Setting.matching("frobnicate").isEmpty && Setting.matching("_").isEmpty)
    #expect(Setting.suggestion(for: "hiden_size") == "hidden_size")
  }

  @Test(arguments: [
    ("model.hidden", "0", "expected a whole number from 1 to 65536, found 0"),
    ("model.hidden", "64.5", "expected a whole number from 1 to 65536, found 64.5"),
    ("stages.0.epochs", "-1", "expected a whole number from 0 to 1000000, found -1"),
    ("stages.0.learningRate.peak", "0", "expected a number above 0 and up to 1000, found 0"),
    ("stages.0.labelSmoothing", "1", "expected a number from 0 to below 1, found 1"),
    ("model.opensWithCLS", "yes", "expected true or false, found “yes”"),
    ("stages.0.name", "1", "expected a text, found 1; put it in quotes if it is a text"),
    (
      "stages.0.loss.kind", "gbce",
      "expected one of full, sampledSoftmax, gBCE, bpr, found “gbce”; did you mean “gBCE”?"
    ),
    ("start.newItems", "neighbours", "“neighbours” is called “neighbors” since version 0.2"),
    ("stages.0.metric", "loss", "it is read off masked tokens; name one of ranking, such as NDCG@10 or HR@5"),
    ("stages.0.metric", "AUC", "it is read off labels; name one of ranking, such as NDCG@10 or HR@5"),
    ("labels.task", "ranking", "expected one of classification, regression, found “ranking”"),
  ]) func aWrongValueIsRefusedWithWhatItMayBe(key: String, value: String, fault: String) {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try Recipe.causal.experiment.with(ConfigurationTree.single(key, value))
    }
    #expect(error?.description == "“\(key)” cannot be used: \(fault)")
  }

  @Test func aMetricNeedsAValidation() {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try Recipe.causal.experiment.with([
        ConfigurationTree.single("stages.0.metric", "HR@5"), ConfigurationTree.single("heldOut", "test"),
      ])
    }
    #expect(error?.description.contains("nothing is validated with heldOut: test") == true)
  }

  /// Every kind of value comes back as it was, whatever YAML would make of it unquoted.
  @Test(arguments: Recipe.allCases) func whatIsWrittenAsYAMLIsReadAlike(recipe: Recipe) throws {
    var experiment = recipe.experiment
    experiment.stages[0].name = "yes: 1"
    experiment.model.pooling = recipe == .pooled ? .concat(.tail, .lastK(5)) : experiment.model.pooling
    let yaml = try YAMLText.of(experiment)
    let other = recipe == .sasrec ? Recipe.bert4rec : .sasrec
    #expect(try other.experiment.with(ConfigurationTree.parse(yaml, file: "a.yaml")) == experiment)
  }
}
