import Interactions
import Kernels
import NeuralNetwork

extension BERT4Rec {
  /// The vector of each history that is scored against the item table.
  ///
  /// - Parameter cache: of this model; what it knows is not computed again, and what is computed it keeps.
  /// - Shapes: `vectors` `[histories, hidden]`, overwritten. Only the tail is masked; the most recent items that fit are
  ///   read.
  package func encode(_ histories: [ArraySlice<ItemID>], into vectors: Matrix, cache: HistoryCache? = nil) {
    precondition(
      vectors.rows == histories.count && vectors.columns == hidden,
      "vectors \(vectors.rows)×\(vectors.columns) for \(histories.count) histories of width \(hidden)")
    let encoding = HistoryEncoding(configuration: configuration, vocabulary: vocabulary)
    guard let cache else {
      let sequences = histories.indices.map { HistoryToEncode(number: $0, history: histories[$0]) }
      encode(sequences, encoding, into: vectors, cache: nil)
      return
    }
    cache.inTurn {
      let sequences = histories.indices.compactMap { number in
        encoding.look(up: histories[number], number, in: cache, vector: vectors.rows(number..<number + 1))
      }
      encode(sequences, encoding, into: vectors, cache: cache)
    }
  }

  private func encode(
    _ sequences: [HistoryToEncode], _ encoding: HistoryEncoding, into vectors: Matrix, cache: HistoryCache?
  ) {
    let cuts = encoding.cuts(sequences, for: workers.threads)
    workers.run(cuts.count) { index in
      let cut = sequences[cuts[index]]
      let goesOn = cut.contains { !$0.past.isEmpty }
      var batch = MicroBatch(after: goesOn ? cache?.keysAndValues : nil)
      for sequence in cut { encoding.append(sequence.history, behind: sequence.past, to: &batch) }
      let longest = goesOn ? cut.reduce(0) { max($0, $1.history.count) } + 2 : 0
      pool.with(rows: max(batch.rows.count, min(longest, configuration.positions))) { workspace in
        let encoded = network.forward(
          batch, parameters: parameters, mode: .inference, rowBase: 0, workspace: workspace)
        for (row, sequence) in cut.enumerated() {
          let vector = encoded.rows(row..<row + 1)
          vectors.rows(sequence.number..<sequence.number + 1).assign(vector)
          guard let cache, let tokens = sequence.tokens else { continue }
          let first = Int(batch.rows.offsets[row])
          cache.keep(tokens, behind: sequence.past, vector: vector) { place, targets, store in
            workspace.encoder.copyKeysValues(from: first + place, into: store, at: targets)
          }
        }
      }
    }
  }

  package func score(_ histories: [ArraySlice<ItemID>], into scores: Matrix) {
    precondition(
      scores.rows == histories.count && scores.columns == itemCount,
      "scores \(scores.rows)×\(scores.columns) for \(histories.count) histories and \(itemCount) items")
    let vectors = Matrix(rows: histories.count, columns: hidden)
    encode(histories, into: vectors)
    let (table, bias) = (itemTable, itemBias.reshaped(rows: 1, columns: itemCount))
    let share = max(1, (histories.count + workers.threads - 1) / workers.threads)
    workers.run((histories.count + share - 1) / share) { part in
      let rows = part * share..<min(histories.count, (part + 1) * share)
      MatrixProduct.multiply(vectors.rows(rows), table, rightTransposed: true, into: scores.rows(rows))
      BiasSum.forward(input: scores.rows(rows), bias: bias)
    }
  }
}

/// A history that is to be encoded.
struct HistoryToEncode: Sendable {
  /// Whose vector it is.
  var number: Int
  var history: ArraySlice<ItemID>
  /// What a cache knows it by; nil where it is not kept.
  var tokens: [Int32]?
  /// The cache's rows of its beginning.
  var past: [Int32] = []
}

/// How a history is written for scoring: its most recent items, then a `[MASK]` where the pooling reads one.
package struct HistoryEncoding: Sendable {
  let configuration: EncoderConfiguration
  let vocabulary: ItemVocabulary

  package init(configuration: EncoderConfiguration, vocabulary: ItemVocabulary) {
    self.configuration = configuration
    self.vocabulary = vocabulary
  }

  /// Rows up to which histories are encoded together.
  static let rowsTogether = 1_024
  /// Rows up to which they are not divided among threads.
  static let rowsAlone = 64

  /// The items that are read.
  func window(_ history: ArraySlice<ItemID>) -> ArraySlice<ItemID> {
    history.suffix(configuration.itemLimit - (configuration.pooling.appendsMask ? 1 : 0))
  }

  /// The rows that are computed for a history, at most.
  private func rowCount(_ sequence: HistoryToEncode) -> Int {
    window(sequence.history).count + 2 - sequence.past.count
  }

  /// Consecutive histories whose rows fit together; a few are shared out among the threads.
  func cuts(_ histories: [HistoryToEncode], for threads: Int) -> [Range<Int>] {
    let share = histories.reduce(threads - 1) { $0 + rowCount($1) } / threads
    let most = min(Self.rowsTogether, max(Self.rowsAlone, share))
    var cuts: [Range<Int>] = []
    var start = 0
    var filled = 0
    for (index, history) in histories.enumerated() {
      let rows = rowCount(history)
      if filled > 0 && filled + rows > most {
        cuts.append(start..<index)
        (start, filled) = (index, 0)
      }
      filled += rows
    }
    if start < histories.count { cuts.append(start..<histories.count) }
    return cuts
  }

  /// Appends one sequence with one scored vector; what it is to be scored against is not said, so the target is `[MASK]`.
  ///
  /// - Parameter past: the rows of the batch's store that stand for the beginning of the sequence, which is then left out.
  package func append(_ history: ArraySlice<ItemID>, behind past: [Int32] = [], to batch: inout MicroBatch) {
    let items = window(history)
    let masked = masks(items)
    let rows = HistoryRows(
      configuration: configuration, vocabulary: vocabulary, count: items.count + (masked ? 1 : 0),
      isPooled: !configuration.pooling.isOneRow)
    if past.isEmpty { rows.begin(&batch) } else { batch.rows.goOn(behind: past) }
    let known = max(0, past.count - (configuration.leadsWithCLS ? 1 : 0))
    for (position, item) in items.enumerated().dropFirst(known) {
      let token = vocabulary.token(item)
      if !masked && position == items.count - 1 {
        rows.append(token, at: position, target: vocabulary.mask, of: .tail, to: &batch)
      } else {
        rows.append(token, at: position, to: &batch)
      }
    }
    if masked { rows.appendTail(items.count, target: vocabulary.mask, to: &batch) }
    batch.rows.endSequence()
  }

  private func masks(_ items: ArraySlice<ItemID>) -> Bool { configuration.pooling.appendsMask || items.isEmpty }

  /// What of a history is to be encoded; nil where the cache knew its vector, which is then written.
  func look(up history: ArraySlice<ItemID>, _ number: Int, in cache: HistoryCache, vector: Matrix) -> HistoryToEncode? {
    let items = window(history)
    let goesOn = cache.keysAndValues != nil
    let lead = configuration.leadsWithCLS ? [Int32(vocabulary.specials.classification)] : []
    let masks = masks(items) ? 1 : 0
    if items.isEmpty || goesOn && items.count < history.count {
      cache.countWhole(rows: lead.count + items.count + masks)
      return HistoryToEncode(number: number, history: history)
    }
    let tokens = lead + items.map(vocabulary.token)
    let computed = configuration.pooling.reach.map { $0 - masks } ?? 0
    switch cache.find(tokens, computing: computed, masks: masks, into: vector) {
    case .vector: return nil
    case .rows(let past, let keeps):
      return HistoryToEncode(number: number, history: history, tokens: keeps ? tokens : nil, past: past)
    }
  }
}
