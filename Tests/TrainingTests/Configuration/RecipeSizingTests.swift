import SequentialModels
import Interactions
import TestSupport
import Testing
import Training

/// What a recipe chooses by itself from the shape of a log.
@Suite struct RecipeSizingTests {
  /// `users` histories of `length` events, and one of `longest`.
  private func log(users: Int, length: Int, longest: Int = 0, items: Int = 50) -> InteractionLog {
    let histories = (0..<users).map { user in
      (0..<(user == 0 ? max(length, longest) : length)).map { $0 % items }
    }
    return InteractionLog(histories: histories, items: items)
  }

  @Test(arguments: [(3, 20), (20, 20), (21, 30), (57, 60), (200, 200), (900, 200)])
  func lengthCoversTheHistories(events: Int, expected: Int) {
    #expect(Recipe.causal.experiment(for: log(users: 40, length: events)).model.length == expected)
  }

  @Test func oneLongHistoryDoesNotStretchTheModel() {
    #expect(Recipe.causal.experiment(for: log(users: 40, length: 10, longest: 500)).model.length == 20)
  }

  @Test func smallLogsGetMorePassesAndLargeOnesFewer() {
    let few = Recipe.causal.experiment(for: log(users: 40, length: 10))
    #expect(few.stages[0].epochs == 45)
    #expect(few.model.hidden == 64)
    #expect(few.stages[0].windows == .shifted)
    // Windows and the prefixes of each history, nine times 40,000 in batches of 128: 2,812 steps of tuning.
    #expect(Recipe.pooled.experiment(for: log(users: 40_000, length: 3)).stages[1].epochs == 5)
    #expect(Recipe.sasrec.experiment(for: log(users: 40, length: 10)).stages[0].windows == .recent)
    // 100,000 users in batches of 32: 3,125 steps an epoch.
    let many = Recipe.causal.experiment(for: log(users: 100_000, length: 2))
    #expect(many.stages[0].epochs == 5)
    #expect(Recipe.masked.experiment(for: log(users: 100_000, length: 2)).stages[0].epochs == 40)
    #expect(many.model.hidden == 128)
    #expect(many.stages[0].windows == .all)
    // 4,000 windows of 200 in batches of 32: 125 steps an epoch.
    let middle = Recipe.causal.experiment(for: log(users: 1_000, length: 800))
    #expect(middle.model.layers == 3)
    #expect(middle.stages[0].epochs == 32)
  }

  /// The masked tail beside the last item is the default where histories are many and long and their items frequent.
  @Test(arguments: [
    (2_100, 100, 50, Recipe.joined),  // 210,000 events of 50 items
    (1_900, 100, 50, .causal),  // few events
    (12_000, 18, 50, .causal),  // short histories
    (2_100, 100, 2_100, .causal),  // 99 targets an item
    (2_100, 100, 2_000, .joined),
  ]) func theDefaultFollowsTheLog(users: Int, length: Int, items: Int, expected: Recipe) {
    #expect(Recipe.standard(for: log(users: users, length: length, items: items)) == expected)
  }

  @Test(arguments: Recipe.allCases) func nothingElseChanges(recipe: Recipe) {
    var sized = recipe.experiment(for: log(users: 30, length: 40))
    sized.model.hidden = recipe.experiment.model.hidden
    sized.model.length = recipe.experiment.model.length
    #expect(sized.stages.map(\.name) == recipe.experiment.stages.map(\.name))
    for index in sized.stages.indices {
      sized.stages[index].epochs = recipe.experiment.stages[index].epochs
      if sized.stages[index].windows == .shifted { sized.stages[index].windows = .all }
    }
    #expect(sized == recipe.experiment)
  }

  /// Short histories of rare items: more passes, more dropout, the full width; nothing of that elsewhere.
  @Test func sparseLogsAreRegularized() {
    let short = Recipe.causal.sized(for: log(users: 8_000, length: 8, items: 5_600))
    #expect(short.experiment.model.dropout == 0.5)
    #expect(short.experiment.model.hidden == 128)
    #expect(short.experiment.stages[0].optimizer.weightDecay == 0.2)
    #expect(short.experiment.stages[0].labelSmoothing == 0.1 && short.experiment.stages[0].rates.embeddings == 2)
    #expect(short.experiment.stages[0].futureTargets == FutureTargets(share: 0.2, within: 3))
    #expect(short.experiment.stages[0].epochs == 18)
    #expect(
      short.reasons == [
        "length 20 for 95 % of the histories",
        "dropout 0.5, weight decay 0.2, label smoothing 0.1, twice the rate for tables and a fifth of the targets up to 3 items further ahead for short histories of rare items (8.0 events on average, 10.0 targets an item)",
        "18 epochs",
      ])
    // 9 and 7 of the 16 passes of `joined` name the next item: so are 18 divided.
    #expect(
      Recipe.joined.experiment(for: log(users: 8_000, length: 8, items: 5_600)).stages.map(\.epochs) == [2, 10, 8])
    #expect(Recipe.causal.experiment(for: log(users: 8_000, length: 8)).model.dropout == 0.25, "items are frequent")
    // Few events: what small logs have always had.
    let tiny = Recipe.causal.sized(for: log(users: 400, length: 8, items: 500)).experiment
    #expect(tiny.model.dropout == 0.25 && tiny.model.hidden == 64)
    #expect(tiny.stages[0].epochs == 45)
    // 280,000 targets over 55,000 items: 1.2e13 operations a pass.
    let wide = InteractionLog(histories: (0..<40_000).map { user in (0..<8).map { (user * 8 + $0) % 55_000 } })
    #expect(Recipe.causal.experiment(for: wide).stages[0].epochs == 16)
    // 320,000 targets over 400,000 items at 128: 1e14 operations a pass.
    let large = InteractionLog(histories: (0..<40_000).map { user in (0..<9).map { user * 10 + $0 } }, items: 400_000)
    #expect(Recipe.causal.experiment(for: large).stages[0].epochs == 8)
    #expect(
      Recipe.sasrec.experiment(for: log(users: 8_000, length: 8, items: 5_600)).model.dropout == 0.1, "as published")
  }

  /// Smoothing spreads over all items: a layer that draws some takes it away, unless it says otherwise, which is refused.
  @Test func anotherLossIsNotSmoothed() throws {
    let sized = Recipe.causal.experiment(for: log(users: 8_000, length: 8, items: 5_600))
    let drawn = try ConfigurationTree.single("stages.0.loss.kind", "sampledSoftmax")
    #expect(try sized.with(drawn).stages[0].labelSmoothing == 0)
    #expect(try sized.with(ConfigurationTree.single("stages.0.epochs", "3")).stages[0].labelSmoothing == 0.1)
    #expect(throws: ConfigurationError.self) {
      try sized.with([drawn, ConfigurationTree.single("stages.0.labelSmoothing", "0.1")])
    }
    var reasons = try SettingReasons(
      Recipe.causal.sized(for: log(users: 8_000, length: 8, items: 5_600)), recipe: "causal")
    #expect(reasons["stages.0.labelSmoothing"]?.hasPrefix("by the log: ") == true)
    reasons.lay([drawn], of: "--loss")
    #expect(reasons["stages.0.labelSmoothing"] == "--loss")
  }

  /// Every key that the log has changed says why, and so does every one that the recipe or a layer above has.
  @Test(arguments: Recipe.allCases) func everyChangeHasItsReason(recipe: Recipe) throws {
    for log in [
      log(users: 8_000, length: 8, items: 5_600), log(users: 400, length: 8, items: 500),
      log(users: 2_100, length: 100),
    ] {
      let sized = recipe.sized(for: log)
      let reasons = try SettingReasons(sized, recipe: recipe.rawValue)
      let own = try JSONValue(encoding: recipe.experiment).values.reduce(into: [:]) { $0[$1.path] = $1.value }
      for (path, value) in try JSONValue(encoding: sized.experiment).values {
        let reason = reasons[path]
        if own[path] != value { #expect(reason?.hasPrefix("by the log: ") == true, "\(path)") }
        if reason == nil { #expect(Setting.at(path)?.defaultText == YAMLText.scalar(value), "\(path)") }
      }
    }
  }

  /// The last layer that names a key is its reason, and the YAML has it behind the key, or above where it is long.
  @Test func reasonsStandAtTheirKeys() throws {
    let sized = Recipe.causal.sized(for: log(users: 8_000, length: 8, items: 5_600))
    var reasons = try SettingReasons(sized, recipe: "causal")
    reasons.lay([try ConfigurationTree.single("model.hidden", "16")], of: "--hidden")
    reasons.lay([try ConfigurationTree.single("stages.0.batch", "8")], of: "in my.yaml")
    reasons.lay([try ConfigurationTree.single("model.hidden", "32")], of: "--set")
    var next = sized.experiment
    next.stages[0].rates.blocks = 0
    try reasons.lay(from: sized.experiment, to: next, of: "--freeze")
    next.model.hidden = 32
    next.stages[0].batch = 8
    let yaml = try YAMLText.of(next, reasons: reasons)
    for line in [
      "  hidden: 32  # --set\n", "    batch: 8  # in my.yaml\n", "      blocks: 0  # --freeze\n",
      "  length: 20  # by the log: for 95 % of the histories\n", "  attention: causal  # recipe causal\n",
      "  # by the log: for short histories of rare items (8.0 events on average, 10.0\n  # targets an item)\n  dropout: 0.5\n",
      "\n      beta1: 0.9\n",
    ] { #expect(yaml.contains(line), "\(yaml)") }
    #expect(yaml.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(try Recipe.bert4rec.experiment.with(ConfigurationTree.parse(yaml, file: "a.yaml")).model == next.model)
  }

  @Test func manyLongHistoriesGetAThirdBlock() {
    #expect(Recipe.causal.experiment(for: log(users: 2_100, length: 100)).model.layers == 3)
    #expect(Recipe.causal.experiment(for: log(users: 1_900, length: 100)).model.layers == 2)
    #expect(Recipe.staged.experiment(for: log(users: 2_100, length: 100)).model.layers == 2)
  }

  @Test func anEmptyLogLeavesTheRecipeAlone() {
    let empty = InteractionLog(histories: [], items: 0)
    #expect(Recipe.causal.experiment(for: empty) == Recipe.causal.experiment)
  }
}
