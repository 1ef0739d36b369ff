import Foundation
import Kernels
import NeuralNetwork
import SequentialModels
import TestSupport
import Testing

/// The head for whole sequences against Hugging Face's: logits, losses, gradients; see `Fixtures/make_classifier.py`.
@Suite struct ClassifierReferenceTests {
  let file: SafetensorsFile
  let weights: SafetensorsFile
  let configuration = EncoderConfiguration(
    vocabularySize: 37, hidden: 24, layers: 2, heads: 3, inner: 40, positions: 16, dropout: 0, attentionDropout: 0)

  init() throws {
    let folder = BERTReference.folder.appendingPathComponent("classifier")
    file = try Safetensors.read(folder.appendingPathComponent("reference.safetensors"))
    weights = try Safetensors.read(folder.appendingPathComponent("model.safetensors"))
  }

  private func batch(targets name: String, task: ClassificationHead.Task) throws -> ClassifierBatch {
    let (ids, mask) = (try file.integers("input.ids"), try file.integers("input.mask"))
    let targets = task == .regression ? try file.floats(name) : try file.integers(name).map { Float($0) }
    let sequences = targets.indices.map { row in
      let tokens = (row * 16..<row * 16 + 16).filter { mask[$0] == 1 }.map { Int32(ids[$0]) }
      return LabeledSequence(tokens: Array(tokens.dropFirst().dropLast()), target: targets[row])
    }
    return ClassifierBatch(sequences, specials: .first)
  }

  @Test(arguments: ClassificationHead.Task.allCases)
  func logitsLossesAndGradientsAgree(task: ClassificationHead.Task) throws {
    let isRegression = task == .regression
    let network = ClassifierNetwork(configuration, task: task, outputs: isRegression ? 1 : 3)
    let parameters = ParameterVector(network.layout)
    for tensor in network.layout.tensors {
      let isHead = tensor.name.hasPrefix("classifier.")
      parameters[tensor].assign(
        isRegression && isHead
          ? try file.floats("regression." + tensor.name.dropFirst("classifier.".count))
          : try weights.floats(tensor.name))
    }
    let prefix = isRegression ? "regression." : ""
    let batch = try batch(targets: isRegression ? "input.numbers" : "input.labels", task: task)
    let workspace = ClassifierWorkspace(network, rows: 64)
    let logits = network.forward(batch, parameters: parameters, mode: .inference, rowBase: 0, workspace: workspace)
    #expect(largestDifference(logits.values, try file.floats("\(prefix)logits")) < 1e-4)
    let loss = network.head.loss(targets: batch.targets, logits: logits)
    #expect(abs(loss / 5 - Double(try file.floats("\(prefix)loss")[0])) < 1e-4)
    let gradients = ParameterVector(network.layout)
    _ = network.forwardBackward(
      batch, parameters: parameters, gradients: gradients, mode: .training(seed: 1, step: 0), rowBase: 0,
      scale: 0.2, workspace: workspace)
    for tensor in network.layout.tensors {
      let expected = try file.floats("\(prefix)grad.\(tensor.name)")
      if tensor.name.hasSuffix("key.bias") {
        #expect(largestDifference(gradients[tensor].values, expected) < 1e-6, "\(tensor.name)")
      } else {
        #expect(relativeNorm(gradients[tensor].values, expected) < 1e-4, "\(tensor.name)")
      }
    }
  }

  /// The derivative along a random direction, dropout included: its mask is the same in every pass of a step.
  @Test(arguments: ClassificationHead.Task.allCases) func gradientIsTheDerivative(task: ClassificationHead.Task) throws
  {
    var sizes = configuration
    (sizes.dropout, sizes.attentionDropout) = (0.3, 0.2)
    let network = ClassifierNetwork(sizes, task: task, outputs: task == .regression ? 1 : 3)
    let parameters = network.initialParameters(seed: 3, deviation: 0.3)
    let batch = try batch(targets: task == .regression ? "input.numbers" : "input.labels", task: task)
    let (mode, workspace) = (Mode.training(seed: 5, step: 2), ClassifierWorkspace(network, rows: 64))
    func loss(_ parameters: ParameterVector) -> Double {
      network.forwardBackward(
        batch, parameters: parameters, gradients: ParameterVector(network.layout), mode: mode, rowBase: 7, scale: 1,
        workspace: workspace)
    }
    let gradients = ParameterVector(network.layout)
    _ = network.forwardBackward(
      batch, parameters: parameters, gradients: gradients, mode: mode, rowBase: 7, scale: 1, workspace: workspace)
    let random = CounterRandom(seed: 9, purpose: 1, step: 0)
    let direction = (0..<network.layout.count).map { Float(random.normal(UInt64($0))) }
    func moved(_ length: Float) -> ParameterVector {
      let other = parameters.copy()
      other.all.assign(zip(other.all.values, direction).map { $0 + length * $1 })
      return other
    }
    let slope = (loss(moved(1e-3)) - loss(moved(-1e-3))) / 2e-3
    let expected = zip(gradients.all.values, direction).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    #expect(abs(slope - expected) < 0.02 * max(1, abs(expected)), "\(slope) \(expected)")
  }

  @Test func sameBytesOnAnyNumberOfThreads() throws {
    let network = ClassifierNetwork(configuration, task: .classification, outputs: 3)
    func trained(threads: Int) -> [Float] {
      let classifier = SequenceClassifier(
        network: network, parameters: network.initialParameters(seed: 1), specials: .first,
        workers: Workers(threads: threads))
      var step = ClassifierStep(
        classifier, optimizer: AdamWConfiguration(), factors: LearningRateFactors(), seed: 1)
      let sequences = (0..<13).map { LabeledSequence(tokens: [5, 6, Int32(7 + $0)], target: Float($0 % 3)) }
      var losses: [Double] = []
      for number in 0..<30 { losses.append(step.run(sequences, step: UInt64(number), learningRate: 3e-3).loss) }
      #expect(losses[29] < losses[0])
      return classifier.parameters.all.values
    }
    #expect(trained(threads: 1) == trained(threads: 3))
  }
}
