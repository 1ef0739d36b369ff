import Collectives
import Interactions
import Kernels
import NeuralNetwork
import ModelFiles
import SequentialModels

/// What training starts from: pretrained weights in the network of an experiment.
package struct TrainingStart: Sendable {
  package let network: BERTNetwork
  /// The weights, those of new rows and fresh heads included; training copies them.
  package let parameters: ParameterVector
  /// How many rows at the end of the item and the position table no checkpoint had.
  package let newItems, newPositions: Int
  /// What came and what is new; nil for weights that are not read from a directory.
  package let summary: StartSummary?
  /// Whether every file of the directory was found to be as it was written.
  package let isVerified: Bool

  /// The weights of a model that this process has trained.
  package init(network: BERTNetwork, parameters: ParameterVector) {
    (self.network, self.parameters) = (network, parameters)
    (newItems, newPositions, summary, isVerified) = (0, 0, nil, true)
  }

  /// The weights of `checkpoint`, which has taken in all it is to take in.
  ///
  /// - Parameter processes: over which the rows of its item table are spread, where they were left in their file.
  /// - Throws: `TrainingStartError` or `HuggingFaceError` where the experiment asks for other sizes, or more positions,
  ///   than the checkpoint has; `SafetensorsError` for a pooling's weights in another shape.
  package init(
    _ checkpoint: PretrainedModel, vocabularyReport: VocabularyExtension.Report?, experiment: Experiment,
    features: TrainingFeatures? = nil, spreadOver processes: (any Processes)? = nil
  ) throws {
    let requested = experiment.model
    try Self.check(checkpoint, sizes: requested)
    let file = checkpoint.stored.configuration
    if requested.length > file.encoder.positions {
      let fault = HuggingFaceError.Fault.positions(found: file.encoder.positions, needed: requested.length)
      throw HuggingFaceError(path: checkpoint.stored.source, fault: fault)
    }
    if requested.nextSegmentHead && file.encoder.segments < 2 { throw TrainingStartError.oneSegment }
    var sizes = requested.encoder(vocabulary: file.encoder.vocabularySize)
    sizes.positions = file.encoder.positions
    sizes.segments = file.encoder.segments
    sizes.epsilon = file.encoder.epsilon
    network = BERTNetwork(sizes, features: features?.items)
    let trained = network
    parameters = try checkpoint.parameters(
      of: network, seed: experiment.seed, deviation: requested.initialDeviation,
      items: processes.map { experiment.itemShards($0, of: trained) })
    if let sum = network.features {
      if let parts = checkpoint.parts, let features, parts.fits(features.model, features.whitening) {
        parts.assign(to: parameters, of: network, workers: Workers(threads: 1))
      } else {
        // Rows begin as the checkpoint has them; what features say is learned from nothing.
        for tensor in [sum.values, sum.map].compactMap(\.self) { parameters[tensor].fill(0) }
        network.makeTable(parameters, workers: Workers(threads: 1))
      }
    }
    newItems = checkpoint.newItems
    newPositions = checkpoint.newPositions
    isVerified = checkpoint.isVerified
    summary = StartSummary(
      checkpoint, vocabularyReport: vocabularyReport, layout: network.layout, fresh: checkpoint.fresh(in: network))
  }

  /// Refuses sizes that the weights of `checkpoint` do not fit.
  static func check(_ checkpoint: PretrainedModel, sizes requested: ModelConfiguration) throws(TrainingStartError) {
    let own = ModelConfiguration(checkpoint)
    for (key, found, wanted) in [
      ("hidden", own.hidden, requested.hidden), ("layers", own.layers, requested.layers),
      ("heads", own.heads, requested.heads),
      ("inner", own.inner ?? 4 * own.hidden, requested.inner ?? 4 * requested.hidden),
    ] where found != wanted {
      throw TrainingStartError.size(key: "model.\(key)", found: "\(found)", requested: "\(wanted)")
    }
    if own.activation != requested.activation {
      throw TrainingStartError.size(
        key: "model.activation", found: own.activation.rawValue, requested: requested.activation.rawValue)
    }
  }
}

/// What came from a checkpoint and what did not, as records keep it.
package struct StartSummary: Codable, Sendable, Equatable {
  /// The checkpoint's directory.
  package var from: String
  /// Weight tensors, and rows of the item table, that came.
  package var tensors: Int
  package var rows: Int
  /// Items of the log that the checkpoint knew.
  package var knownItems: Int?
  /// Items of the log that were appended; of these, those whose row was drawn.
  package var newItems: Int
  package var drawnItems: Int
  package var positions: Int
  package var newPositions: Int
  /// Tensors that started fresh, and those of the file that have no place in the network.
  package var fresh: [String]
  package var ignored: [String]

  /// - Parameters:
  ///   - layout: of the network that starts from `checkpoint`.
  ///   - fresh: its tensors that the checkpoint lacks.
  init(
    _ checkpoint: PretrainedModel, vocabularyReport: VocabularyExtension.Report?, layout: ParameterLayout,
    fresh: [String]
  ) {
    let stored = checkpoint.stored
    from = stored.source
    self.fresh = fresh
    tensors = layout.tensors.count - fresh.count
    rows = stored.configuration.encoder.vocabularySize - checkpoint.newItems
    knownItems = vocabularyReport?.known
    newItems = checkpoint.newItems
    drawnItems = vocabularyReport?.drawn ?? 0
    newPositions = checkpoint.newPositions
    positions = stored.configuration.encoder.positions - newPositions
    let names = Set(layout.tensors.map(\.name))
    ignored = (stored.report.ignored + stored.tensors.keys.filter { !names.contains($0) }).sorted()
  }
}

/// A checkpoint that an experiment cannot go on from.
package enum TrainingStartError: Error, CustomStringConvertible, Equatable {
  case size(key: String, found: String, requested: String)
  case oneSegment

  package var description: String {
    switch self {
    case .size(let key, let found, let requested):
      "\(key) is \(requested), but the checkpoint has \(found), and its weights fit no other; leave \(key) out"
    case .oneSegment:
      "the checkpoint has one segment embedding, but the next-segment head tells two segments apart; "
        + "set model.nextSegmentHead to false, or start from a checkpoint with two"
    }
  }
}

extension Experiment {
  /// The network that a run of this experiment trains: the checkpoint's where there is a start, otherwise a fresh one.
  func network(_ start: TrainingStart?, vocabulary: Int, features: ItemFeatures? = nil) -> BERTNetwork {
    start?.network ?? BERTNetwork(model.encoder(vocabulary: vocabulary), features: features)
  }
}
