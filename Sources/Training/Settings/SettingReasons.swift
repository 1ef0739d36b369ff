import Foundation
import Interactions
import SequentialModels

/// Why each key of an experiment has the value it has: the recipe, the log, a model to start from, a file, a flag.
///
/// Each layer that is laid over the experiment says what it changes; the last one that names a key is its reason. A key that
/// no layer names has the value of every experiment and no reason.
package struct SettingReasons: Sendable, Equatable {
  private var texts: [String: String] = [:]

  /// Why the key at `path` (`stages.0.epochs`) has its value; nil for what every experiment has.
  package subscript(path: String) -> String? { texts[path] }

  package init() {}

  /// What `recipe` itself says, and what a log has made of it.
  ///
  /// - Parameter name: what the recipe is called; nil for that of labels, which has no name.
  package init(_ sized: SizedRecipe, recipe name: String?) throws {
    for (path, value) in try sized.experiment.tree().values
    where name != nil && Setting.at(path).map({ $0.defaultText != YAMLText.scalar(value) }) ?? false {
      texts[path] = "recipe \(name ?? "")"
    }
    for choice in sized.choices {
      for path in choice.paths { texts[path] = name == nil ? choice.why : "by the log: \(choice.why)" }
    }
  }

  /// `trees` are laid over the experiment.
  package mutating func lay(_ trees: [JSONValue], of source: String) {
    for (path, _) in trees.flatMap(\.values) { texts[path] = source }
    for path in trees.keysOfUselessSmoothing where texts[path] != nil { texts[path] = source }
  }

  /// What has changed from one experiment to the next is due to `source`.
  package mutating func lay(from before: Experiment, to after: Experiment, of source: String) throws {
    let old = Dictionary(try before.tree().values.map { ($0.path, $0.value) }, uniquingKeysWith: { first, _ in first })
    for (path, value) in try after.tree().values where old[path] != value { texts[path] = source }
  }
}
