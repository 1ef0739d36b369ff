import Interactions

/// The protocol behind a number; a number never travels without it.
package struct Passport: Codable, Equatable, Sendable {
  package let split: SplitAccount
  /// Whether the questions are the test or the validation.
  package let part: EvaluationPart
  package let rules: EvaluationRules
  /// Questions asked, one per user.
  package let questions: Int
  /// Targets that stood in their own history; they were ranked all the same.
  package let targetsInHistory: Int
  /// What the recommender has not learnt of the split; nil in passports older than the question: validation and test.
  package let heldOut: HeldOut?
  package let log: LogIdentity
  /// What is ranked.
  package let candidates: String
  /// What a tie is worth.
  package let ties: String
  /// By what a user's DCG is divided.
  package let idealGain: String
  package let program: String

  package init(
    split: SplitAccount, part: EvaluationPart, rules: EvaluationRules, questions: Int, targetsInHistory: Int,
    heldOut: HeldOut = .validationAndTest, log: LogIdentity
  ) {
    self.split = split
    self.part = part
    self.rules = rules
    self.questions = questions
    self.targetsInHistory = targetsInHistory
    self.heldOut = heldOut
    self.log = log
    candidates =
      "all \(log.items) items of the log" + (rules.seen == .remove ? " but those of the user's history" : "")
    ties = "against the model: rank = 1 + better + tied"
    idealGain = "the best order of min(targets, k) targets"
    program = "\(Program.name) \(Program.version)"
  }

  /// The passport line by line, for people.
  package var lines: [PassportLine] {
    var lines = [
      PassportLine("log", "\(log.name): \(log.users) users, \(log.items) items, \(log.interactions) interactions"),
      PassportLine("fingerprint", log.fingerprint),
      PassportLine("split", split.method),
      PassportLine("questions", "\(questions) users, \(part.rawValue)"),
      PassportLine("left out", leftOut),
    ]
    switch heldOut {
    case .validationAndTest, nil: break
    case .test: lines.append(PassportLine("learnt", "validation's answers, too; nothing was validated"))
    case .nothing: lines.append(PassportLine("learnt", "everything, these answers included"))
    }
    lines.append(
      PassportLine(
        "new items", "\(split.targetsOfNewItems) targets are \(split.newItems) items new to training; misses"))
    if let leakage = split.leakage {
      let share = (leakage * 1_000).rounded() / 10
      lines.append(PassportLine("leakage", "\(share) % of test targets are older than the newest training event"))
    }
    return lines + [
      PassportLine("candidates", candidates),
      PassportLine("seen items", rules.seen == .remove ? "removed" : "kept"),
      PassportLine("targets in history", "\(targetsInHistory), ranked all the same"),
      PassportLine("ties", ties),
      PassportLine("ideal DCG", idealGain),
      PassportLine("intervals", "\(rules.bootstrap.resamples) bootstrap resamples of users, seed \(rules.seed)"),
      PassportLine("program", program),
    ]
  }

  private var leftOut: String {
    if split.usersLeftOut.isEmpty { return "nobody" }
    return split.usersLeftOut.sorted { $0.key < $1.key }.map { "\($0.value) users \($0.key)" }.joined(separator: ", ")
  }

  /// What two passports must agree on for their numbers to stand side by side, and where they do not.
  package func differences(to other: Passport) -> [String] {
    [
      ("log fingerprint", log.fingerprint, other.log.fingerprint),
      ("split", split.method, other.split.method),
      ("part", part.rawValue, other.part.rawValue),
      ("candidates", candidates, other.candidates),
      ("ties", ties, other.ties),
    ].filter { $0.1 != $0.2 }.map { "\($0.0): “\($0.1)” against “\($0.2)”" }
  }
}
