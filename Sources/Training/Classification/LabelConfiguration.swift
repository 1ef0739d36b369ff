import DurableFiles
import NeuralNetwork
import RankingMetrics
import SequentialModels

/// What an experiment learns that labels whole sequences in place of naming items.
package struct LabelConfiguration: Codable, Sendable, Equatable {
  /// nil where the labels say it.
  package var task: ClassificationHead.Task?

  package init(task: ClassificationHead.Task? = nil) { self.task = task }
}

extension Setting {
  /// Whether the key decides a training of labels, too.
  package var isForLabels: Bool {
    Self.labelKeys.contains(path) || Self.labelParts.contains { path.hasPrefix($0) }
  }

  private static let labelParts = [
    "stages.N.learningRate.", "stages.N.rates.", "stages.N.optimizer.", "labels.",
  ]

  private static let labelKeys: Set = [
    "seed", "gradientShards", "start.from", "start.newItems", "start.extendPositions", "model.hidden", "model.layers",
    "model.heads", "model.inner", "model.length",
    "model.dropout", "model.attentionDropout", "model.activation", "model.initialDeviation", "stages.N.name",
    "stages.N.epochs", "stages.N.batch", "stages.N.validateEvery",
    "stages.N.patience", "stages.N.metric",
  ]
}

extension Experiment {
  /// The training of `sequences` labeled sequences, in the sizes that they call for.
  ///
  /// - Parameters:
  ///   - length: what covers most sequences, `[CLS]` and `[SEP]` included; nil where nothing is known of them.
  ///   - model: that of the model to start from; nil for fresh weights.
  package static func labels(
    sequences: Int, length: Int?, from model: ModelConfiguration? = nil
  ) -> SizedRecipe {
    let batch = 32
    let steps = max(1, (sequences * 8 / 10 + batch - 1) / batch)
    let epochs = min(max(10, (600 + steps - 1) / steps), 60)
    let own = ModelConfiguration(length: length ?? 128, pooling: .cls)
    var sizes = model ?? own
    (sizes.attention, sizes.pooling, sizes.head, sizes.nextSegmentHead) = (.bidirectional, .cls, own.head, false)
    (sizes.opensWithCLS, sizes.features) = (false, nil)
    let rate = model.map { 0.032 / Double($0.hidden) } ?? 1e-3
    let stage = TrainingStage(
      name: "train", objectives: Objectives(), epochs: epochs, batch: batch,
      learningRate: LearningRateSchedule(peak: rate, warmup: 0.1), patience: max(3, epochs / 3))
    var sized = SizedRecipe(experiment: Experiment(model: sizes, labels: LabelConfiguration(), stages: [stage]))
    if model != nil {
      sized.choose(
        "model.hidden", "model.layers", "model.heads", "model.inner", "model.length", "model.dropout",
        "model.attentionDropout", why: "that of the model of --from")
    }
    if model == nil, let length {
      sized.choose(
        "model.length", clause: "length \(length)", why: "for 95 % of the histories, with [CLS] and [SEP]")
    }
    sized.choose(
      "stages.0.epochs", clause: "at most \(Counted(epochs, "epoch"))",
      why: "600 steps of \(batch) sequences, in 10 epochs at least and 60 at most")
    sized.choose("stages.0.patience", why: "a third of the epochs, 3 at least")
    sized.choose(
      "stages.0.learningRate.peak",
      why: model == nil ? "for fresh weights" : "0.032 over the width of the model of --from")
    return sized
  }

  /// The configuration with all keys that count: those of labels alone where it learns labels.
  package func tree() throws -> JSONValue {
    let all = try JSONValue(encoding: self)
    return labels == nil ? all : all.filtered { Setting.at($0)?.isForLabels != false } ?? .object([:])
  }

  /// Refuses keys of `trees` that no training of labels has.
  static func checkLabelKeys(_ trees: [JSONValue]) throws(ConfigurationError) {
    for tree in trees {
      for (path, _) in tree.values where Setting.at(path).map({ !$0.isForLabels }) ?? false {
        throw .wrongValue(path, fault: "it is not for --labels, whose sequences have no items to name; leave it out")
      }
    }
  }

  /// Refuses what labels are not chosen by.
  func checkLabelMetrics(_ task: ClassificationHead.Task? = nil) throws(ConfigurationError) {
    for (index, stage) in stages.enumerated() {
      guard let metric = stage.metric else { continue }
      let names = MetricKey.ofLabels(task)
      if names.contains(metric) { continue }
      throw .wrongValue(
        "stages.\(index).metric",
        fault: "“\(metric)” is no figure of \(task == .regression ? "numbers" : "labels"); expected one of "
          + names.map(\.description).joined(separator: ", "))
    }
  }
}

extension MetricKey {
  /// The figures that a training of labels can be chosen by.
  package static func ofLabels(_ task: ClassificationHead.Task?) -> [MetricKey] {
    let loss = [MetricKey(.loss)]
    switch task {
    case .classification: return loss + [.accuracy, .auc, .macroF1].map { .label($0) }
    case .regression: return loss + [.meanAbsoluteError, .rootMeanSquaredError].map { .label($0) }
    case nil: return loss + LabelMetric.allCases.map { .label($0) }
    }
  }
}

extension JSONValue {
  /// Without the values whose path `isKept` refuses, and without parts that have nothing left; nil where all is gone.
  func filtered(under path: String = "", _ isKept: (String) -> Bool) -> JSONValue? {
    let below = path.isEmpty ? "" : path + "."
    switch self {
    case .object(let members):
      let left = members.reduce(into: [String: JSONValue]()) { left, member in
        left[member.key] = member.value.filtered(under: below + member.key, isKept)
      }
      return left.isEmpty ? nil : .object(left)
    case .array(let parts) where parts.contains(where: { if case .object = $0 { true } else { false } }):
      return .array(
        parts.enumerated().map { $0.element.filtered(under: "\(below)\($0.offset)", isKept) ?? .object([:]) })
    default: return isKept(path) ? self : nil
    }
  }
}
