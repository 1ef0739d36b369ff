import NeuralNetwork

/// One thing that a training stage teaches an encoder: which samples it takes from a history, how they are written into a
/// batch, and how much each of their targets weighs.
///
/// A new objective is one file with a conforming type, and its name in `ObjectiveKind` and `Objectives`.
package protocol Objective: Codable, Sendable, Equatable {
  static var kind: ObjectiveKind { get }
  /// What each of its targets weighs beside the targets of other objectives.
  var weight: Double { get }
  /// Adds what the history of `user` contributes to an epoch.
  func addSamples(of user: Int, to epoch: inout EpochSamples)
  /// How many rows `sample` takes.
  func rowCount(of sample: TrainingSample, in configuration: EncoderConfiguration) -> Int
  /// Writes the rows and targets of `sample`, but for the end of its sequence.
  func write(_ sample: TrainingSample, epoch: Int, from builder: SampleBuilder, to batch: inout MicroBatch)
  /// Why `encoder` cannot learn by it beside the stage's other objectives, and the key below them that says so; nil where it
  /// can.
  func conflict(with encoder: EncoderConfiguration, beside objectives: Objectives) -> ObjectiveConflict?
}

/// An objective beside an encoder that cannot learn by it.
package struct ObjectiveConflict: Error, Equatable {
  /// The key to change: below the stage's `objectives`, or of the model where it begins with `model.`; empty for all of them.
  package var key: String
  /// What is wrong, and what to write.
  package var fault: String

  package init(_ key: String, _ fault: String) {
    self.key = key
    self.fault = fault
  }
}

/// The objectives by the names that configurations give them, in the order of an epoch's samples and of sums over them.
package enum ObjectiveKind: Int, Sendable, CaseIterable {
  case mlm, tail, maskedPrefixes, nextItem, nextSegment

  /// All names, for messages.
  package static let names = allCases.map { "\($0)" }.joined(separator: ", ")
}

/// A value for each objective.
package struct PerObjective<Value: Sendable>: Sendable {
  private var values: [Value]

  /// The value of each objective, computed once.
  package init(_ value: (ObjectiveKind) -> Value) { values = ObjectiveKind.allCases.map(value) }

  package subscript(kind: ObjectiveKind) -> Value {
    get { values[kind.rawValue] }
    set { values[kind.rawValue] = newValue }
  }
}
