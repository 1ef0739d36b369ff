import NeuralNetwork
import ArgumentParser
import Comparison
import DurableFiles
import Evaluation
import Foundation
import InteractionStore
import Interactions
import Reports
import SequentialModels
import Synchronization
import Training

/// `cloze compare`: which way of doing it is best for this log.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare recipes, pooling strategies, or values of any configuration key, on one log.",
    discussion: """
      With --poolings the encoder is pretrained once by masking and then tuned per pooling and seed from that same \
      checkpoint; --from-scratch trains each whole. With --vary KEY=A,B,C each value of the key is trained whole (several \
      --vary make a grid), with --recipes each recipe, in the sizes that it chooses for the log. Without any of these \
      --features, --text and --item-vectors compare item rows of ids alone with rows made of these, too; beside one of \
      these they are in every variant. All \
      runs are evaluated on the same users; differences to the best are paired over users, with 95 % bootstrap intervals \
      and p of the paired t test, corrected after Holm.

      DIR gets a model directory per run, results.csv, results.json and report.html. Finished runs are kept: the same \
      command resumes an interrupted one. Of a store, the runs also stand in its table `runs`.
      """)

  @Argument(help: "The store, or a log file in any format that `cloze check` reads.", completion: .file())
  var log: String?
  @OptionGroup var folds: FoldOptions
  @OptionGroup var factor: FactorOptions
  @Option(
    name: .shortAndLong, help: ArgumentHelp("The directory of the comparison.", valueName: "dir"),
    completion: .directory)
  var output: String
  @OptionGroup var sources: SourceOptions
  @OptionGroup var split: SplitOptions
  @OptionGroup var rules: RuleOptions
  @OptionGroup(title: "Items") var items: ItemLearningOptions
  @OptionGroup var overlay: OverlayOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var reporting: ProgressOptions
  @Flag(help: "Print results.json instead of the table.")
  var json = false

  func validate() throws {
    if !factor.isGiven, !items.isGiven {
      throw ValidationError(
        "give one of --poolings, --vary and --recipes, or what to learn of items by --features, --text or --item-vectors"
      )
    }
    try folds.check(log: log, "a log", split: split.method)
    try Folders.requireApart(
      [("--output", output)],
      from: [("the log", log), ("the item file", items.items.itemsFrom), ("the file of --config", overlay.config)]
        + folds.files)
  }

  func run() throws {
    _ = try factor.comparison(overlay, items, log: nil)
    try Folders.make(for: output)
    let progress = reporting.start()
    Interruption.watch()
    let source = try sources.load(log, folds, progress)
    let comparison = try factor.comparison(overlay, items, log: source.log)
    let experiments = comparison.variants.map(\.experiment)
    if items.items.itemsFrom != nil, !experiments.contains(where: { $0.model.features != nil || $0.start != nil }) {
      throw ValidationError(
        "--items-from says what items are, and no variant learns from it; give --features or --text, too")
    }
    let known = try items.read(for: experiments, log: log, source.log, threads: threads, progress)
    var job = try ComparisonJob(
      comparison, log: source.log,
      identity: source.identity(of: log ?? folds.train ?? ""),
      split: source.method(split.method), rules: rules.rules, items: known, workers: threads.workers)
    job.provenance = source.provenance
    let runs = try log.flatMap { try LogSource.runs(at: $0, options: sources.reading.reading) }
    let finished = runs.map { FinishedRuns($0, fingerprint: source.fingerprint) }
    let lines = ComparisonLines(progress)
    let folder = URL(fileURLWithPath: output)
    let record: ComparisonRecord
    do {
      record = try job.compare(in: folder, shouldStop: { Interruption.requested }) { event in
        lines.show(event)
        try finished?.record(event)
      }
    } catch let error as ComparisonError {
      progress.finish()
      if case .interrupted = error { throw Interrupted(description: error.description) }
      throw error
    }
    progress.finish()
    try DurableFile.write(record.csv, to: folder.appendingPathComponent("results.csv"))
    try DurableFile.write(Report.html(of: record), to: folder.appendingPathComponent("report.html"))
    if json {
      try print(RecordFile.text(record), terminator: "")
    } else {
      try print(ComparisonText(record).text)
      try print("\(folder.path)/report.html has the curves, the cohorts and the cost")
    }
  }
}

/// Keeps the finished runs of a comparison in the store's table `runs`.
private final class FinishedRuns: Sendable {
  private let table: RunTable
  private let fingerprint: String
  private let began = Mutex(Date())

  init(_ table: RunTable, fingerprint: String) {
    self.table = table
    self.fingerprint = fingerprint
  }

  func record(_ event: ComparisonJob.Event) throws {
    switch event {
    case .runBegan: began.withLock { $0 = Date() }
    case .runEnded(let run, kept: false):
      try table.append(
        RunTable.Row(
          name: run.record.name, kind: "comparison", startedAt: began.withLock { $0 }, finishedAt: Date(),
          fingerprint: fingerprint, record: RecordFile.text(run.record)))
    default: break
    }
  }
}

/// What differs between the variants of a comparison.
struct FactorOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Poolings to compare, separated by commas: "
        + Pooling.simple.map(\.name).filter { $0 != "last" }.joined(separator: ", ")
        + ", lastK:5, recencyWeighted:0.8, and two joined as in tail+mean.", valueName: "a,b,…"))
  var poolings: String?
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      """
      A configuration key and its values, such as model.hidden=64,128; given for several keys, all combinations of their \
      values are compared.
      """, valueName: "key=a,b,…"))
  var vary: [String] = []
  @Option(
    help: ArgumentHelp(
      "Recipes to compare, separated by commas: \(Recipe.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "a,b,…"), completion: .list(Recipe.allCases.map(\.rawValue)))
  var recipes: String?
  @Flag(help: "Train every pooling whole instead of from one pretrained encoder.")
  var fromScratch = false
  @Option(
    parsing: .unconditional, help: "How often each variant is trained, with the seeds that follow --seed.")
  var seeds = 3
  @Option(
    help: "The recipe to start from; poolings need one with a masked stage first.",
    completion: .list(Recipe.allCases.map(\.rawValue)), transform: { try Recipe(named: $0) })
  var recipe: Recipe?

  func validate() throws {
    if [poolings != nil, !vary.isEmpty, recipes != nil].count(where: { $0 }) > 1 {
      throw ValidationError("give one of --poolings, --vary and --recipes")
    }
    if recipes != nil && recipe != nil { throw ValidationError("--recipes names all recipes; leave --recipe out") }
    try require(seeds, in: 1...10_000, "--seeds")
    if poolings == nil && fromScratch {
      throw ValidationError(
        "\(!vary.isEmpty ? "--vary" : recipes != nil ? "--recipes" : "a comparison of item rows") trains every variant whole already"
      )
    }
    if let factor = vary.first(where: { !$0.contains("=") }) {
      throw ValidationError("--vary \(factor) has no “=”; write --vary key=a,b, such as --vary model.hidden=64,128")
    }
    let keys = factors.map(\.key)
    if let twice = keys.indices.first(where: { keys[..<$0].contains(keys[$0]) }) {
      throw ValidationError("--vary \(keys[twice]) is given twice; write all of its values behind one “=”")
    }
  }

  /// Whether any of these says what differs.
  var isGiven: Bool { poolings != nil || !vary.isEmpty || recipes != nil }

  /// The comparison that all of this adds up to on `log`, or, without one, as far as it can be checked.
  func comparison(
    _ overlay: OverlayOptions, _ items: ItemLearningOptions, log: InteractionLog?
  ) throws -> ComparisonPlan {
    func laid(over experiment: Experiment) throws -> Experiment { try items.lay(over: overlay.lay(over: experiment)) }
    if let poolings {
      let base = try laid(over: experiment(overlay.recipe(recipe) ?? .pooled, log))
      return try ComparisonPlan.poolings(
        poolings.split(separator: ",", omittingEmptySubsequences: false).map { name in
          guard let pooling = Pooling(String(name)) else {
            let guess = NearestName.suggestion(for: String(name), among: Pooling.simple.map(\.name))
            throw ValidationError(
              "“\(name)” is no pooling" + (guess.map { "; did you mean “\($0)”?" } ?? "; see --help for their names"))
          }
          return pooling
        }, of: base, seeds: seeds, fromScratch: fromScratch)
    }
    if let recipes {
      if let inFile = try overlay.recipe(nil) {
        throw ValidationError(
          "--recipes names all recipes, but the file of --config says \(inFile.rawValue); leave it out")
      }
      let named = try recipes.split(separator: ",", omittingEmptySubsequences: false).map {
        try Recipe(named: String($0))
      }
      return try ComparisonPlan.recipes(
        named.map { (recipe: $0, experiment: try laid(over: experiment($0, log))) }, seeds: seeds)
    }
    let standard = overlay.standard(for: log, stagesAreSet: vary.contains { $0.contains("stages") })
    let base = experiment(try overlay.recipe(recipe) ?? standard, log)
    if vary.isEmpty { return try ComparisonPlan.itemRows(items.variants(of: overlay.lay(over: base)), seeds: seeds) }
    return try ComparisonPlan.varying(factors, of: laid(over: base), seeds: seeds)
  }

  /// The keys of --vary and their values.
  private var factors: [ComparisonPlan.Factor] {
    vary.map { text in
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return ComparisonPlan.Factor(
        String(parts[0]), parts[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init))
    }
  }

  private func experiment(_ recipe: Recipe, _ log: InteractionLog?) -> Experiment {
    log.map { recipe.experiment(for: $0) } ?? recipe.experiment
  }
}
