import Foundation
import Interactions
import Testing

@Suite struct OwnFoldsTests {
  private let users = Catalog(["a", "b", "c", "d"])
  private let items = Catalog(["w", "x", "y", "z"])

  private func log(_ events: [(user: Int, item: Int, time: Int64?)]) -> InteractionLog {
    var batch = EventBatch(columns: EventColumns(present: [.time]))
    for event in events {
      batch.users.append(UserID(event.user))
      batch.items.append(ItemID(event.item))
      batch.columns.append(event.time ?? 0, to: .time)
    }
    return InteractionLog(users: users, items: items, events: batch)
  }

  /// a is in all folds, b in training alone, c in the test alone, d has no training but a validation.
  private var joined: (log: InteractionLog, folds: OwnFolds) {
    OwnFolds.joining(
      training: log([(0, 1, 20), (1, 0, 1), (0, 0, 10)]), validation: log([(0, 2, 15), (3, 1, 5)]),
      test: log([(0, 3, 30), (0, 0, 40), (0, 3, 50), (2, 0, 1), (3, 2, 6)]), names: ("t.csv", "v.csv", "e.csv"))
  }

  @Test func eventsStandFoldAfterFold() throws {
    let (log, folds) = joined
    #expect(log.text == ["a: w x y z w z", "b: w", "c: w", "d: x y"])
    #expect(log.times == [10, 20, 15, 30, 40, 50, 1, 1, 5, 6])
    let split = try SplitMethod.ownFolds(folds).split(log)
    #expect(split.training.text == ["a: w x", "b: w", "c: ", "d: "])
    #expect(split.validation.map(\.user) == [UserID(0)] && split.validation[0].targets == [ItemID(2)])
    #expect(split.test.map(\.user) == [UserID(0), UserID(3)])
    #expect(Array(split.test[0].history) == [ItemID(0), ItemID(1), ItemID(2)])
    #expect(split.test[0].targets == [ItemID(3), ItemID(0)])
    #expect(split.summary.usersLeftOut == ["without an event in the test": 1, "only in the test": 1])
    #expect(try folds.split(log, holdingOut: .test).training.text == ["a: w x y", "b: w", "c: ", "d: x"])
  }

  @Test func foldsAreTheirBoundsAndNotTheirNames() throws {
    let (log, folds) = joined
    let other = OwnFolds.joining(
      training: self.log([(0, 1, 20)]), validation: nil, test: self.log([(0, 3, 30)]), names: ("t.csv", nil, "e.csv"))
    #expect(folds != other.folds)
    let read = try JSONDecoder().decode(SplitMethod.self, from: JSONEncoder().encode(SplitMethod.ownFolds(folds)))
    #expect(read == .ownFolds(folds))
    #expect("\(read)" == "own folds: t.csv trains, v.csv is the validation, e.csv is the test")
    #expect(throws: SplitError.folds("\(read)")) { try read.split(log) }
    #expect(
      "\(SplitMethod.ownFolds(other.folds))" == "own folds: t.csv trains, nothing is the validation, e.csv is the test")
  }
}
