/// Holm's step-down correction for several tests at once.
///
/// Source: Holm 1979; the correction of R's `p.adjust(p, "holm")`.
package enum HolmCorrection {
  /// The corrected p values, in the order given, each at most 1.
  package static func adjusted(_ p: [Double]) -> [Double] {
    var adjusted = p
    var largest = 0.0
    for (step, index) in p.indices.sorted(by: { p[$0] < p[$1] }).enumerated() {
      largest = max(largest, min(1, Double(p.count - step) * p[index]))
      adjusted[index] = largest
    }
    return adjusted
  }
}
