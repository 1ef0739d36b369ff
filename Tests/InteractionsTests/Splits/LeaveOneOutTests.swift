import Interactions
import TestSupport
import Testing

@Suite struct LeaveOneOutTests {
  private let log = InteractionLog(histories: [[0, 1, 2, 3], [0, 1], [3, 2, 1]])

  @Test func theLastIsTestAndTheOneBeforeValidation() {
    let split = LeaveOneOut.split(log)
    #expect(split.test.map(\.targets) == [[ItemID(3)], [ItemID(1)]])
    #expect(split.validation.map(\.targets) == [[ItemID(2)], [ItemID(2)]])
    #expect(Array(split.test[0].history) == [0, 1, 2].map { ItemID($0) })
    #expect(Array(split.validation[1].history) == [ItemID(3)])
    #expect(split.test.map(\.user) == [UserID(0), UserID(2)])
  }

  @Test func shortHistoriesStayInTraining() {
    let training = LeaveOneOut.split(log).training
    #expect(training.offsets == [0, 2, 4, 5])
    #expect(Array(training.history(of: UserID(1))) == [ItemID(0), ItemID(1)])
  }
}
