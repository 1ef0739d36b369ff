/// When a stage is over: after its epochs, when its patience is used up, or, where its schedule has a plateau, at the end of
/// the fall that begins then.
struct StageEnd: Sendable {
  private let stage: TrainingStage
  /// The epochs in which the learning rate falls; nil without a plateau, and before the fall.
  private(set) var fall: Range<Int>?

  /// - Parameter fall: of an earlier attempt.
  init(_ stage: TrainingStage, fall: Range<Int>?) {
    self.stage = stage
    self.fall = fall
  }

  private var hasPlateau: Bool { stage.learningRate.decay == .plateau }

  /// The stage trains at most so many epochs.
  var epochs: Int { fall?.upperBound ?? stage.epochs }

  /// Whether the patience ends the stage; that of a plateau only ends the plateau.
  func stops(_ patience: Patience) -> Bool { !hasPlateau && patience.isOver }

  /// Whether `epoch` is validated however seldom the stage is: the last one, and the last one of a plateau.
  func validates(after epoch: Int) -> Bool { epoch == epochs - 1 || mustFall(after: epoch) }

  /// Whether a fall that began later would not end within the stage's epochs.
  private func mustFall(after epoch: Int) -> Bool {
    hasPlateau && fall == nil && epoch + 2 + stage.learningRate.fallEpochs(after: epoch + 2) > stage.epochs
  }

  /// Begins the fall where the plateau is over, and says whether it did. It takes its share of the epochs up to the best
  /// one, from whose weights it goes on.
  mutating func fallBegins(after epoch: Int, _ patience: Patience) -> Bool {
    guard hasPlateau, fall == nil, epoch + 1 < stage.epochs, patience.isOver || mustFall(after: epoch) else {
      return false
    }
    let made = patience.bestEpoch < 0 ? epoch + 1 : patience.bestEpoch + 1
    fall = epoch + 1..<min(stage.epochs, epoch + 1 + stage.learningRate.fallEpochs(after: made))
    return true
  }
}
