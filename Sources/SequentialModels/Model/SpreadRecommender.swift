import Collectives
import DurableFiles
import Interactions
import Kernels
import NeuralNetwork

/// A model whose item table is spread over processes, as it scores the items of a catalog: each process its own, for all
/// histories.
///
/// All processes call the same operations with the same histories.
package struct SpreadRecommender: Sendable {
  package let model: BERT4Rec
  package let items: ItemShards
  /// The model's item for each item of the catalog, nil for one that it does not know; nil where the catalog is the model's.
  private let known: [ItemID?]?
  /// `[own items]` the catalog's items that this process scores, ascending.
  package let own: [Int32]
  /// `[own items]` where the row of each stands among the rows of this process; −1 for an item that the model does not know.
  private let places: [Int32]
  /// This process's items as a window of its rows, where they follow each other in both.
  private let window: Range<Int>?

  /// `model` for its own catalog, or for one whose items it knows as `known`.
  ///
  /// - Parameter items: where the model's rows are.
  init(_ model: BERT4Rec, _ items: ItemShards, known: [ItemID?]? = nil) {
    (self.model, self.items, self.known) = (model, items, known)
    let (rank, first) = (items.processes.rank, items.own.lowerBound)
    var (own, places) = ([Int32](), [Int32]())
    let count = known?.count ?? model.itemCount
    for item in 0..<count {
      let token = Self.token(of: item, model, known)
      guard Self.owner(of: item, token, among: count, items) == rank else { continue }
      own.append(Int32(item))
      places.append(token.map { $0 - Int32(first) } ?? -1)
    }
    (self.own, self.places) = (own, places)
    window = Self.window(places)
  }

  private static func window(_ places: [Int32]) -> Range<Int>? {
    guard let first = places.first else { return 0..<0 }
    for (index, place) in places.enumerated() where Int(place) != Int(first) + index || first < 0 { return nil }
    return Int(first)..<Int(first) + places.count
  }

  /// The same model for a catalog whose items it knows as `known`.
  func mapped(_ known: [ItemID?]) -> SpreadRecommender {
    precondition(self.known == nil, "a catalog is mapped once")
    return SpreadRecommender(model, items, known: known)
  }

  package var itemCount: Int { known?.count ?? model.itemCount }
  package var processes: any Processes { items.processes }
  /// Scores of a history that a process has at once, at most.
  package var width: Int { max(own.count, items.own.count) }

  private static func token(of item: Int, _ model: BERT4Rec, _ known: [ItemID?]?) -> Int32? {
    guard let known else { return model.vocabulary.tokens[item] }
    return known[item].map { model.vocabulary.token($0) }
  }

  /// Items without a row are shared out by their numbers.
  private static func owner(of item: Int, _ token: Int32?, among count: Int, _ items: ItemShards) -> Int {
    guard let token else { return item * items.processes.count / count }
    return items.owner(of: Int(token))
  }

  /// The process that scores `item`.
  package func owner(of item: Int) -> Int {
    Self.owner(of: item, Self.token(of: item, model, known), among: itemCount, items)
  }

  /// Where `item` stands in `own`; nil where another process scores it.
  package func place(of item: Int) -> Int? {
    let place = own.partitioningIndex { Int($0) >= item }
    return place < own.count && Int(own[place]) == item ? place : nil
  }

  /// The vectors of all histories in every process, each computed by one of them.
  ///
  /// - Shapes: returns `[histories, hidden]`.
  package func encode(_ histories: [ArraySlice<ItemID>]) -> Matrix {
    guard let known else { return model.encodeTogether(histories, items) }
    return model.encodeTogether(histories.map { $0.compactMap { known[$0.index] }[...] }, items)
  }

  /// The scores of this process's items, −∞ for those that the model does not know.
  ///
  /// - Shapes: `vectors` `[histories, hidden]`; `scores` `[histories, own items]`, overwritten.
  package func score(_ vectors: Matrix, into scores: Matrix) {
    let rows = items.own
    let bias = model.network.itemBias(in: model.parameters).columns(rows)
    let table = model.network.itemTable(in: model.parameters).rows(rows)
    let workers = model.workers
    let share = max(1, (vectors.rows + workers.threads - 1) / workers.threads)
    let (window, places) = (window, places)
    workers.run((vectors.rows + share - 1) / share) { part in
      let histories = part * share..<min(vectors.rows, (part + 1) * share)
      let own = scores.rows(histories)
      if let window {
        MatrixProduct.multiply(vectors.rows(histories), table.rows(window), rightTransposed: true, into: own)
        BiasSum.forward(input: own, bias: bias.columns(window))
        return
      }
      let all = Matrix(rows: histories.count, columns: rows.count)
      MatrixProduct.multiply(vectors.rows(histories), table, rightTransposed: true, into: all)
      BiasSum.forward(input: all, bias: bias)
      for history in 0..<histories.count {
        for (column, place) in places.enumerated() {
          own[history, column] = place < 0 ? -.infinity : all[history, Int(place)]
        }
      }
    }
  }

  /// The rows and the biases of this process's items, `[own items, hidden]` and `[1, own items]`: windows where they follow
  /// each other, otherwise copies.
  ///
  /// - Precondition: the model knows all items.
  package var candidates: (table: Matrix, bias: Matrix) {
    precondition(known == nil, "rows of the model's own catalog")
    let rows = items.own
    let (table, bias) = (
      model.network.itemTable(in: model.parameters).rows(rows),
      model.network.itemBias(in: model.parameters).columns(rows)
    )
    if let window { return (table.rows(window), bias.columns(window)) }
    let own = Matrix(rows: places.count, columns: table.columns)
    Rows.gather(table, places, into: own)
    return (own, Matrix(rows: 1, columns: places.count, places.map { bias[0, Int($0)] }))
  }
}

extension BERT4Rec {
  /// The model as its processes score together, where its item table is spread over them.
  package var spread: SpreadRecommender? { itemShards.map { SpreadRecommender(self, $0) } }

  /// The vectors of all histories, which processes that share the items compute together.
  ///
  /// - Parameter cache: as `encode` takes it; processes that share the items have none.
  /// - Shapes: returns `[histories, hidden]`.
  package func vectors(of histories: [ArraySlice<ItemID>], cache: HistoryCache? = nil) -> Matrix {
    if let itemShards {
      precondition(cache == nil, "processes that share the items compute all vectors")
      return encodeTogether(histories, itemShards)
    }
    let vectors = Matrix(rows: histories.count, columns: hidden)
    encode(histories, into: vectors, cache: cache)
    return vectors
  }

  /// The vectors of all histories in every process, each computed by one of them.
  ///
  /// - Shapes: returns `[histories, hidden]`.
  func encodeTogether(_ histories: [ArraySlice<ItemID>], _ items: ItemShards) -> Matrix {
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
}
