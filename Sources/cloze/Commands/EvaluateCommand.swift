import ArgumentParser
import DurableFiles
import Evaluation
import Foundation
import InteractionStore
import Interactions
import Items
import ModelFiles
import Recommending
import SequentialModels
import Training

/// `cloze evaluate`: how good a model is, beside the baselines it has to beat.
struct EvaluateCommand: ParsableCommand, ComputesTogether {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Evaluate a model on held-out events, beside the baselines.",
    discussion: """
      Ranks all items for every test user and prints HR, NDCG and MRR of the model, of popularity, recent popularity, \
      last-item Markov and item-kNN, with the evaluation protocol and a warning about whatever looks suspicious. Without a model \
      only the baselines are evaluated: what a model has to beat. --json has every metric, its interval, cohorts and the \
      figures as RecBole, RecTools and recommenders-team print them.

      The log is read, prepared and cut as the model remembers it of its training; options need not be repeated, and those \
      that contradict it are refused. A store that has only got more imports since may be evaluated on.

      With --lines a model fills masks in lines of tokens or text instead: the loss, the perplexity and the share that it \
      names rightly, of any checkpoint, before and after a pretraining.
      """)

  @Argument(help: ArgumentHelp("The model directory.", valueName: "model"), completion: .directory)
  var directory: String?
  @Option(
    name: [.customLong("store"), .customLong("log")],
    help: ArgumentHelp("The store or log file to evaluate on.", valueName: "log"), completion: .file())
  var log: String?
  @OptionGroup var folds: FoldOptions
  @OptionGroup var lineOptions: LineOptions
  @OptionGroup var sources: SourceOptions
  @OptionGroup var split: SplitOptions
  @OptionGroup(title: "Items") var known: ItemFileOptions
  @OptionGroup(title: "Items") var vectors: ItemVectorOptions
  @OptionGroup var rules: RuleOptions
  @Option(
    help: "A synthetic log's NAME.best.json: evaluate its known best on the same users, too.", completion: .file())
  var knownBest: String?
  @Option(
    help: "Save every user's ranks for `cloze diff`: the model's here, each baseline's beside it.", completion: .file())
  var ranks: String?
  @Flag(help: "Evaluate although the model was trained on another log, preparation or split.")
  var force = false
  @Flag(help: "Put the figures into the model directory's record.json, for `cloze report`.")
  var record = false
  @OptionGroup var sharding: ItemShardOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var reporting: ProgressOptions
  @Flag(help: "Print the whole result as JSON.")
  var json = false

  func validate() throws {
    if lineOptions.lines != nil {
      if directory == nil { throw ValidationError("--lines needs a model directory, whose masks are filled") }
      if log != nil || folds.paths != nil {
        throw ValidationError("--lines stands in place of a log; leave --log and the folds out")
      }
      if sharding.shardItems {
        throw ValidationError("--shard-items ranks items, and --lines fills masks; give one of them")
      }
      return
    }
    if sharding.shardItems && directory == nil {
      throw ValidationError("--shard-items needs a model directory, whose items are shared out")
    }
    try folds.check(log: log, "--log", split: split.method)
    if record && directory == nil { throw ValidationError("--record needs the model directory whose record it fills") }
    try Folders.requireApart(
      [("--ranks", ranks)], from: [("the log", log), ("--known-best", knownBest)], model: directory)
    if knownBest != nil && split.split == .globalTime { throw Self.bestOfPeriod }
  }

  private static let bestOfPeriod = ValidationError(
    "--known-best knows the next item, not a whole period; use it with another --split")

  func run() throws {
    if let lines = lineOptions.lines, let directory { return try evaluateLines(lines, modelAt: directory) }
    let isFirst = LaunchedProcesses.isFirst
    if let ranks, isFirst { try Folders.make(for: ranks) }
    let progress = reporting.start()
    let workers = threads.workers
    var loaded = try directory.map {
      try ModelDirectory.load($0, workers: workers, shardsItems: sharding.shardItems, progress)
    }
    let (source, relation) = try load(for: loaded, progress)
    let identity = source.identity(of: log ?? folds.train ?? "")
    if let trained = loaded, known.itemsFrom != nil || vectors.itemVectors != nil {
      let cold = try ColdItems(
        trained, try known.itemsFrom == nil ? nil : known.table(log: nil), vectors: vectors.vectors(),
        textEncoder: vectors.textEncoder,
        cache: try TextCache.inStore([log, known.itemsFrom]) { progress.note($0) })
      if let texts = cold.texts { progress.note("words of new items: \(texts)") }
      progress.note(
        "\(Counted(cold.added, "item")) that the model has never seen got "
          + "\(Counted.verb(cold.added, "a row from its", "rows from their")) features")
      loaded = cold.loaded
    }
    let best = try knownBest.map { try KnownBest.ranker(from: URL(fileURLWithPath: $0), catalog: source.log.items) }
    let split = try cut(source, for: loaded, progress)
    try split.requireUsers(in: .test)
    if best != nil, case .globalTime = split.summary.method { throw Self.bestOfPeriod }
    if sharding.shardItems, let loaded {
      try LaunchedProcesses.agree(
        model: loaded, [("log", identity.fingerprint), ("split", "\(split.summary)"), ("rules", "\(rules.rules)")])
    }
    let evaluator = Evaluator(
      rules: rules.rules, split: split, log: identity, workers: workers,
      processes: LaunchedProcesses.all)
    let model = loaded.map { CatalogMappedRecommender($0.model, knowing: $0.items, for: source.log.items) }
    let heldOut = loaded?.card.heldOut ?? .validationAndTest
    progress.update("fitting the baselines")
    let baselines = Baselines.all(split.training, workers: workers)
    var report = try evaluator.report(
      on: model, holdingOut: heldOut, baselines: baselines, knownBest: best
    ) { table in
      progress.update("evaluated \(table.name)")
      if let ranks, isFirst {
        let file = rankFile(ranks, of: table.name, isModel: table.name == model?.name)
        try Folders.requireApart(
          [("--ranks", file.path)], from: [("the log", log), ("--known-best", knownBest)], model: directory)
        try RecordFile.write(table, to: file)
      }
    }
    report.provenance = source.provenance
    if let model, let loaded {
      // Of a store that has only grown, all that trained still does, where the split draws no users by their numbers.
      var trainedOn = loaded.card.logFingerprint
      if case .grown(let added) = relation, added.keepsUserNumbers { trainedOn = identity.fingerprint }
      report.model?.warnings += EvaluationWarning.raised(
        byTrainingOn: trainedOn, split: loaded.card.method, unknownItems: model.unknownItems, evaluatedOn: identity,
        split.summary)
    }
    progress.finish()
    guard isFirst else { return }
    if record, let directory, let loaded {
      let folder = URL(fileURLWithPath: directory)
      let before = try RunRecord.read(in: folder)
      let record = before.evaluated(by: report)
      let readme = ModelReadme(before, card: loaded.card, tokenizer: loaded.tokenizer)
      let isOurs = readme.isFile(in: folder)
      try ModelDirectory.amend(folder) { new in
        try record.write(in: new)
        // One that a user has edited stays.
        if isOurs { try ModelReadme(record, card: loaded.card, tokenizer: loaded.tokenizer).write(in: new) }
      }
    }
    try print(json ? try RecordFile.text(report) : EvaluationText(report).text, terminator: json ? "" : "\n")
  }

  /// The log, as the model's training took it.
  private func load(
    for model: ModelDirectory.Loaded?, _ progress: Progress
  ) throws -> (source: LogSource.Loaded, relation: LogRelation) {
    guard let model, let directory else { return (try sources.load(log, folds, progress), .unknown) }
    guard let log else { return try sources.load(folds, asFor: model, at: directory, forced: force, progress) }
    return try sources.load(log, asFor: model, at: directory, forced: force, progress)
  }

  /// The log cut as the model's was, which is noted, or as the options say.
  ///
  /// - Throws: `TrainedOtherwiseError.split` where they say otherwise; `SplitError`.
  private func cut(
    _ source: LogSource.Loaded, for model: ModelDirectory.Loaded?, _ progress: Progress
  ) throws -> Split {
    guard let directory, let trained = model?.card.method else {
      return try source.method(split.method).split(source.log)
    }
    if split.method == nil, source.folds == nil {
      progress.note("cut as \(directory) was trained: \(trained)")
      return try trained.split(source.log)
    }
    let cut = try source.method(split.method).split(source.log)
    if let method = cut.summary.method, method != trained, !force {
      throw TrainedOtherwiseError.split(model: directory, given: "\(method)", trained: "\(trained)")
    }
    return cut
  }

  /// Where a model's ranks go: the model's to `path`, a baseline's beside it under its name.
  private func rankFile(_ path: String, of name: String, isModel: Bool) -> URL {
    let url = URL(fileURLWithPath: path)
    if isModel { return url }
    let own = name.replacingOccurrences(of: " ", with: "-")
    return url.deletingPathExtension().appendingPathExtension("\(own).json")
  }
}
