import Evaluation
import Foundation
import Testing

/// Against values computed by the libraries themselves; see `Fixtures/make_cross_library_metrics.py`.
@Suite struct CrossLibraryMetricsTests {
  struct Reference: Decodable {
    let cutoffs: [Int]
    let ranks: [[Int]]
    let prints: [String: [String: Double]]
  }

  @Test func printsWhatTheLibrariesPrint() throws {
    let file = try #require(
      Bundle.module.url(forResource: "cross_library_metrics", withExtension: "json", subdirectory: "Fixtures"))
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    let prints = CrossLibraryMetrics.all(ofRanks: reference.ranks, cutoffs: reference.cutoffs)
    #expect(Set(prints.map(\.library)) == Set(reference.prints.keys))
    for print in prints {
      let expected = try #require(reference.prints[print.library])
      #expect(Set(print.figures.map(\.name)) == Set(expected.keys), "\(print.library)")
      for figure in print.figures {
        let value = try #require(expected[figure.name])
        #expect(abs(figure.value - value) < 1e-9, "\(print.library) \(figure.name): \(figure.value) against \(value)")
      }
    }
  }
}
