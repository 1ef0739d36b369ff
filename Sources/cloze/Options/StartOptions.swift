import ArgumentParser
import Foundation
import ModelFiles
import SequentialModels
import Training

/// The model to fine-tune from, and what of it may change.
struct StartOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The model to fine-tune from: a model directory, or a Hugging Face BERT.", valueName: "dir"),
    completion: .directory)
  var from: String?
  @Option(
    help: """
      What rows of items that the model of --from lacks begin with: random, neighbors, or text, what the words of --text \
      let one expect. Without --from, text is what all rows begin with.
      """,
    completion: .list(VocabularyExtension.NewRows.allCases.map(\.rawValue)),
    transform: { try Setting.choice($0, of: "start.newItems") })
  var newItems: VocabularyExtension.NewRows?
  @Flag(help: "Add positions if model.length is greater than in the model of --from.")
  var extendPositions = false
  @Option(
    help: ArgumentHelp(
      "What is frozen: embeddings (rows of new items still learn), encoder (embeddings and blocks), none.")
  )
  var freeze: Freeze?
  @Option(help: ArgumentHelp("A factor on the learning rate of new rows.", valueName: "factor"))
  var newRowRate: Double?

  func validate() throws {
    let given = [
      ("--new-items", newItems != nil && newItems != .text), ("--extend-positions", extendPositions),
      ("--freeze", freeze != nil),
      ("--new-row-rate", newRowRate != nil),
    ]
    if from == nil, let (flag, _) = given.first(where: \.1) {
      throw ValidationError("\(flag) needs a model to fine-tune from; give --from DIR, too")
    }
  }

  /// `experiment` fine-tuning from the model of --from, in that model's sizes; without one, with rows that begin with words
  /// where --new-items says so.
  func lay(over experiment: Experiment) throws -> Experiment {
    guard let from else {
      if newItems != .text { return experiment }
      return try experiment.with(.object(["start": .object(["newItems": .text("text")])]))
    }
    return try experiment.with(
      .object([
        "start": .object([
          "from": .text(from), "newItems": .text((newItems ?? .random).rawValue),
          "extendPositions": .boolean(extendPositions),
        ])
      ]))
  }

  /// `experiment`, all else laid over it, with what these options say of its learning rates.
  func finish(_ experiment: Experiment) throws -> Experiment {
    var experiment = freeze.map { experiment.freezing($0) } ?? experiment
    if let newRowRate {
      for index in experiment.stages.indices { experiment.stages[index].rates.newRows = newRowRate }
    }
    return try experiment.with(.object([:]))
  }
}

extension Freeze: ExpressibleByArgument {}
