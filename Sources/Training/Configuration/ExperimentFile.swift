import DurableFiles
import Foundation

/// A YAML file that says an experiment: the recipe it starts from, and the keys that differ.
package struct ExperimentFile: Sendable, Equatable {
  /// What the key `recipe` names; nil where the file leaves the recipe to the command.
  package let recipe: Recipe?
  /// Every other key, to be laid over the recipe's experiment.
  package let changes: JSONValue

  /// - Throws: `ConfigurationError` where the file cannot be read, is not YAML, or names a recipe that does not exist.
  package init(_ file: URL) throws(ConfigurationError) {
    let text: String
    do {
      text = try String(contentsOf: file, encoding: .utf8)
    } catch {
      throw .unreadable(file: file.path, reason: FileReason.of(error))
    }
    let tree = try ConfigurationTree.parse(text, file: file.path)
    guard case .object = tree else {
      throw .wrongShape(
        file.path,
        expected: "keys and values, such as `recipe: causal`; `cloze settings --for LOG` prints a whole file")
    }
    guard case .object(var members) = tree, let name = members.removeValue(forKey: "recipe") else {
      (recipe, changes) = (nil, tree)
      return
    }
    guard case .text(let name) = name else {
      throw .wrongValue(
        "recipe", fault: "expected one of \(Recipe.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    let recipe = try Recipe(named: name)
    (self.recipe, changes) = (recipe, .object(members))
  }
}
