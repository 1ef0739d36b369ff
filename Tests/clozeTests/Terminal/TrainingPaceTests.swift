import SequentialModels
import Synchronization
import Testing
import Training
import cloze

@Suite struct TrainingPaceTests {
  /// A clock that is set by hand.
  private final class Clock: Sendable {
    private let time = Mutex(ContinuousClock.now)
    var now: ContinuousClock.Instant { time.withLock { $0 } }
    func pass(_ duration: Duration) { time.withLock { $0 += duration } }
  }

  private func sentence(_ loss: ItemLoss.Kind, items: Int, epochs: Int) -> String? {
    let clock = Clock()
    let pace = TrainingPace(items: items, now: { clock.now })
    pace.begin(
      TrainingStage(
        name: "train", objectives: Objectives(nextItem: .init()), loss: ItemLoss(kind: loss), epochs: epochs))
    #expect(pace.sentence(after: 0.01) == nil, "the first step is not measured")
    clock.pass(.seconds(5))
    #expect(pace.sentence(after: 0.02) == nil)
    clock.pass(.seconds(10))
    let sentence = pace.sentence(after: 0.035)
    clock.pass(.seconds(60))
    #expect(pace.sentence(after: 0.5) == nil, "it is said once")
    return sentence
  }

  @Test func aLongStageIsSaidWithTheSettingThatHelps() {
    let time = "train takes about 10 min 0 s an epoch, its validation not counted, so 2 h 30 min for all 15"
    #expect(
      sentence(.full, items: 300_000, epochs: 15)
        == "\(time); --loss sampledSoftmax scores a few drawn items in each step instead of all 300000")
    #expect(sentence(.full, items: 3_000, epochs: 15) == "\(time); --epochs sets fewer")
    #expect(sentence(.gBCE, items: 300_000, epochs: 15) == "\(time); --epochs sets fewer")
    #expect(sentence(.full, items: 300_000, epochs: 5) == nil)
  }
}
