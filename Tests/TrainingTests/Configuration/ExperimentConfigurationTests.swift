import Foundation
import SequentialModels
import TestSupport
import Testing
import Training

@Suite struct ExperimentConfigurationTests {
  private func with(_ yaml: String) throws -> Experiment {
    try Recipe.bert4rec.experiment.with(ConfigurationTree.parse(yaml, file: "a.yaml"))
  }

  @Test func aFileChangesOnlyWhatItNames() throws {
    let experiment = try with("model: {hidden: 128, dropout: 0.2}\nseed: 7")
    #expect(experiment.model.hidden == 128)
    #expect(experiment.model.dropout == 0.2)
    #expect(experiment.model.layers == Recipe.bert4rec.experiment.model.layers)
    #expect(experiment.stages == Recipe.bert4rec.experiment.stages)
    #expect(experiment.seed == 7)
  }

  @Test func aFileNamesItsRecipe() throws {
    let folder = TestFolder.url.appendingPathComponent("recipe-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    func file(_ yaml: String) throws -> ExperimentFile {
      let url = folder.appendingPathComponent("experiment.yaml")
      try Data(yaml.utf8).write(to: url)
      return try ExperimentFile(url)
    }
    let named = try file("recipe: causal\nmodel: {hidden: 128}")
    #expect(named.recipe == .causal)
    #expect(named.changes == .object(["model": .object(["hidden": .integer(128)])]))
    #expect(try file("model: {hidden: 128}").recipe == nil)
    let slip = #expect(throws: ConfigurationError.self) { _ = try file("recipe: casual") }
    let names = Recipe.allCases.map(\.rawValue).joined(separator: ", ")
    #expect(slip?.description == "“recipe” cannot be used: “casual” is none of \(names); did you mean “causal”?")
  }

  @Test(arguments: [("plain", "bert4rec"), ("queries", "maskedPrefixes")])
  func anOldRecipesNewNameIsSaid(old: String, new: String) {
    let error = #expect(throws: ConfigurationError.self) { _ = try Recipe(named: old) }
    #expect(error?.description == "“recipe” cannot be used: “\(old)” is called “\(new)” since version 0.2")
  }

  /// Forty lines of aliases that would be 10^12 values.
  @Test(.timeLimit(.minutes(1))) func aliasesAreRefusedBeforeTheyGrow() {
    let lines =
      ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
      + (1..<12).map {
        "a\($0): &a\($0) [" + [String](repeating: "*a\($0 - 1)", count: 10).joined(separator: ", ") + "]"
      }
    let error = #expect(throws: ConfigurationError.self) {
      _ = try ConfigurationTree.parse(lines.joined(separator: "\n"), file: "a.yaml")
    }
    #expect(
      error?.description.contains("the anchor “a0”; anchors and aliases are not read, so write the values out") == true)
  }

  /// However long the line is in which it stands.
  @Test(arguments: [
    ("model:\n  hidden: [1, 2\nseed: 3\n", "line 3, column 5: while parsing a flow sequence of line 2, column 11, "),
    ("seed: 1\nmodel: {hidden: 1}\nseed: 2\n", "line 1, column 1: “seed” stands twice"),
    (String(repeating: "[", count: 20_000), "line 1, column "),
    (String(repeating: "- ", count: 9_000) + "a", "line 1, column "),
  ]) func whatIsNotYAMLIsSaidOnOneLine(text: String, place: String) {
    let error = #expect(throws: ConfigurationError.self) { _ = try ConfigurationTree.parse(text, file: "a.yaml") }
    let said = error?.description ?? ""
    #expect(said.hasPrefix("a.yaml is not YAML: \(place)") && !said.contains("\n") && said.count < 200, "\(said)")
  }

  @Test func everyKeptExperimentSaysAllOfItself() throws {
    let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../experiments").standardized
    let files = try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { $0.hasSuffix(".yaml") }
    #expect(files.count > 10)
    for name in files {
      let file = try ExperimentFile(root.appendingPathComponent(name))
      let recipe = try #require(file.recipe, "\(name) names no recipe")
      #expect(throws: Never.self, "\(name)") { _ = try recipe.experiment.with(file.changes) }
    }
  }

  @Test func aListOfStagesReplacesTheRecipesAndFillsInDefaults() throws {
    let experiment = try with(
      "stages:\n- name: only\n  epochs: 3\n  objectives: {tail: {prefixes: 4}}"
    )
    #expect(experiment.stages.count == 1)
    #expect(experiment.stages[0].batch == TrainingStage(name: "", objectives: Objectives()).batch)
    #expect(experiment.stages[0].objectives == Objectives(tail: .init(prefixes: 4)))
  }

  @Test func aPartStartsWithItsOwnDefaults() throws {
    let experiment = try with("stages: [{name: only, objectives: {mlm: {probability: 0.5}}}]")
    #expect(experiment.stages[0].objectives == Objectives(mlm: .init(probability: 0.5)))
    #expect(experiment.model.inner == nil)
  }

  @Test func oneKeyOfAnOptionalPartBringsTheOthers() throws {
    let experiment = try Recipe.causal.experiment.with(ConfigurationTree.single("stages.0.futureTargets.share", "0.4"))
    #expect(experiment.stages[0].futureTargets == FutureTargets(share: 0.4, within: 3))
    #expect(
      try experiment.with(ConfigurationTree.single("stages.0.futureTargets", "null")).stages[0].futureTargets == nil)
  }

  @Test func aPartCanBeLeftOutAndAnotherPutIn() throws {
    let experiment = try with(
      "stages: {0: {objectives: {tail: null, nextItem: {}}}, 1: {objectives: {tail: null, nextItem: {}}}}\nmodel: {attention: causal, pooling: last}"
    )
    #expect(experiment.stages[0].objectives == Objectives(mlm: .init(), nextItem: .init()))
  }

  @Test func oneKeyOfOneStageCanBeSet() throws {
    let experiment = try Recipe.bert4rec.experiment.with(ConfigurationTree.single("stages.1.epochs", "5"))
    #expect(experiment.stages[1].epochs == 5)
    #expect(experiment.stages[0] == Recipe.bert4rec.experiment.stages[0])
  }

  @Test(arguments: [
    ("model: {hiden: 3}", "unknown key “model.hiden”; did you mean “model.hidden”?"),
    ("hidden: 3", "unknown key “hidden”; did you mean “model.hidden”?"),
    ("epochs: 3", "unknown key “epochs”; did you mean “stages.0.epochs”?"),
    ("{model: {dropuot: 0.1}}", "unknown key “model.dropuot”; did you mean “model.dropout”?"),
    ("stages: [{epoch: 3}]", "unknown key “stages.0.epoch”; did you mean “stages.0.epochs”?"),
    ("model: 3", "“model” should be keys and values"),
    ("model: {hidden: {a: 1}}", "“model.hidden” should be a single value"),
    ("model: {hidden: wide}", "“model.hidden” cannot be used: expected a whole number from 1 to 65536, found “wide”"),
    (
      "model: {activation: tanh}",
      "“model.activation” cannot be used: expected one of gelu, gelu_new, relu, found “tanh”"
    ),
    ("model: {hidden: 65}", "“model.heads” cannot be used: 2 heads do not divide a hidden size of 65"),
    ("model: {dropout: 1}", "“model.dropout” cannot be used: expected a number from 0 to below 1, found 1"),
    (
      "{model: {attention: bidirectional}, stages: [{name: x, objectives: {maskedPrefixes: {}}}]}",
      "“stages.0.objectives” cannot be used: maskedPrefixes sees only what came before; set model.attention to causal"
    ),
    (
      "stages: [{name: x, futureTargets: {}, objectives: {mlm: {}}}]",
      "“stages.0.futureTargets” cannot be used: only nextItem and maskedPrefixes name what comes next; set one of these objectives, or leave it out"
    ),
    (
      "{model: {pooling: mean}, stages: [{name: x, pooling: last, objectives: {mlm: {}}}]}",
      "“stages.0.pooling” cannot be used: a stage can change to tail or last only, of a model that reads nothing else; leave it out, or set model.pooling"
    ),
  ])
  func refusesWhatItDoesNotUnderstand(yaml: String, text: String) {
    let error = #expect(throws: ConfigurationError.self) { _ = try with(yaml) }
    #expect(error?.description == text)
  }

  @Test func everyNumberHasARange() throws {
    var experiment = Recipe.bert4rec.experiment
    experiment.model.inner = 1
    experiment.stages = [TrainingStage(name: "all", objectives: .all)]
    experiment.stages[0].objectives.mlm?.maxPredictions = 1
    let numbers = try JSONValue(encoding: experiment).values.filter { $0.value.isNumber }
    #expect(numbers.count > 35)
    for (path, _) in numbers {
      if case .number? = Setting.at(path)?.kind { continue }
      Issue.record("\(path) has no range")
    }
  }

  @Test func numbersAtTheirEdgesAreRefused() throws {
    let experiment = try Recipe.pooled.experiment.with(.object([:]))
    for (path, value) in try JSONValue(encoding: experiment).values where value.isNumber {
      let all = [
        "9223372036854775807", "-9223372036854775808", "18446744073709551616", "1e308", "nan", ".inf", "1e309",
      ]
      for edge in path == "model.hidden" ? all : ["1e308", "-1"] {
        let error = #expect(throws: ConfigurationError.self, "\(path)=\(edge)") {
          try experiment.with(ConfigurationTree.single(path, edge))
        }
        #expect(error?.description.contains(path) == true, "\(path)=\(edge)")
      }
    }
    let error = #expect(throws: ConfigurationError.self) {
      try experiment.with(.object(["model": .object(["dropout": .number(.infinity)])]))
    }
    #expect(
      try #require(error).description
        == "“model.dropout” cannot be used: expected a number from 0 to below 1, found inf")
  }

  @Test func everyRecipeIsValid() throws {
    for recipe in Recipe.allCases { _ = try recipe.experiment.with(.object([:])) }
  }
}

extension JSONValue {
  fileprivate var isNumber: Bool {
    switch self {
    case .integer, .number: true
    default: false
    }
  }
}
