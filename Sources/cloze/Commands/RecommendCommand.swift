import ArgumentParser
import DurableFiles
import Evaluation
import Foundation
import Interactions
import Items
import ModelFiles
import Recommending
import SequentialModels

/// `cloze recommend`: the next items of all users, or of some.
struct RecommendCommand: ParsableCommand, ComputesTogether {
  static let configuration = CommandConfiguration(
    commandName: "recommend",
    abstract: "Write the best next items for all users, or for given histories.",
    discussion: """
      Lists are exact: the beginning of a full sort of all candidates by score, of equal scores the item that came first \
      in the log. A user without an item that the model knows gets the most frequent items of the log, with source \
      `popular` and the number of events as score (without a log the model's answer to an empty history, source \
      `prior`). Every user has rows, or one row whose source says why not.
      """)

  @Argument(help: "The model directory.", completion: .directory)
  var model: String
  @OptionGroup var users: UserOptions
  @OptionGroup(title: "Candidates") var candidates: CandidateOptions
  @OptionGroup(title: "Items") var known: ItemFileOptions
  @OptionGroup(title: "Items") var vectors: ItemVectorOptions
  @OptionGroup(title: "Cold items") var cold: ColdOptions
  @Option(parsing: .unconditional, help: "The length of a list.")
  var top = 10
  @OptionGroup(title: "Output") var output: OutputOptions
  @Flag(help: "Add each item's title, from --items-from or the store.")
  var titles = false
  @Flag(help: "Add each item's probability: the softmax over the candidates.")
  var probabilities = false
  @OptionGroup var noting: NoteOptions
  @OptionGroup var sharding: ItemShardOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var reporting: ProgressOptions

  /// What `--json` prints of a file or a table.
  private struct Written: Encodable {
    let place: String
    let users, rows: Int
    /// By where their lists come from.
    let usersBySource: [String: Int]
    let usersWithoutItems: Int
    /// Items of the histories that the model does not know.
    let unknownItems: Int
    let provenance: LogProvenance?

    init(place: String, _ summary: BatchRun.Summary, unknownItems: Int, provenance: LogProvenance?) {
      self.place = place
      (users, rows, usersWithoutItems) = (summary.users, summary.rows, summary.withoutItems)
      usersBySource = Dictionary(
        uniqueKeysWithValues: summary.bySource.map { (String(describing: $0.key), $0.value) })
      self.unknownItems = unknownItems
      self.provenance = provenance
    }
  }

  func validate() throws {
    try users.requireUsers()
    try require(top, in: 1...Int(Int32.max), "--top")
    if output.into != nil && users.log == nil {
      throw ValidationError("--into names a table of a store; give --store")
    }
    if sharding.shardItems && probabilities {
      throw ValidationError(
        "--probabilities are shares of a sum over all items, and --shard-items has a part of them in each process; leave one out"
      )
    }
    if sharding.shardItems && users.histories == "-" {
      throw ValidationError(
        "--histories - reaches the first process only, and with --shard-items all of them answer it; name a file")
    }
    try Folders.requireApart(
      [("--output", output.output), ("--unknown-to", noting.unknownTo)],
      from: users.inputs + candidates.inputs + [
        ("--items-from", known.itemsFrom), ("--item-vectors", vectors.itemVectors), ("--new-items", cold.newItems),
      ],
      model: model)
  }

  func run() throws {
    Interruption.watch()
    let processes = LaunchedProcesses.all
    if processes.count == 1 || output.shard != nil || sharding.shardItems { return try recommend() }
    guard let whole = output.output else {
      throw ValidationError("\(processes.count) processes write one file together; give --output, or --shard-items")
    }
    let parts = LaunchedParts(of: URL(fileURLWithPath: whole), count: processes.count)
    var own = self
    own.output.output = parts.files[processes.rank].path
    own.output.shard = Shard(processes.rank + 1, of: processes.count)
    try own.recommend()
    processes.wait()
    if LaunchedProcesses.isFirst {
      try parts.merge()
      reporting.start().note("joined the parts of \(processes.count) processes to \(whole)")
    }
  }

  /// Answers the users by this process alone or, where the items are shared out, by all processes, of which the first writes.
  private func recommend() throws {
    let writes = !sharding.shardItems || LaunchedProcesses.isFirst
    let progress = reporting.start(inEveryProcess: !sharding.shardItems)
    let notes = noting.notes(progress)
    let table = titles || cold.isGiven ? try known.table(log: users.log) : nil
    let trained = try ModelDirectory.load(model, workers: threads.workers, shardsItems: sharding.shardItems, progress)
    let (cold, loaded) = try cold.items(
      trained, table, vectors: try vectors.vectors(), textEncoder: vectors.textEncoder,
      cache: try TextCache.inStore([users.log, known.itemsFrom]) { progress.note($0) }, notes: notes)
    let labels = try labels(loaded.items, table, cold, notes)
    let (source, log, provenance) = try users.open(
      loaded, at: model, notes: notes, progress: progress, wantsProvenance: output.json)
    let rules = ListRules(
      top: top, excludesSeen: candidates.excludeSeen,
      groupLimit: try candidates.groupLimit(loaded.items, notes: notes), probabilities: probabilities)
    let allowed = self.cold.allowed(try candidates.allowed(loaded.items, notes: notes), cold)
    var recommender = TopKRecommender(
      loaded.model, items: loaded.items, popularity: log?.log.eventCountsByItem, allowed: allowed, rules: rules)
    recommender.coldShare = self.cold.share(loaded.model, cold, allowed: allowed)
    let run = BatchRun(
      recommender, excludedPairs: try candidates.excludedPairs(loaded.items, users: log?.log.users, notes: notes),
      labels: labels)
    progress.finish()
    let count = run.recommender.candidates.count
    if top > count {
      notes.say(
        "there \(Counted.verb(count, "is", "are")) only \(Counted(count, "candidate")), so no list has \(Counted(top, "item"))"
      )
    }
    let directory = URL(fileURLWithPath: model)
    var identity = run.identity(model: directory, users: source)
    identity.add("new items", cold?.added == 0 ? nil : cold?.fingerprint)
    if output.formulas.guardFormulas { identity = identity.guardingFormulas() }
    var users = source
    if let shard = output.shard { users = try ShardedUsers(source, shard: shard) }
    let own = output.shard.map(identity.adding) ?? identity
    if sharding.shardItems { try LaunchedProcesses.agree(model: loaded, own.fields.filter { $0.name != "model" }) }
    let sink = try sink(own, labels, isOwn: writes)
    if sink.done > 0 {
      notes.say("resuming behind \(Notes.users(sink.done))")
    } else if output.resume {
      notes.say("nothing to resume: starting with the first user")
    }
    var stops: Bool {
      sharding.shardItems ? LaunchedProcesses.all.any([Interruption.requested])[0] : Interruption.requested
    }
    var lines = RecommendationLines(progress: progress, total: users.count, before: sink.done)
    let summary = try run.run(
      &users, into: sink, shouldStop: { stops }, observe: { lines.show(done: $0) })
    progress.finish()
    if !summary.isComplete { throw Interrupted(description: lines.stopped(isKept: output.isKept && sink.done > 0)) }
    if !writes { return LaunchedProcesses.all.wait() }
    if let shard = output.shard, let file = output.output.map({ URL(fileURLWithPath: $0) }) {
      let run = try identity.independentOfMachine(model: directory, program: "\(Program.name) \(Program.version)")
      try ShardManifest(of: file, shard: shard, run: run).write(beside: file)
    }
    notes.say(users.historyFindings)
    notes.say(summary, repeated: users.repeated, top: top, candidates: count)
    try notes.finish()
    if sharding.shardItems { LaunchedProcesses.all.wait() }
    guard let place = output.place else { return }
    notes.say(lines.finished(summary, place))
    if output.json {
      try print(
        JSONText.of(Written(place: place, summary, unknownItems: users.unknownItems.count, provenance: provenance)))
    }
  }

  /// Where rows go; nowhere in a process whose rows another one writes, which stands where that one does.
  private func sink(_ identity: RunIdentity, _ labels: ItemLabels, isOwn: Bool) throws -> any RecommendationSink {
    let sink =
      isOwn
      ? try output.destination(store: users.log).open(
        identity, probabilities: probabilities, columns: labels.columns,
        guardsFormulas: output.formulas.guardFormulas, resuming: output.resume) : nil
    if !sharding.shardItems, let sink { return sink }
    let done = LaunchedProcesses.all.gather([sink?.done ?? 0])[0][0]
    return sink ?? UnwrittenRows(done: done)
  }

  /// What rows say of items beside their ids.
  private func labels(
    _ items: Catalog, _ table: ItemTable?, _ cold: ColdItems?, _ notes: Notes
  ) throws -> ItemLabels {
    if !titles { return ItemLabels(isCold: cold?.isCold) }
    guard let table else {
      throw ValidationError(
        "--titles needs to know what items are called; give --items-from FILE, or import one into the store: "
          + "cloze import-items FILE --store STORE")
    }
    let labels = ItemLabels(table, for: items, isCold: cold?.isCold)
    let named = labels.titles?.count { $0 != nil } ?? 0
    if named == 0, let item = items.names.first {
      notes.say(
        "no item of the model has a title in \(table.source), for example \"\(item.text)\"; check that it has titles, and the "
          + "ids of the log")
    } else if named < items.count {
      notes.say("\(table.source): \(named) of the model's \(Counted(items.count, "item")) have a title")
    }
    return labels
  }
}

/// How far a run has come, in words.
private struct RecommendationLines {
  let progress: Progress
  let total: Int?
  let before: Int
  private let start = ContinuousClock.now
  private var done: Int

  init(progress: Progress, total: Int?, before: Int) {
    (self.progress, self.total, self.before, done) = (progress, total, before, before)
  }

  private var users: String { "\(done)\(total.map { " of \($0)" } ?? "") users" }

  mutating func show(done: Int) {
    self.done = done
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let line = "\(users), \(Int(Double(done - before) / max(seconds, 0.001))) users/s"
    progress.update(line)
  }

  func finished(_ summary: BatchRun.Summary, _ place: String) -> String {
    let seconds = String(format: "%.1f", (ContinuousClock.now - start) / .seconds(1))
    return "\(place): \(Counted(summary.rows, "row")) for \(Notes.users(summary.users)) in \(seconds) s"
      + (before > 0 ? ", behind \(Notes.users(before)) of an earlier run" : "")
  }

  func stopped(isKept: Bool) -> String { "stopped after \(users)\(isKept ? "; go on with --resume" : "")" }
}

extension Notes {
  /// Says what is worth knowing of a run.
  fileprivate func say(_ summary: BatchRun.Summary, repeated: Int, top: Int, candidates: Int) {
    if repeated > 0 { say("histories of users who came before, each answered: \(repeated)") }
    if let popular = summary.bySource[.popular] {
      say("\(Notes.users(popular)) without a known item got popular items")
    }
    if summary.withoutItems > 0 { say("no candidate was left for \(Notes.users(summary.withoutItems))") }
    if summary.short > 0 && top <= candidates {
      say("\(Notes.users(summary.short)) got fewer than \(Counted(top, "item")), because no more candidates were left")
    }
  }
}
