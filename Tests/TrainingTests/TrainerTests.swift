import RankingMetrics
import Evaluation
import Interactions
import Kernels
import NeuralNetwork
import SequentialModels
import Synchronization
import TestSupport
import Testing
import Training

/// Whole training runs on logs with a known answer.
@Suite struct TrainerTests {
  /// Everybody walks 0 → 1 → … → 19 → 0 from a place of their own: the next item is certain.
  static let ring = InteractionLog(
    histories: (0..<200).map { user in (0..<6 + user % 7).map { (user * 3 + $0) % 20 } }, items: 20)

  /// Histories of a length that training has seen: a position that never was trained on says nothing.
  static let cases = (0..<20).map { start in
    EvaluationCase(
      user: UserID(start), history: ArraySlice((0..<5).map { ItemID((start + $0) % 20) }),
      targets: [ItemID((start + 5) % 20)])
  }

  private func trainer(
    _ recipe: Recipe, loss: ItemLoss = ItemLoss(), epochs: Int, validateEvery: Int = 1, patience: Int = 0,
    learningRate: Double = 3e-3,
    shouldStop: @escaping @Sendable () -> Bool = { false },
    observe: @escaping @Sendable (TrainingEvent) -> Void = { _ in }
  ) -> Trainer {
    var experiment = recipe.experiment
    experiment.model.hidden = 32
    experiment.model.length = 16
    experiment.model.dropout = 0
    experiment.model.attentionDropout = 0
    // The first stage that trains what the model reads.
    experiment.stages = [experiment.stages.first { $0.pooling == nil } ?? experiment.stages[0]]
    experiment.stages[0].loss = loss
    experiment.stages[0].epochs = epochs
    experiment.stages[0].batch = 16
    experiment.stages[0].validateEvery = validateEvery
    experiment.stages[0].patience = patience
    experiment.stages[0].learningRate.peak = learningRate
    return Trainer(
      experiment: experiment, split: LeaveOneOut.split(Self.ring), vocabulary: ItemVocabulary(items: 20),
      workers: Workers(threads: 2), shouldStop: shouldStop, observe: observe)
  }

  @Test func sizesBeyondTheMachineAreRefusedBeforeAnyIsAllocated() throws {
    var experiment = Recipe.bert4rec.experiment
    experiment.model.hidden = 65_536
    experiment.model.layers = 1_000
    let trainer = Trainer(
      experiment: experiment, split: LeaveOneOut.split(Self.ring), vocabulary: ItemVocabulary(items: 20),
      workers: Workers(threads: 1))
    let error = #expect(throws: TrainingError.self) { try trainer.train() }
    #expect(
      try #require(error).description.hasPrefix("a model of these sizes takes at least 1.1 PB to train"), "\(error!)")
  }

  @Test(arguments: Recipe.allCases) func learnsARingByHeart(recipe: Recipe) throws {
    // Validated at the end alone: with seen items removed the ring is easy to rank long before it is known by heart.
    let epochs = 120
    let outcome = try trainer(recipe, epochs: epochs, validateEvery: epochs, learningRate: 1e-3).train()
    let (hr, ndcg) = Evaluator.quick(outcome.model, Self.cases, seen: .keep, k: 1)
    #expect(hr >= 0.95, "\(recipe)")
    #expect(ndcg == hr)
    #expect(outcome.epochs.count == epochs)
    #expect(outcome.epochs.last!.loss < outcome.epochs.first!.loss)
  }

  /// Masked with everything in sight, then every position's next item, then the masked tail of every prefix: each
  /// stage is validated by what it trains, and the last one by what the model is for.
  @Test func stagesSeeAndScoreWhatTheySay() throws {
    var experiment = Recipe.maskedPrefixes.experiment
    experiment.model = ModelConfiguration(
      hidden: 32, length: 16, dropout: 0, attentionDropout: 0, attention: .causal)
    experiment.stages = [
      TrainingStage(
        name: "mask", objectives: Objectives(mlm: .init()), attention: .bidirectional, epochs: 5, batch: 16),
      TrainingStage(
        name: "next", objectives: Objectives(nextItem: .init()), pooling: .last, epochs: 50, batch: 16,
        validateEvery: 50),
      TrainingStage(
        name: "ask", objectives: Objectives(maskedPrefixes: .init()), epochs: 30, batch: 16, validateEvery: 30),
    ]
    let outcome = try Trainer(
      experiment: experiment, split: LeaveOneOut.split(Self.ring), vocabulary: ItemVocabulary(items: 20),
      workers: Workers(threads: 2)
    ).train()
    #expect(outcome.model.network.configuration.pooling == .tail)
    #expect(Evaluator.quick(outcome.model, Self.cases, seen: .keep, k: 1).hr >= 0.95)
    let validation = outcome.epochs.last { $0.stage == "next" }?.validation
    #expect(validation?.first(.hitRate, at: 10)?.value ?? 0 >= 0.9)
  }

  /// A stage that reads the last item alone trains no projection of the pair, so that the next one begins where it ended.
  @Test func aStageLeavesAPoolingAloneThatItDoesNotRead() throws {
    var experiment = Recipe.joined.experiment
    experiment.model.hidden = 8
    experiment.model.length = 16
    experiment.stages = [
      TrainingStage(name: "next", objectives: Objectives(nextItem: .init()), pooling: .last, epochs: 1, batch: 16)
    ]
    let outcome = try Trainer(
      experiment: experiment, split: LeaveOneOut.split(Self.ring), vocabulary: ItemVocabulary(items: 20),
      workers: Workers(threads: 2)
    ).train()
    let network = outcome.model.network
    let own = network.layout.tensors.filter { $0.name.hasPrefix(PoolingLayer.tensorPrefix) }
    #expect(own.count == 2)
    let fresh = network.initialParameters(seed: experiment.seed, deviation: experiment.model.initialDeviation)
    for tensor in own { #expect(outcome.model.parameters[tensor].values == fresh[tensor].values, "\(tensor.name)") }
  }

  @Test(arguments: [
    ItemLoss(kind: .sampledSoftmax, negatives: 6), ItemLoss(kind: .sampledSoftmax, negatives: 6, draw: .popularity),
    ItemLoss(kind: .gBCE, negatives: 6), ItemLoss(kind: .bpr, negatives: 6),
  ])
  func learnsARingFromAFewDrawnItems(loss: ItemLoss) throws {
    let outcome = try trainer(.causal, loss: loss, epochs: 60, validateEvery: 60, learningRate: 1e-3).train()
    let (hr, _) = Evaluator.quick(outcome.model, Self.cases, seen: .keep, k: 1)
    #expect(hr >= 0.95)
  }

  @Test func endsWithTheBestWeightsItSaw() throws {
    let trainer = trainer(.bert4rec, epochs: 12)
    let outcome = try trainer.train()
    let best = outcome.epochs.compactMap { $0.validation.first(.ndcg, at: 10)?.value }.max()
    let (_, ndcg) = Evaluator.quick(outcome.model, trainer.split.validation)
    #expect(ndcg == best)
  }

  @Test func stopsWhenPatienceIsUsedUp() throws {
    let outcome = try trainer(.bert4rec, epochs: 200, patience: 2, learningRate: 1e-9).train()
    #expect(outcome.epochs.count < 20)
  }

  /// Nothing is learned at such a rate: the first epoch is the best, two more are waited for, and the fall takes half of one.
  @Test func aPlateauEndsInAFallFromTheBestWeights() throws {
    var experiment = trainer(.causal, epochs: 50, patience: 2, learningRate: 1e-12).experiment
    experiment.stages[0].learningRate.decay = .plateau
    let falls = Mutex<[String]>([])
    func run() throws -> TrainingOutcome<BERT4Rec> {
      try Trainer(
        experiment: experiment, split: LeaveOneOut.split(Self.ring), vocabulary: ItemVocabulary(items: 20),
        workers: Workers(threads: 2),
        observe: {
          if case .fallBegan(_, let best, let epochs) = $0 { falls.withLock { $0.append("\(best) \(epochs)") } }
        }
      ).train()
    }
    #expect(try run().epochs.count == 4)
    #expect(falls.withLock(\.self) == ["1 1"])
    // Without patience the plateau lasts as long as a fall of half its length still ends within the epochs.
    experiment.stages[0].patience = 0
    experiment.stages[0].epochs = 9
    falls.withLock { $0 = [] }
    #expect(try run().epochs.count == 7)
    #expect(falls.withLock(\.self) == ["1 1"])
  }

  @Test func stopsWhenRequestedAndKeepsAModel() throws {
    let steps = Mutex(0)
    let outcome = try trainer(
      .bert4rec, epochs: 50, shouldStop: { steps.withLock { $0 >= 15 } },
      observe: { if case .stepped = $0 { steps.withLock { $0 += 1 } } }
    ).train()
    #expect(outcome.wasInterrupted)
    #expect(outcome.epochs.count == 2)
    let weights = outcome.model.parameters.all.values
    #expect(weights.allSatisfy { $0.isFinite })
  }

  @Test func anExplodingLossEndsTheRunAndSaysWhatToDo() {
    let error = #expect(throws: TrainingError.self) {
      _ = try trainer(.bert4rec, epochs: 30, learningRate: 1e38).train()
    }
    #expect(
      error?.description
        == "the loss stopped being a number in stage pretrain, epoch 1, step 2; "
        + "try a lower learningRate.peak or a smaller optimizer.clip")
  }

  @Test func aLogWithoutPairsIsRefused() {
    let log = InteractionLog(histories: [[0], [0]])
    let trainer = Trainer(
      experiment: Recipe.bert4rec.experiment, split: LeaveOneOut.split(log), vocabulary: ItemVocabulary(items: 1),
      workers: Workers(threads: 1))
    #expect(throws: TrainingError.nothingToLearn) { _ = try trainer.train() }
  }
}
