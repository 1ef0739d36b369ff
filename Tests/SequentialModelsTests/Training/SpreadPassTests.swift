import Collectives
import Interactions
import Kernels
import NeuralNetwork
import SequentialModels
import TestSupport
import Testing

/// Steps whose targets are scored against all items, of which each process keeps a block: the bytes of one process.
@Suite struct SpreadPassTests {
  /// A number of rows that neither chunks nor tiles nor processes divide; messages and pieces end within rows.
  private static let items = 3_301

  private static let log = InteractionLog(
    histories: (0..<60).map { user in
      (0..<2 + user * 7 % 39).map { (user * 53 + $0 * (1 + user % 3) * 97) % items }
    }, items: items)

  struct Case: Sendable, CustomTestStringConvertible {
    var objectives: Objectives
    var smoothing: Float = 0
    /// So few that some gradient shards have no micro-batch, or fewer than others.
    var samples = 32
    var pooling: Pooling?
    var factors = LearningRateFactors()
    var microBatchRows = 64
    var testDescription: String { "\(objectives), smoothing \(smoothing), \(samples) samples" }
  }

  static let cases = [
    Case(objectives: Objectives(mlm: .init(weight: 0.5), tail: .init()), smoothing: 0.1),
    Case(objectives: Objectives(nextItem: .init()), samples: 3),
    Case(objectives: Objectives(maskedPrefixes: .init()), samples: 11, pooling: .concat(.tail, .last)),
    // Micro-batches of two groups of targets.
    Case(objectives: Objectives(nextItem: .init()), samples: 60, microBatchRows: 600),
  ]

  /// What process `processes.rank` keeps of the parameters and moments after three steps, by place in the flat vector, and the
  /// losses and norms of all.
  @Sendable private static func train(
    _ the: Case, hidden: Int, spread: Bool, _ processes: any Processes
  ) -> (parts: [(Range<Int>, [UInt32])], figures: [Double]) {
    let vocabulary = ItemVocabulary(items: items)
    let causal = the.objectives.maskedPrefixes != nil || the.objectives.nextItem != nil
    let configuration = EncoderConfiguration(
      vocabularySize: vocabulary.size, hidden: hidden, layers: 2, heads: 2, positions: 20,
      attention: causal ? .causal : .bidirectional,
      pooling: the.pooling ?? (the.objectives.nextItem == nil ? .tail : .last))
    let network = BERTNetwork(configuration)
    let shards = ItemShards(
      processes, network.layout, table: network.encoder.embeddings.token,
      chunks: ItemSoftmaxGroup.chunks(items: vocabulary.size))
    let parameters = network.initialParameters(seed: 1, items: spread ? shards : nil)
    if spread { shards.discardOthers(in: parameters) }
    let builder = SampleBuilder(
      log: log, vocabulary: vocabulary, configuration: configuration, objectives: the.objectives, seed: 9)
    let model = BERT4Rec(
      network: network, parameters: parameters, vocabulary: vocabulary, workers: Workers(threads: spread ? 2 : 1),
      itemShards: spread ? shards : nil)
    // A rate of its own for the last rows: pieces of the update end there.
    var factors = LearningRateFactors()
    factors.set(0.5, of: network.encoder.embeddings.token, from: vocabulary.size - 700)
    var step = TrainingStep(
      model, builder, optimizer: AdamWConfiguration(clip: 0.5), factors: factors, microBatchRows: the.microBatchRows,
      shards: 4,
      processes: processes)
    var figures: [Double] = []
    for number in 0..<3 {
      let samples = EpochSamples.make(
        log: log, objectives: the.objectives, positions: 20, windows: .recent, seed: 9, epoch: number)
      let result = step.run(
        samples[0..<min(the.samples, samples.count)], epoch: number, step: UInt64(number), learningRate: 1e-2,
        labelSmoothing: the.smoothing)
      figures += [result.loss, result.gradientNorm, Double(result.sums.itemsCorrect), Double(result.tokens)]
    }
    let moments = step.moments
    return (
      parameters.held.map { ($0, parameters.flat($0).values.map(\.bitPattern)) }
        + moments.first.held.map { ($0, moments.first.flat($0).values.map(\.bitPattern)) }
        + moments.second.held.map { ($0, moments.second.flat($0).values.map(\.bitPattern)) }, figures
    )
  }

  @Test(arguments: cases, [2, 3, 4]) func givesTheBytesOfOneProcess(the: Case, processes: Int) throws {
    let hidden = processes == 3 ? 8 : 18
    let alone = Self.train(the, hidden: hidden, spread: false, OneProcess())
    let whole = alone.parts.map(\.1)
    try #require(whole.count == 3)
    for own in ThreadProcesses.run(processes, { Self.train(the, hidden: hidden, spread: true, $0) }) {
      #expect(own.figures == alone.figures)
      // The ranges of the parameters, then one of each moment.
      for (index, part) in own.parts.enumerated() {
        let vector = max(0, index - (own.parts.count - 3))
        #expect(part.1 == Array(whole[vector][part.0]), "\(part.0) of vector \(vector)")
      }
    }
  }
}
