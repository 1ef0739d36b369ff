import Evaluation
import Foundation
import Interactions
import Kernels
import ModelFiles
import Training

/// Trains a classifier or a regressor of histories and writes it as a directory that Hugging Face opens, too, as
/// `BertForSequenceClassification`.
///
/// A tenth of the labels is held out for validation and a tenth for the test, by a hash of the users' ids.
public struct LabelTraining: Sendable {
  /// What is changed of the settings that suit the labels; those of items, such as a loss, are refused.
  public var settings: Training.Settings
  /// The same seed gives the same model on any number of threads.
  public var seed: UInt64
  /// As many as there are processors if nil.
  public var threads: Int?
  /// Whether to resume a training of the same model that was killed or cancelled, where there is one; it then ends with
  /// the same bytes as if nothing had happened.
  public var resumes: Bool
  /// A model directory whose encoder to fine-tune, ours or a Hugging Face BERT; fresh weights if nil.
  public var startsFrom: URL?

  public init(
    settings: Training.Settings = Training.Settings(), seed: UInt64 = 1, threads: Int? = nil, resumes: Bool = false,
    startsFrom: URL? = nil
  ) {
    self.settings = settings
    self.seed = seed
    self.threads = threads
    self.resumes = resumes
    self.startsFrom = startsFrom
  }

  /// What happens while a model trains.
  public enum Event: Sendable, Equatable {
    /// As in every training; validation figures are `loss` and `accuracy`, `AUC`, `macroF1`, or `MAE`, `RMSE`.
    case training(Training.Event)
    /// The model is written.
    case finished(Outcome)
  }

  /// What a training reached.
  public struct Outcome: Sendable, Equatable {
    public let seconds: Double
    public let epochs: Int
    /// Figures of the kept weights on the validation users, by name.
    public let validation: [String: Double]
    /// On the users of the test, which nothing was chosen by.
    public let test: Labels.Figures
    /// On the same users, of what knows no history: the shares of the labels, or the mean, of the training users.
    public let withoutHistories: Labels.Figures
    /// Labels of users that the log does not have.
    public let labelsWithoutHistory: Int
  }

  /// Trains as `train` does; what happens comes as a sequence that ends with `finished`. Ending the loop early cancels.
  public func events(
    on log: Log, labels: Labels, into directory: URL
  ) -> AsyncThrowingStream<Event, any Error> {
    LongWork.events { tell in
      .finished(try await train(on: log, labels: labels, into: directory) { tell(.training($0)) })
    }
  }

  /// Trains on the users of `log` that `labels` knows, and replaces the model in `directory`.
  ///
  /// When its task is cancelled, training stops after the current step, writes the best model so far, and throws
  /// `CancellationError`. The work is done on threads of its own.
  /// - Parameter observe: called for what happens, on a thread of the training.
  /// - Throws: `ClozeError` naming the key, the labels' fault, or the system's reason.
  public func train(
    on log: Log, labels: Labels, into directory: URL,
    observe: @escaping @Sendable (Training.Event) -> Void = { _ in }
  ) async throws -> Outcome {
    let (job, outcome, record) = try await LongWork.train(
      { try self.job(on: log, labels) }, into: directory, resuming: resumes, observe: observe)
    return Outcome(
      seconds: outcome.seconds, epochs: outcome.epochs.count, validation: Training.Outcome.named(outcome.best),
      test: Labels.Figures(record.test), withoutHistories: Labels.Figures(record.baseline),
      labelsWithoutHistory: job.unknown)
  }

  private func job(on log: Log, _ labels: Labels) throws(ClozeError) -> ClassifierJob {
    let source = LabeledSource.log(log.log, name: log.name)
    let experiment = try experiment(for: source, labels)
    do {
      let workers = Workers(threads: max(1, threads ?? ProcessInfo.processInfo.activeProcessorCount))
      var job = try ClassifierJob(source, labels.file, experiment, workers: workers)
      job.provenance = log.provenance
      return job
    } catch let error as LabelError {
      throw .log("\(error)")
    } catch let error as ConfigurationError {
      throw .configuration("\(error)")
    } catch {
      throw .training("\(error)")
    }
  }

  private func experiment(for source: LabeledSource, _ labels: Labels) throws(ClozeError) -> Experiment {
    do {
      let model = try startsFrom.map { try ModelConfiguration(checkpoint: $0) }
      var experiment = Experiment.labels(
        sequences: try source.matches(labels.file).count, length: source.commonLength, from: model
      ).experiment
      experiment.labels?.task = labels.task
      if let startsFrom {
        experiment = try experiment.with(.object(["start": .object(["from": .text(startsFrom.path)])]))
      }
      experiment = try experiment.with(settings.changes(stages: experiment.stages.count))
      experiment.seed = seed
      return experiment
    } catch let error as LabelError {
      throw .log("\(error)")
    } catch {
      throw .configuration("\(error)")
    }
  }
}
