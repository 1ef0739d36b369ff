import Interactions
import Kernels
import SequentialModels

/// The rivals that cost nothing, which every model has to beat.
package enum Baselines {
  /// Popularity first; recent popularity only where the log has times.
  ///
  /// - Parameter halfLife: seconds after which an interaction counts half in recent popularity.
  package static func all(
    _ training: InteractionLog, halfLife: Double = 30 * 86_400, workers: Workers
  ) -> [any SequentialRecommender] {
    let recent = Popularity(training, halfLife: halfLife)
    return [Popularity(training)] + (recent.map { [$0] } ?? [])
      + [LastItemMarkov(training), ItemKNN(training, workers: workers)]
  }
}
