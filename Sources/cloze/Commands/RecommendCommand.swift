import ArgumentParser
import DurableFiles
import Foundation
import InteractionStore
import Interactions
import SequentialModels

/// `cloze recommend`: the next items of everybody, or of somebody.
struct RecommendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recommend",
    abstract: "Writes the best next items of everybody, or of given histories.",
    discussion: """
      Lists are exact: the beginning of a full sort of all candidates by score, of equal scores the item that came first \
      in the log. Whoever has no item the model knows gets the most touched items of the log, with source `popular` and \
      the number of interactions as score (without a log the model's answer to an empty history, source `prior`). \
      Everybody asked for has rows, or one row whose source says why not.
      """)

  @Argument(help: "The model directory.")
  var model: String
  @OptionGroup var audience: AudienceOptions
  @OptionGroup(title: "Candidates") var candidates: CandidateOptions
  @Option(help: "The length of a list.")
  var top = 10
  @Option(help: ArgumentHelp("The file to write, .csv or .jsonl; standard output if not given.", valueName: "file"))
  var output: String?
  @Option(help: ArgumentHelp("The table of --store to write in place of a file.", valueName: "table"))
  var into: String?
  @Flag(help: "Go on with an --output or --into that was interrupted, without repeating or losing anybody.")
  var resume = false
  @Flag(help: "Add each item's probability: the softmax over the candidates.")
  var probabilities = false
  @Flag(help: "Write JSON lines to standard output.")
  var json = false
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var reporting: ProgressOptions

  func validate() throws {
    try audience.requireSomebody()
    if top < 1 { throw ValidationError("--top \(top) would list nothing; give 1 or more") }
    if output != nil && into != nil {
      throw ValidationError("--output and --into exclude each other; give one of them")
    }
    if into != nil && audience.log == nil { throw ValidationError("--into names a table of a store; give --store") }
    if resume && output == nil && into == nil {
      throw ValidationError("--resume goes on with a file or a table; give --output or --into")
    }
    if json && (output != nil || into != nil) {
      throw ValidationError("--json is for standard output; name the --output .jsonl")
    }
    if let output, RecommendationText.Format(path: output) == nil {
      throw ValidationError("--output \(output): expected a name that ends in .csv or .jsonl")
    }
  }

  func run() throws {
    Interruption.watch()
    let notes = Notes(quiet: reporting.quiet)
    let progress = reporting.start()
    let loaded = try ModelDirectory.load(URL(fileURLWithPath: model), workers: threads.workers)
    let (audience, source) = try audience.open(loaded, at: model, notes: notes, progress: progress)
    let scorer = Scorer(
      loaded.model, top: top, popularity: source?.log.interactionsByItem,
      allowed: try candidates.allowed(loaded.items, notes: notes),
      limit: try candidates.limit(loaded.items, notes: notes), probabilities: probabilities)
    progress.finish()
    let run = RecommendationRun(
      scorer: scorer, items: loaded.items,
      excludedFor: try candidates.excludedFor(loaded.items, notes: notes), excludesSeen: candidates.excludeSeen)
    if top > scorer.candidates.count {
      notes.say("there are \(scorer.candidates.count) candidates, so no list has the \(top) items asked for")
    }
    try finish(run, audience, source?.fingerprint, notes, progress)
  }

  private func finish(
    _ run: RecommendationRun, _ audience: any Audience, _ fingerprint: String?, _ notes: Notes, _ progress: Progress
  ) throws {
    var audience = audience
    let start = ContinuousClock.now
    let sink = try sink(fingerprint)
    let before = sink.done
    if before > 0 { notes.say("going on behind \(before) users") }
    let total = audience.count.map { " of \($0)" } ?? ""
    let (account, isComplete) = try run.run(
      &audience, into: sink, shouldStop: { Interruption.requested },
      observe: { done in
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        progress.update("\(done)\(total) users, \(Int(Double(done - before) / max(seconds, 0.001))) users/s")
      })
    progress.finish()
    notes.list(audience.unknownItems, "items of the histories are unknown to the model and were skipped")
    if !isComplete {
      throw Interrupted(
        description: "stopped after \(before + account.people)\(total) users"
          + (output == nil && into == nil ? "" : "; go on with --resume"))
    }
    if let popular = account.bySource[.popular] {
      notes.say("\(popular) users have no known item and got popular items")
    }
    if account.withoutItems > 0 { notes.say("for \(account.withoutItems) users no candidate was left") }
    if account.short > 0 && top <= run.scorer.candidates.count {
      notes.say("\(account.short) users got fewer than \(top) items, because no more candidates were left")
    }
  }

  private func sink(_ fingerprint: String?) throws -> any RecommendationSink {
    if let into, let store = audience.log {
      let table = try RecommendationTable(
        into, in: InteractionStore.open(URL(fileURLWithPath: store)), request: request(fingerprint), resuming: resume)
      return RecommendationTableSink(table: table)
    }
    guard let output, let format = RecommendationText.Format(path: output) else {
      let text = RecommendationText(format: json ? .jsonLines : .csv, probabilities: probabilities)
      return RecommendationTextSink(done: 0, sink: try TextSink(nil), text: text)
    }
    let file = try GrowingFile(URL(fileURLWithPath: output), request: request(fingerprint), resuming: resume)
    return RecommendationTextSink(
      done: file.done, sink: TextSink(growing: file),
      text: RecommendationText(format: format, probabilities: probabilities))
  }

  /// What was asked of which model and log, so that only the same is gone on with.
  private func request(_ fingerprint: String?) -> String {
    let weights = URL(fileURLWithPath: model).appendingPathComponent("model.safetensors")
    let changed = try? weights.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate
    let words = CommandLine.arguments.dropFirst().filter { !["--resume", "--quiet", "--progress"].contains($0) }
    return (words + [fingerprint ?? "", "\(changed?.timeIntervalSince1970 ?? 0)"]).joined(separator: " ")
  }
}
