import Foundation
import RankingMetrics
import Testing

@Suite struct MetricKeyTests {
  @Test func isWrittenAsTheFieldWritesIt() throws {
    for key in RankMetric.allCases.map({ MetricKey($0, 20) }) + MetricKey.MaskedMetric.allCases.map({ MetricKey($0) }) {
      #expect(MetricKey(key.description) == key)
    }
    #expect(MetricKey(.ndcg, 10).description == "NDCG@10" && MetricKey(.loss).description == "loss")
    let json = try JSONEncoder().encode([MetricKey(.hitRate, 5): 0.5])
    #expect(String(decoding: json, as: UTF8.self) == #"{"HR@5":0.5}"#)
    #expect(try JSONDecoder().decode([MetricKey: Double].self, from: json) == [MetricKey(.hitRate, 5): 0.5])
  }

  @Test(arguments: ["NDCG", "NDGC@10", "NDCG@0", "NDCG@-1", "NDCG@ten", "NDCG@1@2", "ndcg@10", ""])
  func whatIsNoFigureIsRefusedWithWhatIsKnown(text: String) throws {
    #expect(MetricKey(text) == nil)
    let error = #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([MetricKey].self, from: JSONEncoder().encode([text]))
    }
    guard case .dataCorrupted(let context)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(context.debugDescription.hasPrefix("“\(text)” is no figure; expected HR@k, NDCG@k, "))
  }
}
