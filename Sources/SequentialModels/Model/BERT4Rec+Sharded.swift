import Collectives
import Interactions
import Kernels
import NeuralNetwork

/// A model whose item table is spread over processes; all of them call these together, with the same histories.
extension BERT4Rec {
  /// The items that each process scores, `[processes]`, one block behind the other.
  ///
  /// - Precondition: items follow each other in the vocabulary, as in every model trained from fresh weights.
  package func itemBlocks(_ items: ItemShards) -> [Range<Int>] {
    guard let first = vocabulary.contiguousStart else { preconditionFailure("items of a spread table stand in order") }
    return items.rows.map { ($0.lowerBound - first..<$0.upperBound - first).clamped(to: 0..<itemCount) }
  }

  /// The vectors of all histories in every process, each computed by one of them.
  ///
  /// - Shapes: returns `[histories, hidden]`.
  package func encodeTogether(_ histories: [ArraySlice<ItemID>], _ items: ItemShards) -> Matrix {
    let encoding = HistoryEncoding(configuration: configuration, vocabulary: vocabulary)
    var batch = MicroBatch()
    for history in histories { encoding.append(history, to: &batch) }
    items.fetch(Set(batch.rows.tokens).sorted(), into: parameters)
    let vectors = Matrix(rows: histories.count, columns: hidden)
    let processes = items.processes
    let shares = (0..<processes.count).map {
      histories.count * $0 / processes.count..<histories.count * ($0 + 1) / processes.count
    }
    let own = shares[processes.rank]
    encode(Array(histories[own]), into: vectors.rows(own))
    items.discardOthers(in: parameters)
    processes.gather(shares.map { vectors.rows($0) })
    return vectors
  }

  /// The scores of this process's items.
  ///
  /// - Shapes: `vectors` `[histories, hidden]`; `scores` `[histories, own items]`, overwritten.
  package func scoreOwn(_ vectors: Matrix, _ items: ItemShards, into scores: Matrix) {
    let block = itemBlocks(items)[items.processes.rank]
    let (table, bias) = (itemTable.rows(block), itemBias.rows(block).reshaped(rows: 1, columns: block.count))
    let share = max(1, (vectors.rows + workers.threads - 1) / workers.threads)
    workers.run((vectors.rows + share - 1) / share) { part in
      let rows = part * share..<min(vectors.rows, (part + 1) * share)
      MatrixProduct.multiply(vectors.rows(rows), table, rightTransposed: true, into: scores.rows(rows))
      BiasSum.forward(input: scores.rows(rows), bias: bias)
    }
  }
}
