import Foundation
import Interactions
import Kernels
import NeuralNetwork
import SequentialModels

/// A network with its optimizer and the samples that its steps read, as a training run has them.
struct StepRun {
  let log: InteractionLog
  let network: BERTNetwork
  let parameters: ParameterVector
  let builder: SampleBuilder
  let loss: ItemLoss
  let samples: [TrainingSample]
  let options: StepOptions
  let microBatchRows: Int
  private var step: TrainingStep
  private var number = 0

  /// Trains on all but the last two events of every history, as leave-one-out does.
  init(_ log: InteractionLog, _ options: StepOptions) {
    self.log = LeaveOneOut.split(log).training
    self.options = options
    let vocabulary = ItemVocabulary(items: log.itemCount)
    network = BERTNetwork(
      EncoderConfiguration(
        vocabularySize: vocabulary.size, hidden: options.hidden, layers: options.layers, heads: options.heads,
        positions: options.length, dropout: options.dropout, attentionDropout: options.attentionDropout))
    parameters = network.initialParameters(seed: 1)
    loss = ItemLoss(kind: ItemLoss.Kind(rawValue: options.loss) ?? .full, negatives: options.negatives)
    let objectives = Objectives(mlm: .init(probability: options.mask))
    builder = SampleBuilder(
      log: self.log, vocabulary: vocabulary, configuration: network.configuration, objectives: objectives, loss: loss,
      seed: 1)
    samples = EpochSamples.make(
      log: self.log, objectives: objectives, positions: options.length, windows: .recent, seed: 1, epoch: 0)
    microBatchRows = max(1_024, 2 * options.length)
    let model = BERT4Rec(
      network: network, parameters: parameters, vocabulary: vocabulary, workers: Workers(threads: options.threads))
    step = TrainingStep(model, builder, optimizer: AdamWConfiguration(), microBatchRows: microBatchRows)
  }

  /// The samples of step `number`; after the last they begin again.
  func batch(_ number: Int) -> ArraySlice<TrainingSample> {
    let start = number * options.batch % max(1, samples.count - options.batch + 1)
    return samples[start..<min(samples.count, start + options.batch)]
  }

  /// Runs the next step.
  mutating func next() -> (seconds: Double, result: TrainingStep.Result) {
    let batch = batch(number)
    let start = ContinuousClock.now
    let result = step.run(batch, epoch: 0, step: UInt64(number), learningRate: 1e-3)
    number += 1
    return ((ContinuousClock.now - start) / .seconds(1), result)
  }

  /// The median step of a run after its warm-up.
  mutating func median() -> (seconds: Double, tokens: Double, work: Double, loss: Double) {
    var seconds: [Double] = []
    var (tokens, work, loss) = (0.0, 0.0, 0.0)
    for index in 0..<options.warmup + options.steps {
      let batch = batch(number)
      let (time, result) = next()
      precondition(result.loss.isFinite, "the loss is \(result.loss); such a step is not timed")
      if index < options.warmup { continue }
      seconds.append(time)
      tokens += Double(result.tokens) / Double(options.steps)
      work += operations(batch) / Double(options.steps)
      loss = result.loss
    }
    return (seconds.sorted()[seconds.count / 2], tokens, work, loss)
  }

  /// The floating-point operations (a multiply-add is two) of the products of one step, forward and backward.
  ///
  /// Only what the objective uses is counted: the last block's queries, feed-forward layer and the head work on rows
  /// that carry a target.
  func operations(_ batch: ArraySlice<TrainingSample>) -> Double {
    let c = network.configuration
    let (d, inner) = (Double(c.hidden), Double(c.inner))
    var forward = 0.0
    for sample in batch {
      let rows = Double(sample.window.count)
      var micro = MicroBatch()
      builder.append(sample, epoch: 0, to: &micro)
      let targets = Double(micro.scoredCount)
      for layer in 0..<c.layers {
        let queries = layer == c.layers - 1 ? targets : rows
        forward += 2 * (2 * rows * d * d + queries * (2 * d * d + 2 * d * inner)) + 4 * queries * rows * d
      }
      let items = loss.kind != .full ? Double(options.negatives) : Double(c.vocabularySize)
      forward += 2 * targets * d * (d + items)
    }
    return 3 * forward
  }
}

/// A line of JSON with sorted keys.
func line(_ values: [String: Any]) -> String {
  let data = try! JSONSerialization.data(withJSONObject: values, options: [.sortedKeys, .withoutEscapingSlashes])
  return String(decoding: data, as: UTF8.self)
}
