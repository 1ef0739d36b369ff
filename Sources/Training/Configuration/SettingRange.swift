/// What a number of a configuration may be, whether it comes from a file, from `--set`, from a flag or from a model.
package struct SettingRange: Sendable {
  let lower, upper: Double
  var isWhole = false
  /// Whether the bounds themselves are allowed.
  var withoutLower = false
  var withoutUpper = false

  func contains(_ value: Double) -> Bool {
    (!isWhole || value == value.rounded()) && (withoutLower ? value > lower : value >= lower)
      && (withoutUpper ? value < upper : value <= upper)
  }

  /// `a whole number from 1 to 65536`, `a number above 0 and below 1`
  var text: String {
    func number(_ value: Double) -> String { value == value.rounded() ? "\(Int(value))" : "\(value)" }
    let from = "a \(isWhole ? "whole number" : "number") \(withoutLower ? "above" : "from") \(number(lower))"
    if withoutLower { return "\(from) and \(withoutUpper ? "below" : "up to") \(number(upper))" }
    return "\(from) to \(withoutUpper ? "below " : "")\(number(upper))"
  }

  private static let share = SettingRange(lower: 0, upper: 1)
  private static let belowOne = SettingRange(lower: 0, upper: 1, withoutUpper: true)
  private static let factor = SettingRange(lower: 0, upper: 1_000_000)
  private static let count = SettingRange(lower: 1, upper: 1_000_000, isWhole: true)
  private static let countOrNone = SettingRange(lower: 0, upper: 1_000_000, isWhole: true)

  /// By path, the number of a stage as `*`.
  static let all: [String: SettingRange] = [
    "seed": SettingRange(lower: 0, upper: 9_223_372_036_854_774_784, isWhole: true),
    "model.hidden": SettingRange(lower: 1, upper: 65_536, isWhole: true),
    "model.layers": SettingRange(lower: 1, upper: 1_000, isWhole: true),
    "model.heads": SettingRange(lower: 1, upper: 65_536, isWhole: true),
    "model.inner": SettingRange(lower: 1, upper: 1_048_576, isWhole: true),
    "model.length": SettingRange(lower: 2, upper: 1_000_000, isWhole: true),
    "model.dropout": belowOne,
    "model.attentionDropout": belowOne,
    "model.initialDeviation": SettingRange(lower: 0, upper: 100),
    "stages.*.epochs": countOrNone,
    "stages.*.batch": count,
    "stages.*.learningRate.peak": SettingRange(lower: 0, upper: 1_000, withoutLower: true),
    "stages.*.learningRate.warmup": share,
    "stages.*.learningRate.floor": share,
    "stages.*.learningRate.cooldown": SettingRange(lower: 0, upper: 100, withoutLower: true),
    "stages.*.rates.embeddings": factor,
    "stages.*.rates.blocks": factor,
    "stages.*.rates.heads": factor,
    "stages.*.rates.newRows": factor,
    "stages.*.optimizer.beta1": belowOne,
    "stages.*.optimizer.beta2": belowOne,
    "stages.*.optimizer.epsilon": SettingRange(lower: 0, upper: 1, withoutLower: true),
    "stages.*.optimizer.weightDecay": factor,
    "stages.*.optimizer.clip": SettingRange(lower: 0, upper: 1_000_000_000),
    "stages.*.labelSmoothing": belowOne,
    "stages.*.validateEvery": count,
    "stages.*.patience": countOrNone,
    "stages.*.loss.negatives": SettingRange(lower: 1, upper: 10_000_000, isWhole: true),
    "stages.*.loss.calibration": share,
    "stages.*.objectives.mlm.weight": factor,
    "stages.*.objectives.mlm.probability": SettingRange(lower: 0, upper: 1, withoutLower: true, withoutUpper: true),
    "stages.*.objectives.mlm.maskShare": share,
    "stages.*.objectives.mlm.randomShare": share,
    "stages.*.objectives.mlm.maxPredictions": count,
    "stages.*.objectives.mlm.copies": countOrNone,
    "stages.*.objectives.tail.weight": factor,
    "stages.*.objectives.tail.prefixes": countOrNone,
    "stages.*.objectives.maskedPrefixes.weight": factor,
    "stages.*.objectives.nextItem.weight": factor,
    "stages.*.objectives.nextSegment.weight": factor,
  ]

  /// The range of the number at `path` (`stages.0.epochs`); nil where none is known.
  package static func of(_ path: String) -> SettingRange? {
    all[path.split(separator: ".").map { Int($0) == nil ? String($0) : "*" }.joined(separator: ".")]
  }
}

extension Experiment {
  /// Refuses numbers that no run could use, before anything is computed from them.
  ///
  /// - Parameter tree: the configuration, whose numbers may be of any size.
  /// - Throws: `ConfigurationError.wrongValue` with the range.
  static func checkRanges(_ tree: JSONValue) throws(ConfigurationError) {
    for (path, value, text) in tree.numbers {
      guard let range = SettingRange.of(path), !range.contains(value) else { continue }
      throw .wrongValue(path, fault: "expected \(range.text), found \(text)")
    }
  }
}

extension JSONValue {
  /// Every number with its dotted path and as it is written, in path order.
  package var numbers: [(path: String, value: Double, text: String)] { numbers(under: "") }

  private func numbers(under path: String) -> [(path: String, value: Double, text: String)] {
    let below = path.isEmpty ? "" : path + "."
    switch self {
    case .array(let values): return values.enumerated().flatMap { $0.element.numbers(under: below + String($0.offset)) }
    case .object(let members):
      return members.sorted { $0.key < $1.key }.flatMap { $0.value.numbers(under: below + $0.key) }
    case .integer(let value): return [(path, Double(value), "\(value)")]
    case .number(let value): return [(path, value, "\(value)")]
    case .null, .boolean, .text: return []
    }
  }
}
