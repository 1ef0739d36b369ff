import Interactions
import Recommending
import SequentialModels

/// Asks a scorer about everybody and hands the rows on, batch after batch; memory does not grow with the number of people.
struct RecommendationRun {
  let scorer: Scorer
  let items: Catalog
  /// Items a person must not get, by name.
  let excludedFor: [String: [Int32]]
  let excludesSeen: Bool

  /// People of one batch.
  private static let batch = 1_024

  /// What became of everybody.
  struct Account {
    var people = 0
    var bySource: [Scorer.Source: Int] = [:]
    /// People for whom no candidate was left.
    var withoutItems = 0
    /// People with fewer items than were asked for.
    var short = 0

    /// Says what is worth knowing of it.
    func note(_ notes: Notes, _ run: RecommendationRun, top: Int) {
      if let popular = bySource[.popular] {
        notes.say("\(popular) users have no known item and got popular items")
      }
      if withoutItems > 0 { notes.say("for \(withoutItems) users no candidate was left") }
      if short > 0 && top <= run.scorer.candidates.count {
        notes.say("\(short) users got fewer than \(top) items, because no more candidates were left")
      }
    }
  }

  /// Goes through `audience`, from where `sink` stands, until its end or until `shouldStop` says so.
  ///
  /// - Returns: what became of the people of this run, and whether it came to the end.
  func run(
    _ audience: inout any Audience, into sink: some RecommendationSink, shouldStop: () -> Bool,
    observe: (Int) -> Void
  ) throws -> (account: Account, isComplete: Bool) {
    var account = Account()
    var done = 0
    while done < sink.done {
      let skipped = try audience.next(min(Self.batch, sink.done - done)).count
      if skipped == 0 { break }
      done += skipped
    }
    while true {
      if shouldStop() { return (account, false) }
      let people = try audience.next(Self.batch)
      if people.isEmpty && done > 0 { break }
      let questions = people.map { person in
        Scorer.Question(
          history: person.history,
          excluded: (excludedFor[person.name] ?? []) + (excludesSeen ? person.history.map(\.rawValue) : []))
      }
      let batch = zip(people, scorer.answers(to: questions)).flatMap { rows(of: $1, for: $0.name, in: &account) }
      try sink.write(batch, people: done..<done + people.count)
      done += people.count
      account.people += people.count
      observe(done)
      if people.isEmpty { break }
    }
    try sink.finish()
    return (account, true)
  }

  private func rows(of answer: Scorer.Answer, for name: String, in account: inout Account) -> [RecommendationRow] {
    if answer.list.items.isEmpty {
      account.withoutItems += 1
      return [RecommendationRow(user: name, source: "none: no candidate is left")]
    }
    account.bySource[answer.source, default: 0] += 1
    if answer.list.items.count < scorer.top { account.short += 1 }
    return answer.list.items.enumerated().map { place, entry in
      RecommendationRow(
        user: name, rank: place + 1, item: items[Int(entry.item)].text, score: entry.score,
        probability: answer.probabilities.isEmpty ? nil : answer.probabilities[place], source: answer.source.rawValue)
    }
  }
}
