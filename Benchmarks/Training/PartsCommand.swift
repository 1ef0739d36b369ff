import ArgumentParser
import Foundation
import InteractionStore
import Interactions
import Kernels
import NeuralNetwork
import SequentialModels

/// One step on one thread, part by part: each part runs alone on the same micro-batches.
struct PartsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parts", abstract: "One training step on one thread, part by part.")

  @Argument var log: String
  @OptionGroup var options: StepOptions

  func run() throws {
    let run = StepRun(try LogSource.load(log).log, options)
    let network = run.network
    var batches: [MicroBatch] = [MicroBatch()]
    let packing = median {
      batches = [MicroBatch()]
      for sample in run.batch(0) {
        if batches[batches.count - 1].rows.count + run.builder.rowCount(sample) > run.microBatchRows {
          batches.append(MicroBatch())
        }
        run.builder.append(sample, epoch: 0, to: &batches[batches.count - 1])
      }
    }
    for index in batches.indices {
      let weight = 1 / Float(batches[index].scoredCount)
      batches[index].weigh { _ in weight }
    }
    let workspace = BERTWorkspace(network.configuration, rows: run.microBatchRows)
    let gradients = ParameterVector(network.layout)
    let mode = Mode.training(seed: 1, step: 1)
    let encoder = median {
      for batch in batches {
        _ = network.encoder.forward(
          batch.rows, parameters: run.parameters, mode: mode, rowBase: 0, workspace: workspace.encoder)
      }
    }
    let forward = median {
      for batch in batches {
        _ = network.forward(batch, parameters: run.parameters, mode: mode, rowBase: 0, workspace: workspace)
      }
    }
    let softmax = median {
      for batch in batches {
        let scored = Matrix(rows: batch.scoredCount, columns: network.configuration.hidden)
        _ = network.itemLoss(
          batch, scored: scored, parameters: run.parameters, gradients: gradients, labelSmoothing: 0,
          scoredGradient: Matrix(rows: batch.scoredCount, columns: scored.columns), workspace: workspace)
      }
    }
    let all = median {
      for batch in batches {
        _ = network.forwardBackward(
          batch, parameters: run.parameters, gradients: gradients, mode: mode, rowBase: 0, workspace: workspace)
      }
    }
    let shards = (0..<TrainingStep.shards(parameters: network.layout.count)).map { _ in ParameterVector(network.layout)
    }
    var optimizer = AdamWOptimizer(network.layout, AdamWConfiguration(), shards: shards.count)
    let update = median {
      _ = optimizer.update(
        run.parameters, shards: shards, scale: 1, learningRate: 1e-9, workers: Workers(threads: 1))
    }
    let total = packing + all + update
    let parts = [
      ("drawing and packing samples", packing), ("encoder forward", encoder), ("head forward", forward - encoder),
      ("softmax over items, both ways", softmax), ("head and encoder backward", all - forward - softmax),
      ("optimizer", update),
    ]
    for (name, seconds) in parts {
      print(
        name.padding(toLength: 34, withPad: " ", startingAt: 0)
          + String(format: "%8.2f ms %5.1f %%", seconds * 1e3, 100 * seconds / total))
    }
    print("one step".padding(toLength: 34, withPad: " ", startingAt: 0) + String(format: "%8.2f ms", total * 1e3))
  }
}

/// The median of five runs in seconds, after one that warms up.
func median(_ body: () -> Void) -> Double {
  body()
  return (0..<5).map { _ in ContinuousClock().measure(body) / .seconds(1) }.sorted()[2]
}
