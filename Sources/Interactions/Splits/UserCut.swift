/// Where one user's events are cut; ranges are positions in the log's `events`.
struct UserCut {
  struct Question {
    let history: Range<Int>
    let targets: Range<Int>
  }

  let training: Range<Int>
  /// What trains where only the test is held out, and where nothing is.
  let beforeTest, whole: Range<Int>
  var validation: Question?
  var test: Question?
  /// Why the user has no test question, where there is none.
  var leftOut: String?

  /// - Parameter beforeTest: `training` where left out.
  init(
    training: Range<Int>, beforeTest: Range<Int>? = nil, whole: Range<Int>, validation: Question? = nil,
    test: Question? = nil, leftOut: String? = nil
  ) {
    self.training = training
    self.beforeTest = beforeTest ?? training
    self.whole = whole
    self.validation = validation
    self.test = test
    self.leftOut = leftOut
  }

  /// What trains.
  func training(holdingOut heldOut: HeldOut) -> Range<Int> {
    switch heldOut {
    case .validationAndTest: training
    case .test: beforeTest
    case .nothing: whole
    }
  }
}
