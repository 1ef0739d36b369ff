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

  @Test func aPlateauFallsWhereItIsTold() {
    let schedule = LearningRateSchedule(peak: 2, warmup: 0.1, decay: .plateau, floor: 0.1)
    #expect(schedule.rate(step: 4, of: 100) == 1)
    #expect(schedule.rate(step: 99, of: 100) == 2)
    #expect(schedule.rate(step: 29, of: 100, fall: 30..<50) == 2)
    #expect(abs(schedule.rate(step: 39, of: 100, fall: 30..<50) - 1.1) < 1e-12)
    #expect(abs(schedule.rate(step: 49, of: 100, fall: 30..<50) - 0.2) < 1e-12)
    #expect(schedule.fallEpochs(after: 7) == 4)
    #expect(schedule.fallEpochs(after: 0) == 1)
  }

  @Test(arguments: LearningRateSchedule.Decay.allCases)
  func staysBetweenZeroAndThePeak(decay: LearningRateSchedule.Decay) {
    for steps in [1, 2, 17] {
      let schedule = LearningRateSchedule(peak: 1, warmup: 0.3, decay: decay)
      for step in 0..<steps { #expect((0...1).contains(schedule.rate(step: step, of: steps))) }
    }
  }
}
