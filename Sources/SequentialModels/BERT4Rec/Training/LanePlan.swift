/// How a step's samples are cut into micro-batches and dealt to lanes: by rows and cost, never by threads.
struct LanePlan: Sendable {
  struct Cut: Sendable {
    /// The micro-batch's number within the step.
    let number: Int
    let samples: Range<Int>
    let cost: Int
  }

  let lanes: [[Cut]]

  /// Consecutive samples up to `rows` rows make a micro-batch; the costliest goes first, to the lane with least to do.
  init(_ samples: ArraySlice<TrainingSample>, builder: SampleBuilder, rows: Int, lanes count: Int) {
    var cuts: [Cut] = []
    var start = samples.startIndex
    var filled = 0
    var cost = 0
    for index in samples.indices {
      let more = builder.rowCount(samples[index])
      precondition(more <= rows, "a sequence of \(more) rows in micro-batches of \(rows)")
      if filled + more > rows {
        cuts.append(Cut(number: cuts.count, samples: start..<index, cost: cost))
        (start, filled, cost) = (index, 0, 0)
      }
      filled += more
      cost += more * (1_000 + more)
    }
    if filled > 0 { cuts.append(Cut(number: cuts.count, samples: start..<samples.endIndex, cost: cost)) }
    var dealt = [[Cut]](repeating: [], count: count)
    var load = [Int](repeating: 0, count: count)
    for cut in cuts.sorted(by: { ($0.cost, $1.number) > ($1.cost, $0.number) }) {
      let lane = load.indices.min { (load[$0], $0) < (load[$1], $1) }!
      dealt[lane].append(cut)
      load[lane] += cut.cost
    }
    lanes = dealt
  }
}
