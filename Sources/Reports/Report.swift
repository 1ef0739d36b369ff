import Training
import Comparison

/// One self-contained HTML page about a record: no script, no network, light and dark, fit for print, keyboard and
/// screen reader.
package enum Report {
  /// The page of a single training run.
  package static func html(of run: RunRecord) -> String { Page(run: run).render() }

  /// The page of a comparison.
  package static func html(of comparison: ComparisonRecord) -> String { Page(comparison: comparison).render() }
}
