import DurableFiles

/// One moment for everybody: what happened before it trains, what happened from it on tests.
///
/// A case's history is all the user did before its moment; all distinct items of the period after it are targets.
/// Validation is the same from an earlier moment on, up to the test's; what happened from there on trains nothing.
/// Users without an event before the test's moment, or without one after it, are not evaluated and are counted.
/// Source: the protocol Ji et al. 2023 and Meng et al. 2020 recommend, since it cannot learn from the future.
package struct GlobalTime: Hashable, Sendable {
  /// Where the test begins.
  package enum Moment: Hashable, Sendable, CustomStringConvertible {
    /// Microseconds since 1970-01-01 UTC.
    case time(Int64)
    /// The time of the event that this share of all events precedes, between 0 and 1.
    case fraction(Double)

    /// The moment `text` names: a share between 0 and 1, or an ISO 8601 date or time; nil for anything else.
    package init?(_ text: String) {
      if let share = Double(text), share > 0, share < 1 {
        self = .fraction(share)
        return
      }
      guard let time = ISO8601.microseconds(text) else { return nil }
      self = .time(time)
    }

    /// What `init` reads.
    package var description: String {
      switch self {
      case .time(let time): ISO8601.text(time)
      case .fraction(let share): "\(share)"
      }
    }
  }

  package var testFrom: Moment
  /// The share of the events before the test that are the validation's targets.
  package var validationShare: Double

  package init(testFrom: Moment = .fraction(0.9), validationShare: Double = 0.1) {
    self.testFrom = testFrom
    self.validationShare = validationShare
  }

  /// - Throws: `SplitError` where the log has no times, or a share is none.
  package func split(
    _ log: InteractionLog, holdingOut heldOut: HeldOut = .validationAndTest
  ) throws(SplitError) -> Split {
    guard let times = log.times else { throw .noTimes }
    let sorted = times.sorted()
    let testFrom: Int64
    switch self.testFrom {
    case .time(let time): testFrom = time
    case .fraction(let share):
      guard share > 0 && share < 1 else { throw .shareOutOfRange("the test's moment", share) }
      testFrom = sorted.isEmpty ? 0 : sorted[Int(share * Double(sorted.count))]
    }
    guard validationShare > 0 && validationShare < 1 else {
      throw .shareOutOfRange("the validation's share", validationShare)
    }
    let before = sorted.partitioningIndex { $0 >= testFrom }
    let validationFrom = before == 0 ? testFrom : sorted[Int((1 - validationShare) * Double(before))]
    let cuts = (0..<log.userCount).map { index in
      let range = log.range(of: UserID(index))
      let own = times[range]
      let first = own.partitioningIndex { $0 >= validationFrom }
      let second = own.partitioningIndex { $0 >= testFrom }
      var cut = UserCut(range, validationFrom: first, testFrom: second)
      if cut.test == nil {
        cut.leftOut = second == range.lowerBound ? "new after the cut" : "without an event after the cut"
      }
      return cut
    }
    let resolved = GlobalTime(testFrom: .time(testFrom), validationShare: validationShare)
    return Split(log, method: .globalTime(resolved), cuts: cuts, holdingOut: heldOut)
  }
}
