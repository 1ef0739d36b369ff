/// Where one user's events are cut; ranges are positions in the log's `events`.
struct UserCut {
  struct Question {
    let history: Range<Int>
    let targets: Range<Int>
  }

  let training: Range<Int>
  /// What trains where the test alone is held out; nil for `training`.
  var beforeTest: Range<Int>?
  var validation: Question?
  var test: Question?
  /// Why the user has no test question, where there is none.
  var leftOut: String?
}
