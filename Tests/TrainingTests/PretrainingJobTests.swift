import Foundation
import Kernels
import ModelFiles
import RankingMetrics
import SequentialModels
import TestSupport
import Testing
import Training

@Suite struct PretrainingJobTests {
  /// Two sequences in turn: a masked token follows from its place and any of its neighbors.
  private func pair(_ count: Int) -> TokenLines {
    let lines = (0..<count).map { line in (0..<9).map { "\(line % 2 == 0 ? "p" : "q")\($0)" }.joined(separator: " ") }
    return TokenLines(path: "pair.txt", lines: lines)
  }

  private func experiment(epochs: Int = 30) -> Experiment {
    var experiment = Recipe.masked.experiment
    experiment.model = ModelConfiguration(
      hidden: 16, layers: 1, heads: 2, length: 9, dropout: 0, attentionDropout: 0, initialDeviation: 0.2)
    experiment.stages[0].epochs = epochs
    experiment.stages[0].batch = 8
    experiment.stages[0].learningRate.peak = 0.01
    experiment.stages[0].patience = 0
    return experiment
  }

  @Test func learnsAPairAndGoesOnFromWhatItWrote() throws {
    let folder = TestFolder.url.appendingPathComponent("pretraining-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let workers = Workers(threads: 1)
    let source = PretrainingSource(training: pair(64), validation: pair(24))
    let job = try PretrainingJob(source, experiment: experiment(), workers: workers)
    let outcome = try job.train()
    let best = try #require(outcome.best.first(MetricKey(.perplexity))?.value)
    let first = try #require(outcome.epochs.first?.validation.first(MetricKey(.perplexity))?.value)
    #expect(best < 3 && first > 3 * best, "\(first) → \(best), of 23 tokens")
    #expect(outcome.best.first(MetricKey(.accuracy))!.value > 0.4)
    try job.write(outcome, record: try job.record(of: outcome, name: "pair"), to: folder)

    var more = pair(64).lines
    more.append("new p0 new p1")
    var next = try PretrainingSource(
      training: TokenLines(path: "more.txt", lines: more), validation: pair(24), checkpoint: folder,
      extending: VocabularyExtension(newRows: .neighbors))
    #expect(next.vocabularyReport?.known == 18)
    #expect(next.vocabularyReport?.added == 1)
    try next.requirePositions(9, extends: false, seed: 1)
    let continued = try PretrainingJob(next, experiment: experiment(epochs: 1), workers: workers).train()
    let started = try #require(continued.best.first(MetricKey(.perplexity))?.value)
    #expect(started < 4, "what was learned is kept: \(started)")
    #expect(continued.model.network.configuration.vocabularySize == 24)
  }

  @Test func refusesWhatLinesCannotBeTrainedWith() throws {
    let source = PretrainingSource(training: pair(4), validation: pair(4))
    var tail = experiment()
    tail.stages[0].objectives.tail = .init()
    let error = #expect(throws: PretrainingError.self) {
      _ = try PretrainingJob(source, experiment: tail, workers: Workers(threads: 1))
    }
    #expect(
      error?.description
        == "stage pretrain asks for more or less than masked tokens and next sentences, which is all that lines of "
        + "tokens are pretrained with; give every stage objectives.mlm, with objectives.nextSegment or without, and "
        + "nothing else")
  }

  @Test func refusesOtherSizesThanTheCheckpointHas() throws {
    let folder = TestFolder.url.appendingPathComponent("pretraining-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = PretrainingSource(training: pair(4), validation: pair(4))
    let job = try PretrainingJob(source, experiment: experiment(epochs: 1), workers: Workers(threads: 1))
    let outcome = try job.train()
    try job.write(outcome, record: try job.record(of: outcome, name: "pair"), to: folder)
    let next = try PretrainingSource(
      training: pair(4), validation: pair(4), checkpoint: folder, extending: VocabularyExtension()
    )
    var wide = experiment()
    wide.model.hidden = 32
    let error = #expect(throws: TrainingStartError.self) {
      _ = try PretrainingJob(next, experiment: wide, workers: Workers(threads: 1))
    }
    #expect(
      error?.description
        == "model.hidden is 32, but the checkpoint has 16, and its weights fit no other; leave model.hidden out")
  }
}
