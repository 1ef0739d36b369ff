import Foundation
import Interactions
import Kernels
import ModelFiles
import SequentialModels
import Training

/// A model that labels users by their histories, or predicts a number of them; safe to use from many tasks at once.
///
/// `cloze classify` gives the same predictions.
public struct Classifier: Sendable {
  private let directory: URL
  private let loaded: ClassifierDirectory.Loaded

  /// Loads the model in `directory`: one that `LabelTraining` or `cloze train --labels` wrote, or a Hugging Face
  /// `BertForSequenceClassification`.
  ///
  /// - Parameter threads: as many as there are processors if nil; results do not depend on it.
  /// - Throws: `ClozeError.model`.
  public init(directory: URL, threads: Int? = nil) throws(ClozeError) {
    self.directory = directory
    do {
      loaded = try ClassifierDirectory.load(
        directory, workers: Workers(threads: max(1, threads ?? ProcessInfo.processInfo.activeProcessorCount)))
    } catch {
      throw .model("\(error)")
    }
  }

  /// Loads the model in `directory` on a thread of its own.
  ///
  /// - Throws: `ClozeError.model`.
  public static func load(directory: URL, threads: Int? = nil) async throws -> Classifier {
    try await LongWork.run { try Classifier(directory: directory, threads: threads) }
  }

  /// Whether it tells labels apart or predicts a number.
  public var task: Labels.Task { Labels.Task(loaded.labels.task) }

  /// The labels that it tells apart; of what predicts a number, the number's name alone.
  public var labels: [String] { loaded.labels.names }

  /// What is predicted of each history, oldest item first, in order. Items that the model does not know are left out.
  ///
  /// When its task is cancelled it throws `CancellationError`; the work is done on threads of its own.
  public func predict(histories: some Collection<[String]> & Sendable) async throws -> [Labels.Prediction] {
    try await LongWork.stoppable { stop in
      try outputs(
        of: histories.map { LabeledSource.tokens(of: $0, loaded.tokenizer, limit: loaded.classifier.tokenLimit) }, stop
      ).map { Labels.Prediction(loaded.labels, $0) }
    }
  }

  /// What is predicted of every user of `log`, in the order of `log.users`.
  ///
  /// When its task is cancelled it throws `CancellationError`; the work is done on threads of its own.
  public func predict(usersOf log: Log) async throws -> [Labels.Prediction] {
    try await LongWork.stoppable { stop in
      let source = LabeledSource.log(log.log, name: log.name)
      return try outputs(of: tokens(source, Array(0..<source.count)), stop).map {
        Labels.Prediction(loaded.labels, $0)
      }
    }
  }

  /// Compares what is predicted of the users of `log` with what is known of them.
  ///
  /// Users that trained the model are among them unless `labels` leaves them out; the figures of those that a training held
  /// out are in its `LabelTraining.Outcome`.
  /// - Throws: `ClozeError.log` where `labels` are of other users, or of another kind than the model's.
  public func evaluate(on log: Log, labels: Labels) async throws -> Labels.Figures {
    try await LongWork.stoppable { stop in
      do {
        let source = LabeledSource.log(log.log, name: log.name)
        let matches = try source.matches(labels.file)
        let targets = try labels.file.targets(of: matches.map(\.row), as: loaded.labels, model: directory.path)
        let outputs = try outputs(of: tokens(source, matches.map(\.index)), stop)
        return Labels.Figures(ClassifierFigures(loaded.labels.task, outputs: outputs, targets: targets))
      } catch let error as LabelError {
        throw ClozeError.log("\(error)")
      }
    }
  }

  private func tokens(_ source: LabeledSource, _ indices: [Int]) -> [[Int32]] {
    indices.map { source.tokens($0, loaded.tokenizer, limit: loaded.classifier.tokenLimit) }
  }

  private func outputs(of sequences: [[Int32]], _ stop: StopFlag) throws -> [[Float]] {
    try stride(from: 0, to: sequences.count, by: Self.batch).flatMap { start in
      try stop.check()
      return loaded.classifier.logits(
        of: sequences[start..<min(start + Self.batch, sequences.count)].map { LabeledSequence(tokens: $0) })
    }
  }

  /// Sequences between two looks at whether the task was cancelled.
  private static let batch = 1_024
}
