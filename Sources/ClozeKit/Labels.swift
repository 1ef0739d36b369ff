import Evaluation
import Foundation
import ModelFiles
import NeuralNetwork
import RankingMetrics
import Training

/// What is known of users: a label each, such as a segment, or a number to be predicted, such as what they will spend.
public struct Labels: Sendable {
  /// What is learned of labels.
  public enum Task: Sendable, Equatable, CaseIterable {
    /// Which of several labels a user has.
    case classification
    /// A number.
    case regression

    init(_ task: ClassificationHead.Task) { self = task == .regression ? .regression : .classification }
    var known: ClassificationHead.Task { self == .regression ? .regression : .classification }
  }

  let file: LabelFile
  let task: ClassificationHead.Task

  /// Reads a table with a user and a label, or a number, in each row.
  ///
  /// - Parameters:
  ///   - columns: the names of the columns of both; found by usual names, or the two that there are, if nil.
  ///   - task: labels if nil, where the column does not look like numbers to be predicted, which is refused then.
  /// - Throws: `ClozeError.log` with the file and the line.
  public init(_ url: URL, columns: (user: String, label: String)? = nil, task: Task? = nil) throws(ClozeError) {
    do {
      file = try LabelFile(url.path, columns: columns.map { ($0.user, $0.label) })
      self.task = try file.targets(task?.known).labels.task
    } catch {
      throw .log("\(error)")
    }
  }

  /// The label of each user.
  ///
  /// - Throws: `ClozeError.log` where there is none, or one is empty.
  public init(_ labels: [String: String]) throws(ClozeError) {
    if labels.isEmpty { throw .log("there are no labels; give some 50 at least") }
    if let user = labels.first(where: { $0.value.isEmpty }) {
      throw .log("the label of “\(user.key)” is empty; leave out users of whom nothing is known")
    }
    file = LabelFile(labels, name: "label")
    task = .classification
  }

  /// The number of each user, to be predicted.
  ///
  /// - Throws: `ClozeError.log` where there is none, or one is not finite.
  public init(numbers: [String: Double]) throws(ClozeError) {
    if numbers.isEmpty { throw .log("there are no numbers; give some 50 at least") }
    if let user = numbers.first(where: { !$0.value.isFinite }) {
      throw .log("the number of “\(user.key)” is \(user.value); leave out users of whom nothing is known")
    }
    file = LabelFile(numbers.mapValues { "\($0)" }, name: "number")
    task = .regression
  }

  /// How many users are labeled.
  public var count: Int { file.rows.count }
}

extension Labels {
  /// How well labels or numbers are predicted, each figure by its name.
  public struct Figures: Sendable, Equatable {
    /// `accuracy`, `AUC`, `macro F1`, `log loss` and `calibration error`, or `mean absolute error`, `root mean squared error`
    /// and `R²`; those that have no value, such as the AUC of one label, are left out.
    public let list: [(name: String, value: Double)]

    /// The figure called `name`; nil where it has no value.
    public subscript(name: String) -> Double? { list.first { $0.name == name }?.value }

    init(_ figures: ClassifierFigures) { list = figures.list }

    public static func == (a: Figures, b: Figures) -> Bool {
      a.list.elementsEqual(b.list) { $0.name == $1.name && $0.value == $1.value }
    }
  }

  /// What is predicted of a user.
  public enum Prediction: Sendable, Equatable {
    /// The most probable label, the first of several, and the probability of each.
    case label(String, probabilities: [String: Double])
    case number(Double)

    /// The most probable label; nil of a number.
    public var label: String? { if case .label(let label, _) = self { label } else { nil } }
    /// The predicted number; nil of a label.
    public var number: Double? { if case .number(let number) = self { number } else { nil } }

    init(_ labels: SequenceLabels, _ output: [Float]) {
      if labels.task == .regression {
        self = .number(Double(output[0]))
      } else {
        let (label, probabilities) = labels.mostProbable(output)
        self = .label(label, probabilities: Dictionary(uniqueKeysWithValues: zip(labels.names, probabilities)))
      }
    }
  }
}
