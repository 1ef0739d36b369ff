import Foundation
import RankingMetrics
import Testing

/// Against scikit-learn; see `Fixtures/make_labels_reference.py`.
@Suite struct LabelMetricsTests {
  struct Reference: Decodable {
    struct Case: Decodable {
      let name: String
      let probabilities: [[Double]]
      let labels: [Int]
      let accuracy, macroF1, logLoss, calibrationError: Double
      let auc: Double?
    }
    struct Numbers: Decodable {
      let found, predicted: [Double]
      let meanAbsoluteError, rootMeanSquaredError, r2: Double
    }
    let cases: [Case]
    let numbers: Numbers
  }

  let reference: Reference

  init() throws {
    let file = try #require(Bundle.module.url(forResource: "labels", withExtension: "json", subdirectory: "Fixtures"))
    reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
  }

  @Test func labelsAgree() {
    for expected in reference.cases {
      let found = LabelMetrics(probabilities: expected.probabilities, labels: expected.labels)
      for (value, wanted) in [
        (found.accuracy, expected.accuracy), (found.macroF1, expected.macroF1), (found.logLoss, expected.logLoss),
        (found.calibrationError, expected.calibrationError),
      ] { #expect(abs(value - wanted) < 1e-12, "\(expected.name)") }
      #expect((found.auc == nil) == (expected.auc == nil), "\(expected.name)")
      if let area = found.auc, let wanted = expected.auc { #expect(abs(area - wanted) < 1e-12, "\(expected.name)") }
    }
  }

  @Test func numbersAgree() {
    let expected = reference.numbers
    let found = NumberMetrics(predicted: expected.predicted, found: expected.found)
    #expect(abs(found.meanAbsoluteError - expected.meanAbsoluteError) < 1e-12)
    #expect(abs(found.rootMeanSquaredError - expected.rootMeanSquaredError) < 1e-12)
    #expect(abs((found.r2 ?? 0) - expected.r2) < 1e-12)
    #expect(NumberMetrics(predicted: [1, 2], found: [3, 3]).r2 == nil)
  }
}
