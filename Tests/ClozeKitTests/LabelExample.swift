import ClozeKit
import Foundation

/// Learns which users will churn, looks how well, and says it of all users.
func labelUsers(log file: URL, labels table: URL, model directory: URL) async throws {
  let log = try await Log.read(file)
  let labels = try Labels(table)

  var settings = Training.Settings()
  settings.hidden = 16
  settings.epochs = 2
  settings.metric = "AUC"
  let outcome = try await LabelTraining(settings: settings).train(on: log, labels: labels, into: directory)
  print("AUC", outcome.test["AUC"] ?? 0, "without histories", outcome.withoutHistories["AUC"] ?? 0)

  let classifier = try await Classifier.load(directory: directory)
  for (user, prediction) in zip(log.users, try await classifier.predict(usersOf: log)) {
    if case .label(let label, let probabilities) = prediction { print(user, label, probabilities[label] ?? 0) }
  }
}
