import DurableFiles
import Interactions

/// What is behind a number: a number never travels without its protocol.
package struct EvaluationProtocol: Codable, Equatable, Sendable {
  package let split: SplitSummary
  package let part: EvaluationPart
  package let rules: EvaluationRules
  /// Cases evaluated, one per user.
  package let cases: Int
  /// Targets that stood in their own history; they were ranked all the same.
  package let targetsInHistory: Int
  /// What the recommender has not learned of the split; nil in protocols older than that: validation and test.
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
    split: SplitSummary, part: EvaluationPart, rules: EvaluationRules, cases: Int, targetsInHistory: Int,
    heldOut: HeldOut = .validationAndTest, log: LogIdentity
  ) {
    self.split = split
    self.part = part
    self.rules = rules
    self.cases = cases
    self.targetsInHistory = targetsInHistory
    self.heldOut = heldOut
    self.log = log
    candidates =
      "all \(Counted(log.items, "item")) of the log" + (rules.seen == .remove ? " but those of the user's history" : "")
    ties = "against the model: rank = 1 + better + tied"
    idealGain = "the best order of min(targets, k) targets"
    program = Program.description
  }

  /// What two protocols must agree on for their numbers to stand side by side, and where they do not.
  package func differences(to other: EvaluationProtocol) -> [String] {
    var found: [String] = []
    func compare<Value: Equatable>(_ what: String, _ value: (EvaluationProtocol) -> Value, _ text: (Value) -> String) {
      let (own, others) = (value(self), value(other))
      if own != others { found.append("\(what): “\(text(own))” against “\(text(others))”") }
    }
    compare("log fingerprint", \.log.fingerprint) { $0 }
    compare("split", \.split.method) { $0?.description ?? "unknown" }
    compare("part", \.part.rawValue) { $0 }
    compare("candidates", \.candidates) { $0 }
    compare("ties", \.ties) { $0 }
    return found
  }
}

/// Which cases of a split are evaluated.
package enum EvaluationPart: String, Codable, Sendable {
  case validation
  case test
}

/// One line of a protocol as users read it: `split` – `leave-one-out: each user's last item is the test, …`.
package struct ProtocolLine: Codable, Sendable, Equatable {
  package var name: String
  package var value: String

  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// The shape of a log, ready to be drawn.
package struct LogShapeLines: Sendable {
  /// `4–7`, and how many users have so many events.
  package let historyLengths: [(String, Int)]
  package let popularity: [(place: Int, events: Int)]
  /// When each part of the time begins, and its events; empty where the log has no times.
  package let eventsOverTime: [(String, Int)]
  package let ties: Int?
}

extension LogProvenance {
  /// The shape of the log; nil in records that do not have it.
  package var shape: LogShapeLines? {
    guard let picture else { return nil }
    var parts: [(String, Int)] = []
    if let counts = picture.eventsOverTime, let first = picture.firstTime, let last = picture.lastTime {
      let part = (Double(last) - Double(first)) / Double(counts.count)
      parts = counts.enumerated().map { index, count in
        // The last part is named by its end.
        let time = index == counts.count - 1 ? Double(last) : Double(first) + part * Double(index)
        return (String(ISO8601.text(Int64(exactly: time.rounded(.down)) ?? 0).prefix(10)), count)
      }
    }
    return LogShapeLines(
      historyLengths: picture.historyLengths.map { bin in
        (bin.least == 1 ? "1" : "\(bin.least)–\(2 &* bin.least &- 1)", bin.count)
      }, popularity: picture.popularity.map { ($0.place, $0.events) }, eventsOverTime: parts, ties: picture.ties)
  }

  /// What was read and prepared, as a page lists it.
  package var protocolLines: [ProtocolLine] {
    lines.map { ProtocolLine(String($0.label.drop { $0 == " " }), $0.text) }
  }
}

extension EvaluationProtocol {
  package var lines: [ProtocolLine] {
    var lines = [
      ProtocolLine(
        "log",
        "\(log.name): \(Counted(log.users, "user")), \(Counted(log.items, "item")), \(Counted(log.events, "event"))"),
      ProtocolLine("log fingerprint", log.fingerprint),
    ]
    if let selection = log.selection { lines.append(ProtocolLine("events", selection)) }
    lines += [
      ProtocolLine("split", split.method?.description ?? "unknown"),
      ProtocolLine("evaluated", "\(Counted(cases, "user")), \(part.rawValue)"),
      ProtocolLine("left out", split.usersLeftOut.isEmpty ? "nobody" : split.leftOutText),
    ]
    switch heldOut {
    case .validationAndTest, nil: break
    case .test: lines.append(ProtocolLine("learned", "validation's answers, too; nothing was validated"))
    case .nothing: lines.append(ProtocolLine("learned", "everything, these answers included"))
    }
    lines.append(
      ProtocolLine(
        "new items",
        "\(Counted(split.targetsOfNewItems, "target")) \(Counted.verb(split.targetsOfNewItems, "is", "are")) "
          + "\(Counted(split.newItems, "item")) new to training; without features they are misses"
      ))
    if let leakage = split.leakage {
      let share = (leakage * 1_000).rounded() / 10
      lines.append(ProtocolLine("leakage", "\(share) % of test targets are older than the newest training event"))
    }
    return lines + [
      ProtocolLine("candidates", candidates),
      ProtocolLine("seen items", rules.seen == .remove ? "removed" : "kept"),
      ProtocolLine("targets in history", "\(targetsInHistory), ranked all the same"),
      ProtocolLine("ties", ties),
      ProtocolLine("ideal DCG", idealGain),
      ProtocolLine("intervals", "\(rules.bootstrap.resamples) bootstrap resamples of users, seed \(rules.seed)"),
      ProtocolLine("program", program),
    ]
  }
}

extension EvaluationProtocol {
  private enum CodingKeys: String, CodingKey {
    case split, part, rules, cases, targetsInHistory, heldOut, log, candidates, ties, idealGain, program
  }

  /// What versions before 0.2 called `cases`.
  private enum OldKeys: String, CodingKey { case questions }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let old = try decoder.container(keyedBy: OldKeys.self)
    split = try container.decode(SplitSummary.self, forKey: .split)
    part = try container.decode(EvaluationPart.self, forKey: .part)
    rules = try container.decode(EvaluationRules.self, forKey: .rules)
    cases = try container.decodeIfPresent(Int.self, forKey: .cases) ?? old.decode(Int.self, forKey: .questions)
    targetsInHistory = try container.decode(Int.self, forKey: .targetsInHistory)
    heldOut = try container.decodeIfPresent(HeldOut.self, forKey: .heldOut)
    log = try container.decode(LogIdentity.self, forKey: .log)
    candidates = try container.decode(String.self, forKey: .candidates)
    ties = try container.decode(String.self, forKey: .ties)
    idealGain = try container.decode(String.self, forKey: .idealGain)
    program = try container.decode(String.self, forKey: .program)
  }
}
