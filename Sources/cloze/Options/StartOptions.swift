import ArgumentParser
import Foundation
import ModelFiles
import SequentialModels
import Training

/// The checkpoint that training goes on from, and what of it may change.
struct StartOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("A model to go on from: a model directory, or a Hugging Face BERT.", valueName: "dir"),
    completion: .directory)
  var from: String?
  @Option(help: "What the rows of items start from that the checkpoint lacks: random or neighbours.")
  var newItems: VocabularyExtension.NewRows?
  @Flag(help: "Add positions where model.length asks for more than the checkpoint has.")
  var extendPositions = false
  @Option(
    help: ArgumentHelp(
      "What keeps the checkpoint's bytes: embeddings (rows of new items learn), encoder (embeddings and blocks), none.")
  )
  var freeze: Freeze?
  @Option(help: ArgumentHelp("A factor on the learning rate of new rows.", valueName: "factor"))
  var newRowRate: Double?

  func validate() throws {
    let given = [
      ("--new-items", newItems != nil), ("--extend-positions", extendPositions), ("--freeze", freeze != nil),
      ("--new-row-rate", newRowRate != nil),
    ]
    if from == nil, let (flag, _) = given.first(where: \.1) {
      throw ValidationError("\(flag) is about a checkpoint; give --from DIR, too")
    }
  }

  /// `experiment` going on from the checkpoint, in the checkpoint's sizes.
  func lay(over experiment: Experiment) throws -> Experiment {
    guard let from else { return experiment }
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
extension VocabularyExtension.NewRows: ExpressibleByArgument {}
