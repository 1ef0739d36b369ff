import Interactions
import SequentialModels
import Training

/// The recipes of the program, which `Training.Recipe` names.
typealias KnownRecipe = Recipe

extension Training {
  /// What a training changes of its recipe; all of it is laid over the recipe, then validated together.
  ///
  /// The settings that are changed most often are properties, which hold in every stage; all others are reached by their
  /// path, as `cloze settings` lists them:
  ///
  ///     var settings = Training.Settings()
  ///     settings.hidden = 128
  ///     settings["stages.0.optimizer.weightDecay"] = "0.1"
  public struct Settings: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// Passes over the training sequences, at most.
    public var epochs: Int?
    /// The peak of the learning rate.
    public var learningRate: Double?
    /// Sequences per step of the optimizer.
    public var batch: Int?
    public var loss: Loss?
    /// The figure on the validation users that chooses the weights, such as `NDCG@10` or `HR@5`.
    public var metric: String?
    /// The width of the model, in numbers; the heads must divide it.
    public var hidden: Int?
    /// The number of encoder blocks.
    public var layers: Int?
    /// The attention heads of a block.
    public var heads: Int?
    /// The longest sequence, in items and the mask at its tail.
    public var length: Int?
    /// The share of numbers that dropout sets to 0, from 0 to below 1.
    public var dropout: Double?
    private var byPath: [String: String]

    /// By path: `["model.hidden": "128", "stages.0.epochs": "20"]`.
    public init(_ byPath: [String: String] = [:]) { self.byPath = byPath }

    public init(dictionaryLiteral elements: (String, String)...) {
      byPath = Dictionary(elements, uniquingKeysWith: { $1 })
    }

    /// The value of the key at `path`, written as in YAML; nil for what the recipe or a property says.
    public subscript(path: String) -> String? {
      get { byPath[path] }
      set { byPath[path] = newValue }
    }

    /// Whether a stage is named, and so a recipe meant.
    var nameStages: Bool { byPath.keys.contains { $0.hasPrefix("stages") } }

    func changes(stages: Int) throws -> [JSONValue] {
      var everyday = EverydaySettings()
      (everyday.epochs, everyday.learningRate, everyday.batch) = (epochs, learningRate, batch)
      (everyday.loss, everyday.metric, everyday.dropout) = (loss?.kind, metric, dropout)
      (everyday.hidden, everyday.layers, everyday.heads, everyday.length) = (hidden, layers, heads, length)
      return try everyday.flags(stages: stages).flatMap(\.changes)
        + byPath.sorted { $0.key < $1.key }.map { try ConfigurationTree.single($0.key, $0.value) }
    }
  }

  /// What a target is compared with.
  public enum Loss: Sendable, Equatable, CaseIterable {
    /// Cross-entropy over all items.
    case full
    /// Cross-entropy over the target and drawn items.
    case sampledSoftmax
    /// The calibrated binary cross-entropy of gSASRec.
    case gBCE
    /// Bayesian personalized ranking.
    case bpr

    var kind: ItemLoss.Kind {
      switch self {
      case .full: .full
      case .sampledSoftmax: .sampledSoftmax
      case .gBCE: .gBCE
      case .bpr: .bpr
      }
    }
  }

  /// A starting point of settings, whose sizes follow the log; `cloze recipes` describes them, too.
  public struct Recipe: Sendable, Hashable, RawRepresentable, ExpressibleByStringLiteral, CaseIterable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public init(stringLiteral name: String) { rawValue = name }

    /// Masked items, then the masked tail.
    public static let bert4rec: Recipe = "bert4rec"
    /// The next item at every position: the default.
    public static let causal: Recipe = "causal"
    /// A `[MASK]` behind every prefix.
    public static let maskedPrefixes: Recipe = "maskedPrefixes"
    /// Masked items, then a `[MASK]` behind every prefix beside the last item's state.
    public static let joined: Recipe = "joined"
    /// SASRec as it is published.
    public static let sasrec: Recipe = "sasrec"

    /// All of them, those without a property here included.
    public static var allCases: [Recipe] { KnownRecipe.allCases.map { Recipe(rawValue: $0.rawValue) } }

    /// What it trains and scores, in a few words; nil where there is no such recipe.
    public var summary: String? { KnownRecipe(rawValue: rawValue)?.summary }

    /// - Throws: `ConfigurationError` with the nearest name.
    func known() throws -> KnownRecipe { try KnownRecipe(named: rawValue) }
  }
}
