import Kernels
import NeuralNetwork
import TestSupport

/// The encoder written once more in scalars, all rows at once, over tensors by name.
struct EncoderReference {
  let configuration: EncoderConfiguration
  let layout: ParameterLayout
  let rows: PackedRows
  let seed: UInt64
  let step: UInt64
  let rowBase: Int

  func dropout(_ probability: Float, purpose: UInt64) -> Dropout {
    if probability == 0 { return .none }
    return Dropout(
      probability: probability,
      key: CounterRandom(seed: seed, purpose: RandomStream.dropout.rawValue + purpose, step: step).key)
  }

  /// The last hidden states of the query rows; `tensors` in the order of the layout.
  func callAsFunction<S: Scalar>(_ tensors: [Grid<S>]) -> Grid<S> {
    func tensor(_ name: String) -> Grid<S> { tensors[layout.tensors.firstIndex { $0.name == name }!] }
    func dense(_ x: Grid<S>, _ name: String) -> Grid<S> {
      Reference.biased(
        Reference.product(x, Reference.transposed(tensor(name + ".weight"))), tensor(name + ".bias"))
    }
    func normalized(_ x: Grid<S>, _ name: String) -> Grid<S> {
      Reference.layerNormalization(
        x, scale: tensor(name + ".weight"), shift: tensor(name + ".bias"), epsilon: configuration.epsilon)
    }
    func only(_ x: Grid<S>, _ chosen: [Int32]) -> Grid<S> {
      Grid(chosen.count, x.columns) { x[Int(chosen[$0]), $1] }
    }
    let words = tensor("embeddings.word_embeddings.weight")
    let places = tensor("embeddings.position_embeddings.weight")
    let types = tensor("embeddings.token_type_embeddings.weight")
    var hidden = Grid<S>(rows.count, configuration.hidden) { row, column in
      words[Int(rows.tokens[row]), column] + places[Int(rows.positions[row]), column]
        + types[Int(rows.segments[row]), column]
    }
    hidden = Reference.dropped(
      normalized(hidden, "embeddings.LayerNorm"), dropout(configuration.dropout, purpose: 0), rowBase: rowBase)
    for layer in 0..<configuration.layers {
      let name = "encoder.layer.\(layer)"
      let queryRows = layer == configuration.layers - 1 ? rows.queryRows : nil
      let queries = queryRows ?? (0..<Int32(rows.count)).map { $0 }
      let residual = only(hidden, queries)
      let plan = plan(queries)
      let attended = Reference.attention(
        queries: dense(residual, "\(name).attention.self.query"), keys: dense(hidden, "\(name).attention.self.key"),
        values: dense(hidden, "\(name).attention.self.value"), heads: configuration.heads, plan: plan,
        dropout: dropout(configuration.attentionDropout, purpose: UInt64(layer) * 4 + 1), rowBase: rowBase)
      let first = Reference.dropped(
        dense(attended, "\(name).attention.output.dense"),
        dropout(configuration.dropout, purpose: UInt64(layer) * 4 + 2),
        rowBase: rowBase)
      let middle = normalized(Reference.sum(residual, first), "\(name).attention.output.LayerNorm")
      let up = dense(middle, "\(name).intermediate.dense")
      let active = Grid<S>(up.rows, up.columns) { Reference.activated(up[$0, $1], configuration.activation) }
      let second = Reference.dropped(
        dense(active, "\(name).output.dense"), dropout(configuration.dropout, purpose: UInt64(layer) * 4 + 3),
        rowBase: rowBase)
      hidden = normalized(Reference.sum(middle, second), "\(name).output.LayerNorm")
    }
    return hidden
  }

  private func plan(_ queries: [Int32]) -> AttentionPlan {
    let queryOffsets = rows.offsets.map { bound in Int32(queries.count { $0 < bound }) }
    return AttentionPlan(
      keyOffsets: rows.offsets, queryOffsets: queryOffsets, prefixLengths: queries.map { rows.prefixLengths[Int($0)] },
      queryPositions: queries.map { rows.queryPositions[Int($0)] })
  }
}
