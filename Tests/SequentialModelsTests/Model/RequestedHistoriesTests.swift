import SequentialModels
import Testing

/// What is kept follows what comes again.
@Suite struct RequestedHistoriesTests {
  /// A history that no other number has.
  private func history(_ number: Int, _ length: Int = 20) -> [Int32] {
    (0..<Int32(length)).map { Int32(number) &* 64 + $0 }
  }

  @Test func newHistoriesAreKeptUntilTheyDoNotComeAgain() {
    var requested = RequestedHistories(capacity: 100_000, window: 256)
    func admits(_ number: Int, _ length: Int = 20) -> Bool {
      requested.admit(history(number, length), known: 0, goesOn: true)
    }
    let kept = (0..<2_000).map { admits($0) }
    #expect(kept[..<100].allSatisfy { $0 } && !kept[300...].contains(true))
    #expect(requested.count == 2_000)
    // Sessions of two requests: the second is kept, and soon so is the first of those that begin.
    for number in 3_000..<3_100 {
      _ = admits(number)
      #expect(admits(number, 21))
    }
    #expect(requested.count == 2_000)
    #expect(admits(5_000))
  }

  @Test func aSecondRequestHasHalfOfTheFirst() {
    var requested = RequestedHistories(capacity: 100_000, window: 256)
    func admits(_ number: Int, _ length: Int = 20, goesOn: Bool = true) -> Bool {
      requested.admit(history(number, length), known: 0, goesOn: goesOn)
    }
    for number in 0..<1_000 { _ = admits(number) }
    // It goes on by 20 items, which is as many; by one more it is another history.
    #expect(admits(1, 40))
    #expect(!admits(2, 41))
    #expect(admits(3))
    // The fingerprint is used up: what came twice and is no longer kept begins anew.
    #expect(!admits(3))
    // Where nothing goes on behind a history, it must be the same.
    #expect(!admits(4, 21, goesOn: false))
    #expect(admits(5, goesOn: false))
    let empty = requested.admit([], known: 0, goesOn: true)
    #expect(!empty)
  }

  @Test func whatIsMostlyKeptIsKept() {
    var requested = RequestedHistories(capacity: 100_000, window: 256)
    func admits(_ number: Int, known: Int = 0, goesOn: Bool = true) -> Bool {
      requested.admit(history(number), known: known, goesOn: goesOn)
    }
    for number in 0..<1_000 { _ = admits(number) }
    #expect(admits(2_000, known: 10))
    #expect(!admits(2_001, known: 9))
    #expect(!admits(2_002, known: 19, goesOn: false))
    #expect(admits(2_003, known: 20, goesOn: false))
    #expect(requested.count == 1_002)
  }

  @Test(arguments: [4, 7, 64, 1_000]) func fingerprintsAreBounded(_ capacity: Int) {
    var requested = RequestedHistories(capacity: capacity, window: 256)
    func admits(_ number: Int) -> Bool { requested.admit(history(number), known: 0, goesOn: true) }
    for number in 0..<3_000 { _ = admits(number) }
    #expect(requested.count <= capacity && requested.count > capacity / 2)
    // The first one is forgotten, the last one is known.
    #expect(!admits(0))
    #expect(admits(2_999))
  }
}
