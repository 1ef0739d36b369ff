import Foundation
import Interactions
import Kernels
import NeuralNetwork
import ModelFiles
import SequentialModels
import TestSupport
import Testing
import Training

/// Objectives through whole runs: what they report, and what they refuse.
@Suite struct ObjectiveRunTests {
  private func trainer(_ objectives: Objectives, log: InteractionLog, epochs: Int) -> Trainer {
    let model = ModelConfiguration(
      hidden: 32, layers: 2, heads: 2, length: 16, dropout: 0, attentionDropout: 0,
      nextSegmentHead: objectives.nextSegment != nil)
    let stage = TrainingStage(
      name: "pretrain", objectives: objectives, epochs: epochs, batch: 16,
      learningRate: LearningRateSchedule(peak: 3e-3), validateEvery: epochs)
    return Trainer(
      experiment: Experiment(model: model, stages: [stage]), split: LeaveOneOut.split(log),
      vocabulary: ItemVocabulary(items: log.itemCount), workers: Workers(threads: 2))
  }

  /// 200 users of five kinds with eight items each, drawn at random: who has items of one kind has no others.
  private static let kinds: InteractionLog = {
    let random = CounterRandom(seed: 1, purpose: 0, step: 0)
    let histories = (0..<200).map { user in
      (0..<6 + user % 7).map { user % 5 * 8 + random.below(8, UInt64(user << 8 + $0)) }
    }
    return InteractionLog(histories: histories, items: 40)
  }()

  /// A stranger of the same kind cannot be told: nine in ten is the best there is.
  @Test func tellsWhetherASegmentFollowsAndReportsHowOften() throws {
    let outcome = try trainer(Objectives(mlm: .init(), nextSegment: .init()), log: Self.kinds, epochs: 40).train()
    let shares = outcome.epochs.compactMap(\.nextSegmentAccuracy)
    #expect(shares.count == 40)
    #expect(shares[0] < 0.65 && shares.suffix(10).reduce(0, +) > 7, "\(shares)")
    let alone = try trainer(Objectives(mlm: .init()), log: Self.kinds, epochs: 1).train()
    #expect(alone.epochs[0].nextSegmentAccuracy == nil)
  }

  @Test func wholeGroupsNeedGroups() throws {
    let log = TrainerTests.ring
    let objectives = Objectives(mlm: .init(wholeGroups: true))
    let error = #expect(throws: TrainingError.self) { _ = try trainer(objectives, log: log, epochs: 1).train() }
    #expect(
      error?.description == "stage pretrain masks whole groups, but the log has no group column and no sessions; "
        + "give --session-gap MINUTES or --columns group=…, or set objectives.mlm.wholeGroups to false")
    let times = (0..<log.eventCount).map { Int64($0) * 60_000_000 }
    let timed = InteractionLog(
      users: log.users, items: log.items, offsets: log.offsets, events: log.events, times: times)
    let grouped = try timed.groupedBySessions(gap: 1)
    #expect(try trainer(objectives, log: grouped, epochs: 1).train().epochs.count == 1)
  }

  @Test func wholeWordsNeedPieces() throws {
    let lines = TokenLines(path: "lines", lines: ["a b c", "b c a"])
    var experiment = Recipe.masked.experiment
    experiment.stages[0].objectives.mlm?.wholeGroups = true
    let error = #expect(throws: PretrainingError.self) {
      _ = try PretrainingJob(
        PretrainingSource(training: lines, validation: lines), experiment: experiment, workers: Workers(threads: 1))
    }
    #expect(
      error?.description == "stage pretrain masks whole words, but tokens between blanks have no pieces; "
        + "set objectives.mlm.wholeGroups to false, or read text with --tokens wordpiece")
  }

  @Test(arguments: [false, true]) func textGoesOnFromEitherKindOfBERT(masked: Bool) throws {
    let fixture = try CheckpointFixture(masked: masked)
    defer { fixture.remove() }
    // 32 tokens: the letters, some pieces, as text is cut into.
    let letters = "abcdefghijklmnopqrstuvwxyz".map(String.init) + ["##a", "##b", "##c", "##d", "##e", "."]
    try Tokenizer(Vocabulary(items: letters), kind: .wordPiece(BasicTokenizer()))
      .write(to: fixture.checkpoint, maximumLength: 16)
    let text = TokenLines(
      path: "text", lines: (0..<30).map { "Abe bad \($0 % 3 == 0 ? "dab" : "ace") A b c. d e f g h i j k l m n o p q" })
    let source = try PretrainingSource(
      training: text, validation: text, checkpoint: fixture.checkpoint, extending: VocabularyExtension())
    #expect(source.vocabularyReport == nil, "text brings no new items")
    var experiment = try fixture.experiment(epochs: 2)
    experiment.stages[0].objectives = Objectives(mlm: .init(wholeGroups: true))
    let job = try PretrainingJob(source, experiment: experiment, workers: Workers(threads: 2))
    // [CLS] and [SEP] once each: put there by the corpus, or [CLS] by the encoder whose second head reads it.
    #expect(job.training.account.tokens == 30 * 27)
    #expect(
      (0..<2).map { job.training.log.offsets[$0 + 1] - job.training.log.offsets[$0] }
        == (masked ? [16, 15] : [15, 14]))
    let outcome = try job.train()
    let names = outcome.epochs[0].validation.map(\.key.description)
    #expect(names == ["loss", "perplexity", "masked accuracy"])
    #expect(outcome.epochs[1].validation[0].value < outcome.epochs[0].validation[0].value)
    let url = fixture.folder.appendingPathComponent("text")
    try job.write(outcome, record: try job.record(of: outcome, name: "text"), to: url)
    let written = try HuggingFaceModel.read(url)
    #expect(written.configuration.architecture == (masked ? .maskedLM : .preTraining))
    #expect(written.tokenizer?.kind == .wordPiece(BasicTokenizer()))
  }
}
