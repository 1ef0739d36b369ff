import ArgumentParser
import Foundation
import Interactions
import Recommending
import ModelFiles
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
  @OptionGroup(title: "Output") var target: RecommendationOutput
  @Flag(help: "Add each item's probability: the softmax over the candidates.")
  var probabilities = false
  @OptionGroup var noting: NoteOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var reporting: ProgressOptions

  func validate() throws {
    try audience.requireSomebody()
    if top < 1 { throw ValidationError("--top \(top) would list nothing; give 1 or more") }
    if target.into != nil && audience.log == nil {
      throw ValidationError("--into names a table of a store; give --store")
    }
  }

  func run() throws {
    Interruption.watch()
    let notes = noting.notes(quiet: reporting.quiet)
    let progress = reporting.start()
    let loaded = try ModelDirectory.load(URL(fileURLWithPath: model), workers: threads.workers)
    let (audience, source) = try audience.open(loaded, at: model, notes: notes, progress: progress)
    let scorer = Scorer(
      loaded.model, top: top, popularity: source?.log.eventCountsByItem,
      allowed: try candidates.allowed(loaded.items, notes: notes),
      limit: try candidates.limit(loaded.items, notes: notes), probabilities: probabilities)
    progress.finish()
    let run = RecommendationRun(
      scorer: scorer, items: loaded.items,
      excludedFor: try candidates.excludedFor(loaded.items, known: source?.log.users, notes: notes),
      excludesSeen: candidates.excludeSeen)
    if top > scorer.candidates.count {
      notes.say("there are \(scorer.candidates.count) candidates, so no list has the \(top) items asked for")
    }
    try finish(run, audience, request(fingerprint: source?.fingerprint), notes, progress)
  }

  private func finish(
    _ run: RecommendationRun, _ audience: any Audience, _ request: RecommendationRequest, _ notes: Notes,
    _ progress: Progress
  ) throws {
    var audience = audience
    let sink = try target.open(store: self.audience.log, request: request, probabilities: probabilities)
    let before = sink.done
    if before > 0 {
      notes.say("going on behind \(before) users")
    } else if target.resume {
      notes.say("nothing was begun, so it begins with the first user")
    }
    let account: RecommendationRun.Account
    do {
      account = try answer(run, &audience, into: sink, progress)
    } catch {
      progress.finish()
      // A bad line is mended in the file of histories, which is another request then.
      if sink.done == 0 || error is RecommendationError { try? sink.discard() }
      if sink.done == 0 || error is RecommendationError || error is Interrupted { throw error }
      throw UnfinishedRecommendations(done: sink.done, cause: error)
    }
    notes.list(
      audience.unknownItems, "items of the histories are unknown to the model and were skipped",
      as: "item of a history")
    if audience.repeated > 0 {
      notes.say("\(audience.repeated) histories are of users who came before; each is answered")
    }
    account.note(notes, run, top: top)
    try notes.finish()
  }

  private func answer(
    _ run: RecommendationRun, _ audience: inout any Audience, into sink: any RecommendationSink, _ progress: Progress
  ) throws -> RecommendationRun.Account {
    let start = ContinuousClock.now
    let before = sink.done
    let total = audience.count.map { " of \($0)" } ?? ""
    let (account, isComplete) = try run.run(
      &audience, into: sink, shouldStop: { Interruption.requested },
      observe: { done in
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        progress.update("\(done)\(total) users, \(Int(Double(done - before) / max(seconds, 0.001))) users/s")
      })
    progress.finish()
    if !isComplete {
      let done = before + account.people
      throw Interrupted(
        description: "stopped after \(done)\(total) users" + (done > 0 && target.isKept ? "; go on with --resume" : ""))
    }
    return account
  }

  /// What decides the answers, and in what form they are written.
  private func request(fingerprint: String?) -> RecommendationRequest {
    var request = RecommendationRequest()
    request.add("model", file: URL(fileURLWithPath: model).appendingPathComponent("model.safetensors").path)
    request.add("log", fingerprint)
    request.add("users", file: audience.users)
    for history in audience.history { request.add("history", history) }
    request.add("histories", file: audience.histories)
    request.add("items", file: candidates.items)
    request.add("exclude", file: candidates.exclude)
    request.add("exclude-for", file: candidates.excludeFor)
    request.add("exclude-seen", candidates.excludeSeen)
    request.add("groups", file: candidates.groups)
    request.add("group-columns", candidates.groupColumns)
    request.add("max-per-group", candidates.maxPerGroup)
    request.add("top", top)
    request.add("probabilities", probabilities)
    return request
  }
}

/// Recommendations that stopped half-way by a fault; what was written is kept.
struct UnfinishedRecommendations: Error, CustomStringConvertible {
  let done: Int
  let cause: any Error

  var description: String { "\(cause); the rows of \(done) users are kept: the same command with --resume goes on" }
}
