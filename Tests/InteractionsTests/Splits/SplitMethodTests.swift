import Foundation
import Interactions
import Testing

@Suite struct SplitMethodTests {
  private static let methods: [(method: SplitMethod, json: String)] = [
    (.leaveOneOut, #"{"method":"leave-one-out"}"#),
    (
      .globalTime(GlobalTime(testFrom: .time(1_700_000_000_123_456), validationShare: 0.2)),
      #"{"method":"global-time","testFrom":"2023-11-14T22:13:20.123456Z","validationShare":0.2}"#
    ),
    (
      .globalTime(GlobalTime(testFrom: .fraction(0.8))),
      #"{"method":"global-time","testFrom":"0.8","validationShare":0.1}"#
    ),
    (.newUsers(DrawnShare(share: 0.3, seed: 9)), #"{"method":"new-users","seed":9,"share":0.3}"#),
    (.coldItems(DrawnShare(share: 0.2, seed: 4)), #"{"method":"cold-items","seed":4,"share":0.2}"#),
  ]

  @Test(arguments: methods) func comesBackAsItWas(method: SplitMethod, json: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(String(decoding: try encoder.encode(method), as: UTF8.self) == json)
    #expect(try JSONDecoder().decode(SplitMethod.self, from: Data(json.utf8)) == method)
  }

  /// Records of version 0.1 hold the sentence in place of the method.
  @Test func itsSentenceIsRead() throws {
    let methods: [SplitMethod] = [
      .leaveOneOut, .globalTime(GlobalTime(testFrom: .time(1_700_000_000_000_000))),
      .newUsers(DrawnShare(share: 0.2, seed: 3)), .coldItems(DrawnShare(share: 0.2, seed: 3)),
    ]
    for method in methods {
      #expect(SplitMethod(sentence: method.description) == method)
      #expect(
        try JSONDecoder().decode([SplitMethod].self, from: JSONEncoder().encode([method.description])) == [method])
    }
    for text in [
      "", "given by the caller", "lines of held-out.txt held out", "global time: events from noon on are the test",
    ] {
      #expect(SplitMethod(sentence: text) == nil)
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode([SplitMethod].self, from: JSONEncoder().encode([text]))
      }
    }
  }

  @Test func anUnknownMethodOrMomentIsRefused() {
    for json in [
      #"{"method":"random"}"#, #"{"method":"global-time","testFrom":"noon","validationShare":0.1}"#,
      #"{"method":"new-users"}"#,
    ] {
      #expect(throws: DecodingError.self) { try JSONDecoder().decode(SplitMethod.self, from: Data(json.utf8)) }
    }
  }
}
