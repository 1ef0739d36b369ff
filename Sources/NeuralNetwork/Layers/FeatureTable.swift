import Kernels

/// What is known of a vocabulary's rows, and how often training hides what a row has of its own.
package struct ItemFeatures: Sendable, Equatable {
  /// By token; tokens that are no item have no values.
  package let rows: FeatureRows
  /// How often a step takes an item's row from its features alone, so that they learn to stand for items without events.
  package let idDropout: Double
  /// Rows of items that there is no event of to learn from, ascending: they are what their features say, and no step weighs
  /// targets against them.
  package let untrained: [Int32]

  package init(rows: FeatureRows, idDropout: Double, untrained: [Int32] = []) {
    precondition(idDropout >= 0 && idDropout < 1, "id dropout of \(idDropout)")
    precondition(
      untrained.allSatisfy { rows.isDescribed(Int($0)) }, "an item without features has nothing else to live on")
    self.rows = rows
    self.idDropout = idDropout
    self.untrained = untrained
  }
}

/// The item table and its output biases as sums: what each item has of its own, and the mean of what its features say.
///
///     table[i] = kept · own[i] + Σ weight · values[value]      bias likewise
///
/// The sums are tensors of their own in the parameters, made once per step, so that inputs, outputs and everything that reads
/// a model see one table. The gradient of the table is summed where that of `own` stands, and divided up once per step.
package struct FeatureTable: Sendable {
  /// What the names of its tensors begin with.
  package static let tensorPrefix = "cloze.item_features."

  package let features: ItemFeatures
  /// What each item has of its own: trained.
  package let own, ownBias: ParameterTensor
  /// `[values, hidden]` and `[values, 1]`: trained.
  package let values, valueBias: ParameterTensor
  /// The sums.
  package let table, bias: ParameterTensor
  private let all: [Int32]
  /// By row; 0 for what is untrained.
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
    self.everKept = everKept
    values = layout.add("\(Self.tensorPrefix)values.weight", [features.rows.valueCount, own.columns])
    valueBias = layout.add("\(Self.tensorPrefix)values.bias", [features.rows.valueCount])
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
      let isHidden = features.rows.isDescribed(Int(row)) && random.uniform(UInt64(row)) < features.idDropout
      return isHidden ? 0 : everKept[Int(row)]
    }
    return Draw(rows: rows, kept: kept, isTraining: true)
  }

  /// Makes the drawn rows of the table and its bias.
  package func forward(_ draw: Draw, parameters p: ParameterVector, workers: Workers) {
    let (table, rows) = (self, features.rows)
    let share = 1_024
    workers.run((draw.rows.count + share - 1) / share) { part in
      let range = part * share..<min(draw.rows.count, (part + 1) * share)
      let (own, values, output) = (p[table.own], p[table.values], p[table.table])
      FeatureSum.forward(
        own: own, values: values, features: rows, rows: draw.rows[range], kept: draw.kept[range], output: output)
      FeatureSum.forward(
        own: column(p, table.ownBias), values: column(p, table.valueBias), features: rows, rows: draw.rows[range],
        kept: draw.kept[range], output: column(p, table.bias))
    }
    if draw.isTraining {
      for row in features.untrained { p[bias][0, Int(row)] = Self.hidden }
    }
  }

  /// The bias that keeps an untrained item out of a softmax: its exponential is nothing.
  private static let hidden: Float = -1e9

  /// Divides up the gradient of the drawn rows, which stands in that of `own`: the values' gradients accumulate.
  package func backward(_ draw: Draw, gradients g: ParameterVector) {
    FeatureSum.backward(
      gradient: g[own], valueGradient: g[values], features: features.rows, rows: draw.rows[...], kept: draw.kept[...])
    FeatureSum.backward(
      gradient: column(g, ownBias), valueGradient: column(g, valueBias), features: features.rows, rows: draw.rows[...],
      kept: draw.kept[...])
  }

  private func column(_ vector: ParameterVector, _ tensor: ParameterTensor) -> Matrix {
    vector[tensor].reshaped(rows: tensor.count, columns: 1)
  }
}
