import ArgumentParser
import Evaluation
import Foundation
import Interactions
import Items
import Recommending
import ModelFiles
import SequentialModels

/// `cloze explain`: why this item for this user.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say what each item of a history does to the score and rank of a recommended item.",
    discussion: """
      Each item of the history is left out in turn and everything is ranked again: exact, not an approximation. A change \
      is the item's share: score with the item minus score without it. Without --item the first recommendation is \
      explained.
      """)

  @Argument(help: "The model directory.", completion: .directory)
  var model: String
  @Option(
    name: [.customLong("store"), .customLong("log")],
    help: ArgumentHelp("The store or log file with the users' histories.", valueName: "log"), completion: .file())
  var log: String?
  @OptionGroup(title: "Reading the log") var sources: SourceOptions
  @Option(help: "The user whose history it is; needs --store or --log.")
  var user: String?
  @Option(help: ArgumentHelp("A history, oldest item first.", valueName: "item,item,…"))
  var history: String?
  @Option(help: "The item to explain; the first recommendation if not given.")
  var item: String?
  @Flag(help: "Rank without the items of the history, as `cloze recommend --exclude-seen` does.")
  var excludeSeen = false
  @Flag(help: "Use the model although it was trained on another log, or on one that was prepared otherwise.")
  var force = false
  @OptionGroup(title: "Items") var known: ItemFileOptions
  @OptionGroup var noting: NoteOptions
  @Flag(help: "Print it as JSON.")
  var json = false
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var reporting: ProgressOptions

  /// What `--json` prints: the explanation, and what was read of the log.
  private struct Output: Encodable {
    private enum Key: CodingKey { case provenance }
    var explanation: Explanation
    var provenance: LogProvenance?

    func encode(to encoder: any Encoder) throws {
      try explanation.encode(to: encoder)
      var container = encoder.container(keyedBy: Key.self)
      try container.encodeIfPresent(provenance, forKey: .provenance)
    }
  }

  func validate() throws {
    try Folders.requireApart([("--unknown-to", noting.unknownTo)], from: [("the log", log)], model: model)
    if (user == nil) == (history == nil) { throw ValidationError("give --user with --store or --log, or --history") }
    if let user, log == nil { throw ValidationError("--user \(user) is looked up in a log; give --store or --log") }
  }

  func run() throws {
    let progress = reporting.start()
    let loaded = try ModelDirectory.load(model, workers: threads.workers, progress)
    let recommender = TopKRecommender(
      loaded.model, items: loaded.items, rules: ListRules(excludesSeen: excludeSeen))
    let (history, provenance) = try history(loaded, progress)
    let request = RecommendationRequest(history: history)
    let target = try item.map { ItemID(try loaded.items.knownIndex(of: Identifier($0))) }
    guard let explanation = recommender.explain(target, request) else { throw RecommendationError.noCandidates }
    if json {
      try print(RecordFile.text(Output(explanation: explanation, provenance: provenance)), terminator: "")
      return
    }
    let labels = try known.table(log: self.log)
    func title(_ item: String) -> String { labels?.title(of: Identifier(item)).map { " (\($0))" } ?? "" }
    try print(
      "\(explanation.item)\(title(explanation.item)): score \(explanation.score), rank \(explanation.rank) of \(recommender.candidates.count)"
    )
    var table = TextTable([.number("position"), .text("item"), .number("score change"), .number("rank without")])
    for part in explanation.history.sorted(by: { ($1.scoreChange, $0.position) < ($0.scoreChange, $1.position) }) {
      table.append(
        [
          "\(part.position)", part.item + title(part.item), String(format: "%+.4f", part.scoreChange),
          "\(part.rankWithout)",
        ])
    }
    try print(table.text)
    let older = request.history.count - explanation.history.count
    if older > 0 { try print("\(older) older items are not read by the model") }
  }

  /// The items of the history that the model knows.
  private func history(_ loaded: ModelDirectory.Loaded, _ progress: Progress) throws -> (
    history: ArraySlice<ItemID>, provenance: LogProvenance?
  ) {
    if let history {
      var source = GivenHistories([GivenHistories.ids(history)], catalog: loaded.items)
      try noting.notes(progress).take(source.historyFindings)
      return (source.next(1)[0].history, nil)
    }
    guard let user, let log else { return ([], nil) }
    let source = try sources.load(log, asFor: loaded, at: model, forced: force, progress).source
    progress.finish()
    let mapped = CatalogMappedLog(source.log, fingerprint: source.fingerprint, catalog: loaded.items)
    guard let index = mapped.log.users.index(of: user) else {
      throw RecommendationError.unknownUser(id: Identifier(user), log: log)
    }
    return (mapped.log.history(of: UserID(index)), source.provenance)
  }
}
