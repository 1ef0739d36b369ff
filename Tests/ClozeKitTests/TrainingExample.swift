import ClozeKit
import Foundation

/// Trains with typed settings, follows the training, then evaluates and explains.
func trainAndEvaluate(log file: URL, model directory: URL) async throws {
  var preparation = Log.Preparation()
  preparation.minimumUserEvents = 3
  let log = try await Log.read(file, preparation: preparation)

  var settings = Training.Settings()
  settings.hidden = 32
  settings.epochs = 2
  settings.loss = .sampledSoftmax
  settings["stages.0.optimizer.weightDecay"] = "0.1"
  let training = Training(settings: settings, recipe: .sasrec)
  print(try training.configuration(for: log))
  for try await event in training.events(on: log, into: directory) {
    if case .epochEnded(_, let epoch, let loss, let validation, _) = event {
      print("epoch", epoch, "loss", loss, "NDCG@10", validation["NDCG@10"] ?? 0)
    }
  }

  let recommender = try await Recommender.load(directory: directory)
  let evaluation = try await recommender.evaluate(on: log)
  for result in [evaluation.model] + evaluation.baselines {
    guard let figure = result["NDCG@10"] else { continue }
    print(result.name, figure.value, "from", figure.low ?? 0, "to", figure.high ?? 0)
  }
  for cohort in evaluation.model.cohorts {
    print(cohort.dimension, cohort.part, cohort.users, "users")
  }

  let history = log.history(of: log.users[0]) ?? []
  let explanation = try await recommender.explain(history: history, excludingSeen: true)
  for part in explanation.history {
    print(explanation.item, "because of", part.item, part.scoreChange)
  }
}
