import NeuralNetwork
import Foundation
import Interactions
import SequentialModels

/// All that decides a training run besides the log: the model's sizes, its stages, the seed. A value that can be written
/// down, varied and run again.
package struct Experiment: Codable, Sendable, Equatable {
  package var model: ModelConfiguration
  /// What weights start from; nil for fresh ones.
  package var start: StartingPoint?
  /// What is learned of whole sequences; nil for an experiment that names items or tokens.
  package var labels: LabelConfiguration?
  package var stages: [TrainingStage]
  /// What training must not learn; where the test alone is held out nothing is validated and the last weights are kept.
  package var heldOut: HeldOut
  package var seed: UInt64
  /// Into how many sums a step's gradient is split, and so how many processes can share it; nil for what suits the number of
  /// parameters. Results depend on it as on a seed.
  package var gradientShards: Int?

  /// The checkpoint that training goes on from; nil for fresh weights, whatever rows begin with.
  package var checkpoint: StartingPoint? { start.flatMap { $0.from.isEmpty ? nil : $0 } }

  package init(
    model: ModelConfiguration, start: StartingPoint? = nil, labels: LabelConfiguration? = nil,
    stages: [TrainingStage],
    heldOut: HeldOut = .validationAndTest, seed: UInt64 = 1, gradientShards: Int? = nil
  ) {
    self.model = model
    self.start = start
    self.labels = labels
    self.stages = stages
    self.heldOut = heldOut
    self.seed = seed
    self.gradientShards = gradientShards
  }

  private static func schema() throws -> ConfigurationSchema {
    func tree(
      _ objectives: Objectives, start: StartingPoint?, features: FeatureConfiguration? = nil
    ) throws -> JSONValue {
      try JSONValue(
        encoding: Experiment(
          model: ModelConfiguration(features: features), start: start, labels: start.map { _ in LabelConfiguration() },
          stages: [
            TrainingStage(name: "stage", objectives: objectives, futureTargets: start.map { _ in FutureTargets() })
          ]))
    }
    return ConfigurationSchema(
      complete: Setting.tree, part: try tree(.all, start: StartingPoint(), features: FeatureConfiguration()),
      fresh: try tree(Objectives(), start: nil))
  }

  /// This experiment with the keys of `tree` laid over it.
  ///
  /// Where `tree` names a checkpoint to start from, the model has the checkpoint's sizes before its other keys count.
  /// - Throws: `ConfigurationError` naming the key.
  package func with(_ tree: JSONValue) throws(ConfigurationError) -> Experiment { try with([tree]) }

  /// This experiment with the keys of several trees laid over it, one after the other, and validated when all are.
  ///
  /// A tree that changes a stage's loss to another than `full` takes away the label smoothing that was there before.
  package func with(_ trees: [JSONValue]) throws(ConfigurationError) -> Experiment {
    if labels != nil { try Self.checkLabelKeys(trees) }
    do {
      func merged(over base: Experiment) throws -> Experiment {
        let schema = try Self.schema()
        var merged = try JSONValue(encoding: base)
        for tree in trees { merged = try ConfigurationTree.merge(tree, over: merged, schema: schema) }
        try Setting.check(merged)
        return try JSONDecoder().decode(Experiment.self, from: JSONEncoder().encode(merged))
      }
      var experiment = try merged(over: self)
      if let start = experiment.start, start.from != self.start?.from {
        var base = self
        base.model = try start.sizes(for: base.model)
        experiment = try merged(over: base)
      }
      if labels == nil && experiment.labels != nil {
        throw ConfigurationError.wrongValue(
          "labels", fault: "only `cloze train --labels FILE` learns them; leave it out")
      }
      let useless = trees.keysOfUselessSmoothing
      for index in experiment.stages.indices where useless.contains("stages.\(index).labelSmoothing") {
        experiment.stages[index].labelSmoothing = 0
      }
      try experiment.validate()
      return experiment
    } catch let error as ConfigurationError {
      throw error
    } catch let error as DecodingError {
      throw ConfigurationError(error)
    } catch EncodingError.invalidValue(let value, let context) {
      let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
      throw .wrongValue(path, fault: "expected a finite number, found \(value)")
    } catch {
      throw .wrongValue("the configuration", fault: "\(error)")
    }
  }
}

extension ConfigurationError {
  /// What a decoder could not use, by the key's place.
  init(_ error: DecodingError) {
    func place(_ context: DecodingError.Context) -> String {
      context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
    switch error {
    case .typeMismatch(let type, let context): self = .wrongValue(place(context), fault: "expected \(type)")
    case .keyNotFound(let key, let context):
      self = .wrongValue(place(context), fault: "“\(key.stringValue)” is missing")
    case .valueNotFound(_, let context): self = .wrongValue(place(context), fault: "it has no value")
    case .dataCorrupted(let context): self = .wrongValue(place(context), fault: context.debugDescription)
    @unknown default: self = .wrongValue("the configuration", fault: "\(error)")
    }
  }
}

extension [JSONValue] {
  /// The keys of label smoothing that these trees take away: smoothing spreads over all items, and they set a loss over fewer
  /// and say nothing of it.
  var keysOfUselessSmoothing: [String] {
    let named = Dictionary(flatMap(\.values).map { ($0.path, $0.value) }, uniquingKeysWith: { $1 })
    return named.compactMap { path, value -> String? in
      guard path.hasSuffix(".loss.kind"), case .text(let kind) = value, kind != ItemLoss.Kind.full.rawValue else {
        return nil
      }
      let smoothing = String(path.dropLast("loss.kind".count)) + "labelSmoothing"
      return named[smoothing] == nil ? smoothing : nil
    }
  }
}
