/// How a step's samples are cut into micro-batches and dealt to gradient shards: by rows and cost, never by threads.
struct ShardPlan: Sendable {
  struct Cut: Sendable {
    /// The micro-batch's number within the step.
    let number: Int
    let samples: Range<Int>
    let cost: Int
  }

  let shards: [[Cut]]

  /// Consecutive samples up to `rows` rows make a micro-batch, as many in every shard as can be and all of nearly the same
  /// size, so that no shard waits; the costliest goes first, to the shard with least to do.
  init(_ samples: ArraySlice<TrainingSample>, builder: SampleBuilder, rows: Int, shards count: Int) {
    let cuts = Self.cuts(samples, rows: rows, multiple: count) { builder.rowCount($0) }
    var dealt = [[Cut]](repeating: [], count: count)
    var load = [Int](repeating: 0, count: count)
    for cut in cuts.sorted(by: { ($0.cost, $1.number) > ($1.cost, $0.number) }) {
      let shard = load.indices.min { (load[$0], $0) < (load[$1], $1) }!
      dealt[shard].append(cut)
      load[shard] += cut.cost
    }
    shards = dealt
  }

  private static func cuts(
    _ samples: ArraySlice<TrainingSample>, rows: Int, multiple: Int, rowCount: (TrainingSample) -> Int
  ) -> [Cut] {
    let total = samples.reduce(0) { $0 + rowCount($1) }
    // A cut is seldom quite full: whole sequences do not add up to `rows`.
    let full = Double(rows) * 0.9
    let rounds = max(1, (Double(total) / (full * Double(multiple))).rounded(.up))
    let even = max(min(Double(total) / (rounds * Double(multiple)), full), smallest)
    var cuts: [Cut] = []
    var start = samples.startIndex
    var (done, filled, cost) = (0, 0, 0)
    for index in samples.indices {
      let more = rowCount(samples[index])
      precondition(more <= rows, "a sequence of \(more) rows in micro-batches of \(rows)")
      let isFull = filled + more > rows || Double(done + filled) + Double(more) / 2 > even * Double(cuts.count + 1)
      if filled > 0, isFull {
        cuts.append(Cut(number: cuts.count, samples: start..<index, cost: cost))
        done += filled
        (start, filled, cost) = (index, 0, 0)
      }
      filled += more
      cost += more * (1_000 + more)
    }
    if filled > 0 { cuts.append(Cut(number: cuts.count, samples: start..<samples.endIndex, cost: cost)) }
    return cuts
  }

  /// Rows below which a micro-batch costs more than its arithmetic: each goes over the whole item table.
  private static let smallest = 256.0
}
