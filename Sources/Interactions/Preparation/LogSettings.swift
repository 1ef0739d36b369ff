/// How a log becomes histories: how it is read, and what is left out of it before anything learns from it.
///
/// A model remembers these values, so that the commands that use it treat a log as its training did.
package struct LogSettings: Codable, Sendable, Equatable {
  package var reading: ReadingOptions
  package var preparation: Preparation

  package init(reading: ReadingOptions = .init(), preparation: Preparation = .init()) {
    self.reading = reading
    self.preparation = preparation
  }

  /// An option that was given, and what it sets.
  package struct Change: Sendable {
    /// `--min-user-events`
    package let name: String
    /// `--min-user-events 5`
    package let text: String
    /// Whether the histories depend on it.
    package let decidesHistories: Bool
    fileprivate let apply: @Sendable (inout LogSettings) -> Void

    fileprivate init(
      _ name: String, text: String, decidesHistories: Bool, apply: @escaping @Sendable (inout LogSettings) -> Void
    ) {
      self.name = name
      self.text = "\(name) \(ShellWord.quoted(text))"
      self.decidesHistories = decidesHistories
      self.apply = apply
    }
  }

  /// Options as they are given, one after another.
  package struct Changes: Sendable {
    package private(set) var list: [Change] = []

    package init() {}

    /// Adds the option `name` where it was given; `text` is its value as it is typed.
    package mutating func add<Value: Sendable>(
      _ name: String, _ path: WritableKeyPath<LogSettings, Value> & Sendable, _ value: Value?, text: String? = nil,
      decidesHistories: Bool = true
    ) {
      guard let value else { return }
      list.append(
        Change(name, text: text ?? "\(value)", decidesHistories: decidesHistories) { $0[keyPath: path] = value })
    }

    /// Adds an option whose setting may be left open.
    package mutating func add<Value: Sendable>(
      _ name: String, open path: WritableKeyPath<LogSettings, Value?> & Sendable, _ value: Value?, text: String? = nil
    ) {
      guard let value else { return }
      list.append(Change(name, text: text ?? "\(value)", decidesHistories: true) { $0[keyPath: path] = value })
    }
  }

  package init(_ changes: [Change]) {
    self.init()
    for change in changes { change.apply(&self) }
  }

  /// These settings with `changes` made; as they were where nothing contradicts them.
  package func with(_ changes: [Change]) -> LogSettings {
    changes.reduce(into: self) { $1.apply(&$0) }
  }

  /// The changes after which the same file would become other histories, each with what stands in its place: `--repeats
  /// keep` for `--repeats collapseConsecutive`, or `no --repeats`.
  ///
  /// - Parameter ofStore: whether the log is a store, whose events were read when they were imported.
  package func contradictions(_ changes: [Change], ofStore: Bool = false) -> [(given: String, here: String)] {
    changes.filter { change in
      guard change.decidesHistories else { return false }
      let changed = with([change])
      return ofStore ? changed.preparation != preparation : changed != self
    }.map { change in
      let own = options().filter { $0.hasPrefix(change.name + " ") }
      return (change.text, own.isEmpty ? "no \(change.name)" : own.joined(separator: " "))
    }
  }

  /// What differs from the defaults, as options: `--min-user-events 5`.
  ///
  /// - Parameter ofStore: whether the log is a store, whose events were read when they were imported.
  package func options(ofStore: Bool = false) -> [String] {
    (ofStore ? [] : reading.options) + preparation.options
  }

  /// Which events the histories are made of, as options; nil for all.
  ///
  /// - Parameter ofStore: whether the log is a store, whose events were chosen when they were imported.
  package func selection(ofStore: Bool = false) -> String? {
    let options = (ofStore ? [] : reading.filter.options) + preparation.options
    return options.isEmpty ? nil : options.joined(separator: " ")
  }
}

extension ReadingOptions {
  fileprivate var options: [String] {
    var options: [String] = []
    func add(_ name: String, _ value: String?) {
      if let value { options.append("\(name) \(ShellWord.quoted(value))") }
    }
    add("--format", format?.rawValue)
    add("--columns", columns.isEmpty ? nil : columns.description)
    add("--table", table)
    add("--header", hasHeader.map { $0 ? "yes" : "no" })
    add("--separator", separator?.rawValue)
    add("--quote", quoting?.rawValue)
    add("--decimal", decimal?.rawValue)
    if case .unix(let unit) = timeForm {
      add("--time-unit", unit.rawValue)
    } else {
      add("--time-format", timeForm?.rawValue)
    }
    add("--missing", missing == .words ? nil : missing.rawValue)
    add("--ids", ids == .asWritten ? nil : ids.rawValue)
    return options + filter.options
  }
}

extension Preparation {
  fileprivate var options: [String] {
    var options: [String] = []
    if let since { options.append("--since \(ISO8601.text(since))") }
    if let until { options.append("--until \(ISO8601.text(until))") }
    if minimumUserEvents > 1 { options.append("--min-user-events \(minimumUserEvents)") }
    if minimumItemEvents > 1 { options.append("--min-item-events \(minimumItemEvents)") }
    if repeats != .keep { options.append("--repeats \(repeats.rawValue)") }
    if let sessionGapMinutes { options.append("--session-gap \(ShortNumber.text(sessionGapMinutes))") }
    return options
  }
}

/// Numbers as they are typed.
enum ShortNumber {
  /// `4` for 4.0, `0.5` for 0.5.
  static func text(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
  }
}
