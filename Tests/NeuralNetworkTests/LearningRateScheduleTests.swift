import NeuralNetwork
import Testing

@Suite struct LearningRateScheduleTests {
  @Test func risesThenFallsInAStraightLine() {
    let schedule = LearningRateSchedule(peak: 2, warmup: 0.1, decay: .linear)
    #expect(schedule.rate(step: 0, of: 100) == 0.2)
    #expect(schedule.rate(step: 9, of: 100) == 2)
    #expect(abs(schedule.rate(step: 54, of: 100) - 1) < 1e-12)
    #expect(schedule.rate(step: 99, of: 100) == 0)
  }

  @Test func aCosineEndsAtItsFloor() {
    let schedule = LearningRateSchedule(peak: 1, warmup: 0, decay: .cosine, floor: 0.1)
    #expect(abs(schedule.rate(step: 49, of: 100) - 0.55) < 1e-9)
    #expect(abs(schedule.rate(step: 99, of: 100) - 0.1) < 1e-12)
  }

  @Test(arguments: LearningRateSchedule.Decay.allCases)
  func staysBetweenZeroAndThePeak(decay: LearningRateSchedule.Decay) {
    for steps in [1, 2, 17] {
      let schedule = LearningRateSchedule(peak: 1, warmup: 0.3, decay: decay)
      for step in 0..<steps { #expect((0...1).contains(schedule.rate(step: step, of: steps))) }
    }
  }
}
