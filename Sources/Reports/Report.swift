import Training
import Comparison

/// One self-contained HTML page about a record: no script, no network, light and dark, fit for print, keyboard and
/// screen reader.
package enum Report {
  /// The page of a single training run, with what its model recommends where that is known.
  package static func html(of run: RunRecord, examples: ListExamples? = nil) -> String {
    Page(run: run, examples: examples).render()
  }

  /// The page of a comparison.
  package static func html(of comparison: ComparisonRecord) -> String { Page(comparison: comparison).render() }
}
