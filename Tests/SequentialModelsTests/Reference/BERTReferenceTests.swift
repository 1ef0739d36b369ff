import Foundation
import Kernels
import NeuralNetwork
import SequentialModels
import TestSupport
import Testing

/// The encoder against Hugging Face's: states, logits, losses, gradients, ten optimiser steps.
@Suite struct BERTReferenceTests {
  let reference: BERTReference

  init() throws { reference = try BERTReference() }

  @Test func hiddenStatesAgree() throws {
    let batch = try reference.batch(onlyQueries: false)
    let workspace = BERTWorkspace(reference.network.configuration, rows: 64)
    _ = reference.network.forward(
      batch, parameters: reference.parameters, mode: .inference, rowBase: 0, workspace: workspace)
    for layer in 0...2 {
      let expected = try reference.realRows("hidden.\(layer)", columns: 24)
      let found = workspace.hiddenState(layer, rows: batch.rows.count).values
      #expect(largestDifference(found, expected) < 1e-4, "hidden state \(layer)")
    }
  }

  @Test func logitsAgree() throws {
    var batch = try reference.batch(onlyQueries: false)
    batch.targets.removeAll()
    for row in 0..<Int32(batch.rows.count) { batch.targets.append(Target(token: 0, row: row, objective: .mlm)) }
    let workspace = BERTWorkspace(reference.network.configuration, rows: 64)
    let scored = reference.network.forward(
      batch, parameters: reference.parameters, mode: .inference, rowBase: 0, workspace: workspace)
    let logits = Matrix(rows: batch.rows.count, columns: 37)
    let table = reference.parameters[reference.network.encoder.embeddings.token]
    MatrixProduct.multiply(scored, table, rightTransposed: true, into: logits)
    BiasSum.forward(input: logits, bias: reference.parameters[reference.network.head.itemBias])
    #expect(largestDifference(logits.values, try reference.realRows("mlm.logits", columns: 37)) < 1e-4)
    #expect(
      largestDifference(workspace.nextSegmentLogits(4).values, try reference.file.floats("nsp.logits")) < 1e-4)
    let tails = reference.lengths.reduce(into: [Int]()) { $0.append(($0.last ?? -1) + $1) }
    let tailLogits = tails.flatMap { logits.rows($0..<$0 + 1).values }
    #expect(largestDifference(tailLogits, try reference.file.floats("tail.logits")) < 1e-4)
  }

  @Test(arguments: [false, true])
  func lossesAndGradientsAgree(onlyQueries: Bool) throws {
    let batch = try reference.batch(onlyQueries: onlyQueries)
    let gradients = ParameterVector(reference.network.layout)
    let sums = reference.network.forwardBackward(
      batch, parameters: reference.parameters, gradients: gradients, mode: .training(seed: 1, step: 0), rowBase: 0,
      scale: LossScale(nextSegment: 0.25), workspace: BERTWorkspace(reference.network.configuration, rows: 64))
    #expect(abs(sums.items - Double(try reference.file.floats("loss.mlm")[0])) < 1e-4)
    #expect(abs(sums.nextSegment / 4 - Double(try reference.file.floats("loss.nsp")[0])) < 1e-4)
    for tensor in reference.network.layout.tensors {
      let expected = try reference.file.floats("grad.\(tensor.name)")
      let found = gradients[tensor].values
      if tensor.name.hasSuffix("key.bias") {
        // Its true gradient is zero (softmax does not see a shift), so only rounding is left to compare.
        #expect(largestDifference(found, expected) < 1e-6, "\(tensor.name)")
      } else {
        #expect(relativeNorm(found, expected) < 1e-4, "\(tensor.name)")
      }
    }
  }

  @Test func tenStepsOfAdamWAgree() throws {
    let batch = try reference.batch(onlyQueries: true)
    let shards = [ParameterVector(reference.network.layout)]
    var optimizer = AdamWOptimizer(reference.network.layout, AdamWConfiguration(clip: 0), shards: 1)
    let workspace = BERTWorkspace(reference.network.configuration, rows: 64)
    let losses = try reference.file.floats("adamw.losses")
    for step in 0..<10 {
      let sums = reference.network.forwardBackward(
        batch, parameters: reference.parameters, gradients: shards[0], mode: .training(seed: 1, step: 0), rowBase: 0,
        scale: LossScale(nextSegment: 0.25), workspace: workspace)
      #expect(abs(sums.items + sums.nextSegment / 4 - Double(losses[step])) < 2e-4, "step \(step)")
      _ = optimizer.update(
        reference.parameters, shards: shards, scale: 1, learningRate: 1e-3, workers: Workers(threads: 2))
    }
    // Adam divides by the gradient's own size, so the key biases, whose true gradient is zero, move at random.
    for tensor in reference.network.layout.tensors where !tensor.name.hasSuffix("key.bias") {
      let expected = try reference.file.floats("adamw.\(tensor.name)")
      #expect(largestDifference(reference.parameters[tensor].values, expected) < 1e-3, "\(tensor.name)")
      #expect(relativeNorm(reference.parameters[tensor].values, expected) < 1e-3, "\(tensor.name)")
    }
  }
}
