import Collectives
import Foundation
import Interactions
import Kernels
import NeuralNetwork
import SequentialModels
import TestSupport
import Testing

/// Training steps as a run makes them: the same bytes on any number of threads, and no memory left behind.
@Suite struct TrainingStepTests {
  /// Histories of 2 … 40 items that walk through the catalog with a stride of their own.
  static let log = InteractionLog(
    histories: (0..<60).map { user in
      (0..<2 + user * 7 % 39).map { (user + $0 * (1 + user % 3)) % 50 }
    }, items: 50)

  static let objectives = [
    Objectives(mlm: .init()), Objectives(mlm: .init(weight: 0.5), tail: .init()), Objectives(tail: .init(prefixes: 2)),
    Objectives(maskedPrefixes: .init()), Objectives(nextItem: .init()),
    Objectives(maskedPrefixes: .init(), nextItem: .init(weight: 0.5)),
  ]

  @Sendable private func train(
    _ objectives: Objectives, loss: ItemLoss = ItemLoss(), pooling: Pooling? = nil, features: ItemFeatures? = nil,
    threads: Int, steps: Int, processes: any Processes = OneProcess()
  ) -> (ParameterVector, [Double]) {
    let vocabulary = ItemVocabulary(items: 50)
    let causal = objectives.maskedPrefixes != nil || objectives.nextItem != nil
    let configuration = EncoderConfiguration(
      vocabularySize: vocabulary.size, hidden: 16, layers: 2, heads: 2, positions: 20,
      attention: causal ? .causal : .bidirectional,
      pooling: pooling ?? (objectives.nextItem == nil || objectives.maskedPrefixes != nil ? .tail : .last))
    let network = BERTNetwork(configuration, features: features)
    let parameters = network.initialParameters(seed: 1)
    let builder = SampleBuilder(
      log: Self.log, vocabulary: vocabulary, configuration: configuration, objectives: objectives, loss: loss,
      seed: 9)
    let model = BERT4Rec(
      network: network, parameters: parameters, vocabulary: vocabulary, workers: Workers(threads: threads))
    var step = TrainingStep(
      model, builder, optimizer: AdamWConfiguration(), microBatchRows: 64, shards: 4,
      processes: processes)
    var losses: [Double] = []
    for number in 0..<steps {
      let samples = EpochSamples.make(
        log: Self.log, objectives: objectives, positions: 20, windows: .recent, seed: 9, epoch: number)
      let result = step.run(
        samples[0..<min(32, samples.count)], epoch: number, step: UInt64(number),
        learningRate: 1e-2)
      losses.append(result.loss)
    }
    return (parameters, losses)
  }

  @Test(arguments: objectives) func givesTheSameBytesOnOneAndTwoThreads(_ objectives: Objectives) {
    let (one, losses) = train(objectives, threads: 1, steps: 3)
    let (two, sameLosses) = train(objectives, threads: 2, steps: 3)
    let (three, _) = train(objectives, threads: 3, steps: 3)
    #expect(one.all.values.map(\.bitPattern) == two.all.values.map(\.bitPattern))
    #expect(one.all.values.map(\.bitPattern) == three.all.values.map(\.bitPattern))
    #expect(losses == sameLosses)
  }

  @Test(arguments: objectives, [2, 3, 4]) func givesTheSameBytesOnSeveralProcesses(
    _ objectives: Objectives, processes: Int
  ) {
    let (alone, losses) = train(objectives, threads: 1, steps: 3)
    for (parameters, sameLosses) in ThreadProcesses.run(
      processes, { train(objectives, threads: 1, steps: 3, processes: $0) })
    {
      #expect(parameters.all.values.map(\.bitPattern) == alone.all.values.map(\.bitPattern))
      #expect(sameLosses == losses)
    }
  }

  @Test(arguments: objectives) func lowersTheLoss(_ objectives: Objectives) {
    let (_, losses) = train(objectives, threads: 2, steps: 60)
    let begin = losses.prefix(5).reduce(0, +)
    let end = losses.suffix(5).reduce(0, +)
    #expect(end < 0.9 * begin, "\(begin) → \(end)")
  }

  /// Every prefix scored by its `[MASK]` and its last item together.
  @Test func pooledPrefixesGiveTheSameBytesAndLowerTheLoss() {
    let (objectives, pooling) = (Objectives(maskedPrefixes: .init()), Pooling.concat(.tail, .last))
    let (one, losses) = train(objectives, pooling: pooling, threads: 1, steps: 60)
    let (three, sameLosses) = train(objectives, pooling: pooling, threads: 3, steps: 60)
    #expect(one.all.values.map(\.bitPattern) == three.all.values.map(\.bitPattern))
    #expect(losses == sameLosses)
    let begin = losses.prefix(5).reduce(0, +)
    let end = losses.suffix(5).reduce(0, +)
    #expect(end < 0.9 * begin, "\(begin) → \(end)")
  }

  static let drawn = [
    ItemLoss(kind: .sampledSoftmax, negatives: 7), ItemLoss(kind: .sampledSoftmax, negatives: 90, draw: .popularity),
    ItemLoss(kind: .gBCE, negatives: 7), ItemLoss(kind: .bpr, negatives: 7),
  ]

  @Test(arguments: drawn) func drawnItemsGiveTheSameBytesOnAnyNumberOfThreads(_ loss: ItemLoss) {
    let (one, losses) = train(Objectives(nextItem: .init()), loss: loss, threads: 1, steps: 3)
    let (three, sameLosses) = train(Objectives(nextItem: .init()), loss: loss, threads: 3, steps: 3)
    #expect(one.all.values.map(\.bitPattern) == three.all.values.map(\.bitPattern))
    #expect(losses == sameLosses)
  }

  @Test(arguments: drawn) func drawnItemsGiveTheSameBytesOnSeveralProcesses(_ loss: ItemLoss) {
    let (alone, losses) = train(Objectives(nextItem: .init()), loss: loss, threads: 1, steps: 3)
    for (parameters, sameLosses) in ThreadProcesses.run(
      3, { train(Objectives(nextItem: .init()), loss: loss, threads: 1, steps: 3, processes: $0) })
    {
      #expect(parameters.all.values.map(\.bitPattern) == alone.all.values.map(\.bitPattern))
      #expect(sameLosses == losses)
    }
  }

  @Test(arguments: drawn) func drawnItemsLowerTheLoss(_ loss: ItemLoss) {
    let (_, losses) = train(Objectives(nextItem: .init()), loss: loss, threads: 2, steps: 60)
    let begin = losses.prefix(5).reduce(0, +)
    let end = losses.suffix(5).reduce(0, +)
    #expect(end < 0.9 * begin, "\(begin) → \(end)")
  }

  /// Five values, two for every third item; specials have none.
  private static func values(of token: Int) -> [(value: Int32, weight: Float)] {
    if token < 5 { return [] }
    let first = Int32(token % 5)
    let second = Int32((token + 1) % 5)
    if token % 3 != 0 { return [(value: first, weight: 1)] }
    return [(value: first, weight: 0.5), (value: second, weight: 0.5)]
  }

  private static let features = ItemFeatures(
    rows: FeatureRows((0..<55).map(values), valueCount: 5), vectors: vectors, idDropout: 0.3)

  /// Three numbers for every other item.
  private static let vectors: Matrix = {
    let vectors = Matrix(rows: 55, columns: 3)
    for token in stride(from: 5, to: 55, by: 2) {
      for column in 0..<3 { vectors[token, column] = Float((token * (column + 3)) % 7) / 5 - 0.6 }
    }
    return vectors
  }()

  @Test(arguments: [ItemLoss()] + drawn) func featuresGiveTheSameBytesOnAnyNumberOfThreads(_ loss: ItemLoss) {
    let (one, losses) = train(Objectives(nextItem: .init()), loss: loss, features: Self.features, threads: 1, steps: 3)
    let (three, same) = train(Objectives(nextItem: .init()), loss: loss, features: Self.features, threads: 3, steps: 3)
    #expect(one.all.values.map(\.bitPattern) == three.all.values.map(\.bitPattern))
    #expect(losses == same)
  }

  @Test(arguments: [ItemLoss()] + drawn) func featuresGiveTheSameBytesOnSeveralProcesses(_ loss: ItemLoss) {
    let objectives = Objectives(nextItem: .init())
    let (alone, losses) = train(objectives, loss: loss, features: Self.features, threads: 1, steps: 3)
    for (parameters, same) in ThreadProcesses.run(
      3, { train(objectives, loss: loss, features: Self.features, threads: 1, steps: 3, processes: $0) })
    {
      #expect(parameters.all.values.map(\.bitPattern) == alone.all.values.map(\.bitPattern))
      #expect(same == losses)
    }
  }

  @Test(arguments: [ItemLoss()] + drawn) func featuresLowerTheLoss(_ loss: ItemLoss) {
    let (_, losses) = train(Objectives(nextItem: .init()), loss: loss, features: Self.features, threads: 2, steps: 60)
    let begin = losses.prefix(5).reduce(0, +)
    let end = losses.suffix(5).reduce(0, +)
    #expect(end < 0.9 * begin, "\(begin) → \(end)")
  }

  @Test(arguments: drawn) func onlyRowsThatAreMetAreUpdated(_ loss: ItemLoss) {
    let vocabulary = ItemVocabulary(items: 5_000)
    let configuration = EncoderConfiguration(
      vocabularySize: vocabulary.size, hidden: 8, layers: 1, heads: 2, positions: 20, attention: .causal, pooling: .last
    )
    let network = BERTNetwork(configuration)
    let parameters = network.initialParameters(seed: 1)
    let before = parameters.copy()
    let objectives = Objectives(nextItem: .init())
    let log = InteractionLog(
      users: Self.log.users, items: Catalog((0..<5_000).map { "i\($0)" }), offsets: Self.log.offsets,
      events: Self.log.events)
    let builder = SampleBuilder(
      log: log, vocabulary: vocabulary, configuration: configuration, objectives: objectives, loss: loss, seed: 9)
    let model = BERT4Rec(
      network: network, parameters: parameters, vocabulary: vocabulary, workers: Workers(threads: 2))
    var step = TrainingStep(model, builder, optimizer: AdamWConfiguration(), microBatchRows: 256, shards: 2)
    let samples = EpochSamples.make(
      log: log, objectives: objectives, positions: 20, windows: .recent, seed: 9, epoch: 0)
    _ = step.run(samples[0..<8], epoch: 0, step: 0, learningRate: 1e-2)
    let table = network.encoder.embeddings.token
    let moved = (0..<vocabulary.size).filter {
      before[table].rows($0..<$0 + 1).values != parameters[table].rows($0..<$0 + 1).values
    }
    // Eight histories of at most 21 items, and what at most two micro-batches drew.
    #expect(!moved.isEmpty && moved.count <= 8 * 21 + 2 * loss.negatives)
    if loss.draw == .uniform { #expect(moved.contains { $0 >= 55 }, "drawn rows move, too") }
  }
}
