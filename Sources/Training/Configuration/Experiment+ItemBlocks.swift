import Collectives
import DurableFiles
import Kernels
import NeuralNetwork
import SequentialModels

/// More processes than can keep a part of the item table each.
package struct ItemBlockError: Error, CustomStringConvertible, Equatable {
  package let processes, rows, chunks: Int
  /// The first stage whose loss is over all items.
  package let stage: Int

  package var description: String {
    "\(processes) processes cannot share the \(Counted(rows, "row")) of this item table: a loss over all items is summed in "
      + "\(Counted(chunks, "chunk")) of rows, and --shard-items needs one for each; "
      + (chunks > 1 ? "start \(chunks) at most" : "leave --shard-items out")
      + ", or set stages.\(stage).loss.kind to sampledSoftmax, gBCE or bpr"
  }
}

extension Experiment {
  /// The rows of the item table that each process keeps: whole chunks of the softmax where a stage scores all items.
  func itemShards(_ processes: any Processes, of network: BERTNetwork) -> ItemShards {
    ItemShards(
      processes, network.layout, table: network.encoder.embeddings.token,
      chunks: fullStage == nil ? nil : ItemSoftmaxGroup.chunks(items: network.configuration.vocabularySize))
  }

  /// Refuses processes that would keep no chunk of a table of `rows`.
  func checkItemBlocks(rows: Int, processes: (any Processes)?) throws(ItemBlockError) {
    guard let count = processes?.count, let stage = fullStage else { return }
    let chunks = ItemSoftmaxGroup.chunks(items: rows).count
    if count > chunks { throw ItemBlockError(processes: count, rows: rows, chunks: chunks, stage: stage) }
  }

  private var fullStage: Int? { stages.firstIndex { $0.loss.kind == .full } }
}
