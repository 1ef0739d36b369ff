import Foundation
import Interactions
import NeuralNetwork

/// One key of a configuration: where it stands, what it may be, and what it means here and in other libraries.
///
/// The list of them, `Setting.all`, is the schema of configurations, the ranges that are checked, the answer of
/// `cloze settings` and the page `docs/Settings.md`.
package struct Setting: Sendable, Equatable {
  /// What a key's value may be.
  package enum Kind: Sendable, Equatable {
    case number(SettingRange)
    /// `true` or `false`.
    case flag
    /// One of several words; `renamed` has those of earlier versions.
    case choice([String], renamed: [String: String] = [:])
    /// A text of any form, or of a form that is checked where it is read.
    case text(String)
    /// Several words, written `[a, b]`.
    case list(String)
  }

  /// Its place, the number of a stage as `N`: `model.hidden`, `stages.N.epochs`.
  package let path: String
  package let kind: Kind
  /// One sentence, with the unit of a number.
  package let meaning: String
  /// What holds where the key is left out; nil for a key that always has a value.
  package let unset: String?
  /// The option of `train` that sets it, in all stages.
  package let flag: String?
  /// What other libraries call it, or something close to it: `RecBole hidden_size`.
  package let otherNames: [String]

  init(
    _ path: String, _ kind: Kind, _ meaning: String, unset: String? = nil, flag: String? = nil,
    otherNames: [String] = []
  ) {
    self.path = path
    self.kind = kind
    self.meaning = meaning
    self.unset = unset
    self.flag = flag
    self.otherNames = otherNames
  }

  /// `a whole number from 1 to 65536`, `one of full, gBCE`
  package var values: String {
    switch kind {
    case .number(let range): range.text
    case .flag: "true or false"
    case .choice(let names, _): "one of \(names.joined(separator: ", "))"
    case .text(let form), .list(let form): form
    }
  }

  /// What an experiment has that says nothing of it, as YAML.
  package var defaultText: String {
    if let unset { return unset }
    return Self.defaults[path].map { YAMLText.scalar($0) } ?? ""
  }

  /// The values of a fresh experiment with one stage of all objectives, by path.
  private static let defaults: [String: JSONValue] = {
    let experiment = Experiment(
      model: ModelConfiguration(features: FeatureConfiguration()), start: StartingPoint(),
      stages: [TrainingStage(name: "stage", objectives: .all)])
    guard let tree = try? JSONValue(encoding: experiment) else { preconditionFailure("defaults are always JSON") }
    return Dictionary(tree.values.map { (general($0.path), $0.value) }, uniquingKeysWith: { first, _ in first })
  }()

  /// `stages.0.epochs` as the list has it: `stages.N.epochs`.
  static func general(_ path: String) -> String {
    path.split(separator: ".").map { Int($0) == nil ? String($0) : "N" }.joined(separator: ".")
  }

  /// The keys of a configuration as a tree without values; a list of parts has one.
  static let tree: JSONValue = all.reduce(.object([:])) { $0.with($1.path.split(separator: ".")[...]) }

  private static let byPath = Dictionary(uniqueKeysWithValues: all.map { ($0.path, $0) })

  /// The key at `path` (`stages.0.epochs`); nil where it is none.
  package static func at(_ path: String) -> Setting? { byPath[general(path)] }

  /// `text` without what joins its words: `max_len`, `--max-len` and `maxLen` are the same.
  private static func letters(_ text: String) -> String {
    String(text.lowercased().filter { $0.isLetter || $0.isNumber })
  }

  /// Those whose path, meaning, option or name elsewhere has `word`, however it is spelled there (`learning_rate`,
  /// `learningRate`, `--learning-rate`); better places first.
  package static func matching(_ word: String) -> [Setting] {
    let wanted = letters(word)
    if wanted.isEmpty { return [] }
    let named = all.filter { setting in
      ([setting.path, setting.flag ?? ""] + setting.otherNames).contains { letters($0).contains(wanted) }
    }
    return named + all.filter { !named.contains($0) && letters($0.meaning).contains(wanted) }
  }

  /// The flag of the key that another library calls `option` (`--lr`, `--hidden-size`, `--max-len`), however its words are
  /// joined; nil where none does.
  package static func flag(called option: String) -> String? {
    let wanted = letters(option)
    for setting in all {
      guard let flag = setting.flag else { continue }
      for name in setting.otherNames where letters(String(name.split(separator: " ").last ?? "")) == wanted {
        return flag
      }
    }
    return nil
  }

  /// A word that `matching` finds something for and that is spelled like `word`.
  package static func suggestion(for word: String) -> String? {
    let words = all.flatMap { setting in
      setting.path.split(separator: ".").map(String.init)
        + setting.otherNames.compactMap { $0.split(separator: " ").last.map(String.init) }
    }
    return NearestName.suggestion(for: word, among: words)
  }
}

extension JSONValue {
  /// This tree of keys with that at `path`.
  fileprivate func with(_ path: ArraySlice<Substring>) -> JSONValue {
    guard let key = path.first else { return .null }
    if key == "N" {
      let part: JSONValue = if case .array(let parts) = self { parts[0] } else { .object([:]) }
      return .array([part.with(path.dropFirst())])
    }
    var members: [String: JSONValue] = if case .object(let members) = self { members } else { [:] }
    members[String(key)] = (members[String(key)] ?? .object([:])).with(path.dropFirst())
    return .object(members)
  }
}
