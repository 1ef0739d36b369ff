import Interactions
import Testing

@Suite struct NearestNameTests {
  static let keys = ["hidden", "layers", "heads", "learningRate", "maxPredictions", "dropout", "mask"]

  @Test(arguments: [
    ("hiden", "hidden"), ("Layers", "layers"), ("haeds", "heads"), ("learning_rate", "learningRate"),
    ("max-prediction", "maxPredictions"), ("dropuot", "dropout"), ("masks", "mask"),
  ])
  func aSlipIsRecognised(typed: String, meant: String) {
    #expect(NearestName.suggestion(for: typed, among: Self.keys) == meant)
  }

  @Test(arguments: ["epochs", "", "x", "temperature"])
  func somethingElseIsNotGuessed(typed: String) {
    #expect(NearestName.suggestion(for: typed, among: Self.keys) == nil)
  }

  @Test func theFirstOfEquallyCloseNamesWins() {
    #expect(NearestName.suggestion(for: "cat", among: ["car", "cab"]) == "car")
    #expect(NearestName.suggestion(for: "cat", among: []) == nil)
  }
}
