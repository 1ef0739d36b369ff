import Kernels

/// What is known of a vocabulary's rows, and how often training hides what a row has of its own.
package struct ItemFeatures: Sendable {
  /// By token; tokens that are no item have no values.
  package let rows: FeatureRows
  /// By token, `[tokens, width]`, zeros where a token has none; nil where no item has one.
  package let vectors: Matrix?
  /// How often a step takes an item's row from its features alone, so that they learn to stand for items without events;
  /// 1 where nothing else is ever read of an item that has features.
  package let idDropout: Double
  /// Rows of items that there is no event of to learn from, ascending: they are what their features say, and no step weighs
  /// targets against them.
  package let untrained: [Int32]
  /// Factors on the learning rate of what values say, and of what vectors say.
  package let rate, vectorRate: Double
  private let hasVector: [Bool]

  package init(
    rows: FeatureRows, vectors: Matrix? = nil, idDropout: Double, untrained: [Int32] = [], rate: Double = 1,
    vectorRate: Double = 1
  ) {
    precondition(idDropout >= 0 && idDropout <= 1, "id dropout of \(idDropout)")
    if let vectors { precondition(vectors.rows == rows.count, "\(vectors.rows) vectors for \(rows.count) rows") }
    self.rows = rows
    self.vectors = vectors
    self.idDropout = idDropout
    self.untrained = untrained
    (self.rate, self.vectorRate) = (rate, vectorRate)
    hasVector = vectors.map { all in (0..<all.rows).map { all.rows($0..<$0 + 1).values.contains { $0 != 0 } } } ?? []
    precondition(
      untrained.allSatisfy { isDescribed(Int($0)) }, "an item without features has nothing else to live on")
  }

  /// Whether anything but its id is known of `row`.
  package func isDescribed(_ row: Int) -> Bool { rows.isDescribed(row) || !hasVector.isEmpty && hasVector[row] }
}

/// The item table and its output biases as sums: what each item has of its own, and the mean of what its features say.
///
///     table[i] = kept · own[i] + Σ weight · values[value] + vectors[i] · map      bias likewise
///
/// The sums are tensors of their own in the parameters, made once per step, so that inputs, outputs and everything that reads
/// a model see one table. The gradient of the table is summed where that of `own` stands, and divided up once per step.
package struct FeatureTable: Sendable {
  /// What the names of its tensors begin with.
  package static let tensorPrefix = "cloze.item_features."
  /// What those begin with that turn vectors into rows.
  package static let mapPrefix = "cloze.item_features.vectors."

  package let features: ItemFeatures
  /// What each item has of its own: trained.
  package let own, ownBias: ParameterTensor
  /// `[values, hidden]` and `[values]`: trained; nil where vectors are all that is known.
  package let values, valueBias: ParameterTensor?
  /// `[width, hidden]` and `[width]`: trained; nil without vectors.
  package let map, mapBias: ParameterTensor?
  /// The sums.
  package let table, bias: ParameterTensor
  private let all: [Int32]
  /// By row; 0 for what is untrained, and for what features alone make.
  private let everKept: [Float]

  package init(
    _ layout: inout ParameterLayout, _ features: ItemFeatures, own: ParameterTensor, ownBias: ParameterTensor
  ) {
    precondition(features.rows.count == own.rows, "features of \(features.rows.count) rows for a table of \(own.rows)")
    self.features = features
    (self.own, self.ownBias) = (own, ownBias)
    all = Array(0..<Int32(own.rows))
    var everKept = [Float](repeating: 1, count: own.rows)
    for row in features.untrained { everKept[Int(row)] = 0 }
    if features.idDropout == 1 {
      for row in everKept.indices where features.isDescribed(row) { everKept[row] = 0 }
    }
    self.everKept = everKept
    let count = features.rows.valueCount
    values = count == 0 ? nil : layout.add("\(Self.tensorPrefix)values.weight", [count, own.columns])
    valueBias = count == 0 ? nil : layout.add("\(Self.tensorPrefix)values.bias", [count])
    let width = features.vectors?.columns
    map = width.map { layout.add("\(Self.mapPrefix)weight", [$0, own.columns]) }
    mapBias = width.map { layout.add("\(Self.mapPrefix)bias", [$0]) }
    table = layout.addSum("\(Self.tensorPrefix)table.weight", own.shape)
    bias = layout.addSum("\(Self.tensorPrefix)table.bias", ownBias.shape)
  }

  /// The rows of a step and which of them keep what they have of their own.
  package struct Draw: Sendable {
    let rows: [Int32]
    let kept: [Float]
    let isTraining: Bool
  }

  /// What a step looks at: `rows`, or all of them; hidden is what `random` says, of items that have features.
  package func draw(_ rows: [Int32]? = nil, random: CounterRandom? = nil) -> Draw {
    let rows = rows ?? all
    guard let random else {
      return Draw(rows: rows, kept: rows.map { everKept[Int($0)] }, isTraining: false)
    }
    let kept = rows.map { row -> Float in
      let isHidden = features.isDescribed(Int(row)) && random.uniform(UInt64(row)) < features.idDropout
      return isHidden ? 0 : everKept[Int(row)]
    }
    return Draw(rows: rows, kept: kept, isTraining: true)
  }

  /// Makes the drawn rows of the table and its bias.
  package func forward(_ draw: Draw, parameters p: ParameterVector, workers: Workers) {
    let (table, features) = (self, features)
    let share = 1_024
    workers.run((draw.rows.count + share - 1) / share) { part in
      let range = part * share..<min(draw.rows.count, (part + 1) * share)
      let (rows, kept) = (draw.rows[range], draw.kept[range])
      func add(_ own: Matrix, _ values: Matrix, _ map: Matrix?, into output: Matrix) {
        FeatureSum.forward(
          own: own, values: values, features: features.rows, rows: rows, kept: kept, output: output)
        if let map, let vectors = features.vectors {
          VectorSum.forward(vectors: vectors, map: map, rows: rows, output: output)
        }
      }
      add(p[table.own], table.values(in: p), table.map.map { p[$0] }, into: p[table.table])
      add(
        column(p, table.ownBias), table.valueBias(in: p), table.mapBias.map { column(p, $0) },
        into: column(p, table.bias))
    }
    if draw.isTraining {
      for row in features.untrained { p[bias][0, Int(row)] = Self.hidden }
    }
  }

  /// The bias that keeps an untrained item out of a softmax: its exponential is nothing.
  private static let hidden: Float = -1e9

  /// Divides up the gradient of the drawn rows, which stands in that of `own`: those of values and map accumulate.
  package func backward(_ draw: Draw, gradients g: ParameterVector) {
    func divide(_ gradient: Matrix, _ values: Matrix, _ map: Matrix?) {
      if let map, let vectors = features.vectors {
        VectorSum.backward(gradient: gradient, vectors: vectors, rows: draw.rows[...], mapGradient: map)
      }
      FeatureSum.backward(
        gradient: gradient, valueGradient: values, features: features.rows, rows: draw.rows[...], kept: draw.kept[...])
    }
    divide(g[own], values(in: g), map.map { g[$0] })
    divide(column(g, ownBias), valueBias(in: g), mapBias.map { column(g, $0) })
  }

  /// What values say, `[values, hidden]`; no rows where there are none.
  private func values(in vector: ParameterVector) -> Matrix {
    values.map { vector[$0] } ?? Matrix(rows: 0, columns: own.columns)
  }

  private func valueBias(in vector: ParameterVector) -> Matrix {
    valueBias.map { column(vector, $0) } ?? Matrix(rows: 0, columns: 1)
  }

  private func column(_ vector: ParameterVector, _ tensor: ParameterTensor) -> Matrix {
    vector[tensor].reshaped(rows: tensor.count, columns: 1)
  }
}
